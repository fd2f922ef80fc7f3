/*
 * Serves the host's fuzzer through page 1500: word 0 command, 0 when it is done. 1: brings every
 * attacker to life that is dead or asked for in the bits of word 1; word 8 + n is its envid then;
 * takes back what attackers left behind or forced on the parent. 2: the end. 3: asks attacker word 1
 * for word 5 resources of kind word 4. Before either the attackers lose their ASIDs. While there is
 * no command the parent stays away from the processor.
 */
#include "attack.h"

#define PAGES 2048u
#define RECORDS_PER_PAGE (AEGIS_PAGE_SIZE / SIZEOF_PAGE)
static uint8_t is_own[PAGES];

static void renew(uint32_t n, volatile uint32_t *word)
{
    const volatile struct aegis_env *env = exported_env(attacker[n]);
    struct aegis_capability cap;
    if (attacker[n] != 0 && env->id == attacker[n]) {
        if (env->state != AEGIS_ENV_DEAD && !(word[1] & 1u << n))
            return;
        if (env->state != AEGIS_ENV_DEAD)
            aegis_env_destroy(attacker[n], 0);
        aegis_env_reap(attacker[n]);
    }
    for (uint32_t i = 0; i < BATCH_PAGES; i++) /* whatever was made of them */
        aegis_recap(AEGIS_KIND_PAGE, BATCH_PAGE(n) + i, 0);
    show(24 + n, BATCH_PAGE(n))[0] = 0;
    AT(24 + n)[1] = 0;
    attacker[n] = attack_start(child_fuzz, BATCH_PAGE(n), BATCH_PAGES);
    aegis_slice_set(2 + 16 * n, attacker[n]);
    aegis_slice_set(10 + 16 * n, attacker[n]);
    aegis_derive((const struct aegis_capability *)&word[16], 3, &cap);
    aegis_bind(&cap, attacker[n]);
    aegis_bind(line_capability(2 + n), attacker[n]);
    word[8 + n] = attacker[n];
}

/* Children of the dead, which nobody else controls, and gifts. */
static void clean_up(void)
{
    const volatile struct aegis_env *env = exported_env(0);
    for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++) {
        uint32_t id = env[slot].id, parent = env[slot].parent;
        const volatile struct aegis_env *of = &env[parent % AEGIS_ENV_COUNT];
        if (id == 0 || parent == 0 || (of->id == parent && of->state != AEGIS_ENV_DEAD))
            continue;
        if (env[slot].state != AEGIS_ENV_DEAD)
            aegis_env_destroy(id, 0);
        aegis_env_reap(id);
    }
    for (uint32_t i = 0; i < AEGIS_SLICE_COUNT; i++)
        if (i % 8 != 0)
            aegis_slice_free(i); /* refused where it is another's */
    for (uint32_t page = 0; page < PAGES; page += RECORDS_PER_PAGE) {
        const volatile struct aegis_page *record = exported_page(page);
        for (uint32_t i = 0; i < RECORDS_PER_PAGE; i++)
            if (!is_own[page + i] && record[i].owner == BOOT->envid)
                aegis_page_free(page + i);
    }
}

void serve_fuzzer(void)
{
    volatile uint32_t *word;
    struct aegis_capability cap;
    aegis_page_alloc(SERVICE_PAGE, 0);
    word = show(29, SERVICE_PAGE);
    aegis_extent_create(0, 1000, 500, &cap);
    for (uint32_t i = 0; i < 4; i++)
        word[16 + i] = ((const uint32_t *)&cap)[i];
    for (uint32_t page = 0; page < PAGES; page++)
        is_own[page] = exported_page(page)->owner == BOOT->envid;
    contexts_take(AEGIS_ASID_COUNT);
    word[3] = 0x5e71ce;
    for (;;) {
        while (word[0] == 0)
            yield_to(0);
        if (word[0] == 2)
            return;
        UPAGE->pending = 0;
        contexts_cycle();
        if (word[0] == 1) {
            clean_up();
            for (uint32_t n = 0; n < ATTACKER_COUNT; n++)
                renew(n, word);
        } else if (word[0] == 4) { /* as if it had submitted itself to its neighbour */
            struct aegis_capability control;
            aegis_mint(AEGIS_KIND_ENV, attacker[word[1] % ATTACKER_COUNT] % AEGIS_ENV_COUNT,
                       AEGIS_RIGHT_CONTROL, &control);
            aegis_bind(&control, attacker[(word[1] + 1) % ATTACKER_COUNT]);
        } else {
            aegis_revoke(attacker[word[1] % ATTACKER_COUNT], word[4], word[5],
                         attacker[(word[1] + 1) % ATTACKER_COUNT]);
        }
        word[0] = 0;
    }
}
