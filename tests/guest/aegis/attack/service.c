/*
 * Serves the host's fuzzer through page 1500: word 0 command, 0 when it is done. 1: brings every attacker to life that
 * is dead or asked for in the bits of word 1; word 8 + n is its envid then. 2: the end. While there is no command the
 * parent stays away from the processor.
 */
#include "attack.h"

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
    attacker[n] = attack_start(child_fuzz, BATCH_PAGE(n), BATCH_PAGES);
    aegis_slice_set(2 + 16 * n, attacker[n]);
    aegis_slice_set(10 + 16 * n, attacker[n]);
    aegis_derive((const struct aegis_capability *)&word[16], 3, &cap);
    aegis_bind(&cap, attacker[n]);
    aegis_bind(line_capability(2 + n), attacker[n]);
    word[8 + n] = attacker[n];
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
    for (uint32_t n = 0; n < ATTACKER_COUNT; n++)
        for (uint32_t i = 0; i < BATCH_PAGES; i++)
            show(24 + n, BATCH_PAGE(n))[i] = 0;
    word[3] = 0x5e71ce;
    for (;;) {
        while (word[0] == 0)
            yield_to(0);
        if (word[0] == 2)
            return;
        UPAGE->pending = 0;
        for (uint32_t n = 0; n < ATTACKER_COUNT; n++)
            renew(n, word);
        word[0] = 0;
    }
}
