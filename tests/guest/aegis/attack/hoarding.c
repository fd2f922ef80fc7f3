/* Hoarding: of pages, environments, disk queue, extents, filters and handlers; the others' share stays theirs. */
#include "attack.h"

static void attack_records(void)
{
    uint32_t i, made = 0, answer;
    struct aegis_capability cap;
    for (i = 0; i < 2 * AEGIS_ENV_COUNT; i++) {
        answer = attack(0, AEGIS_CALL_ENV_CREATE, 0, 0, 0, 0, 0);
        if (answer >= 0x80000000)
            break;
        made++;
        ATTACK3(0, AEGIS_CALL_ENV_DESTROY, answer, 0, 0);
    }
    ok(made == AEGIS_CHILD_QUOTA && answer == REFUSED(E_QUOTA),
       "destroyed environments count until they are reaped");
    answer = (uint32_t)aegis_env_create(&cap);
    ok(answer < 0x80000000, "so that others find a record");
    aegis_env_destroy(answer, 0);
    aegis_env_reap(answer);
}

static void attack_memory(void)
{
    const volatile struct aegis_header *header = exported_header();
    uint32_t before = header->free_count, i;
    for (i = 0; i < before; i++)
        if (attack(1, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0) == REFUSED(E_NONE))
            break;
    ok(header->free_count == 0 && aegis_page_alloc(AEGIS_ANY, 0) == -E_NONE,
       "an attacker takes all free memory");
    ok(exported_page(PEACE_PAGE)->owner == BOOT->envid, "but none that is another's");
    aegis_revoke(attacker[1], AEGIS_KIND_PAGE, 100, 0);
    let_pass(40);
    ok(header->free_count >= 100, "and the machine's owner has it back, asked for in vain or not");
    aegis_env_destroy(attacker[1], 0);
    child_wait(attacker[1]);
    attacker[1] = 0;
    ok(header->free_count >= before, "all of it when the attacker dies");
}

/* Attacker 3 may own ten pages more than it does, and asks, gives and creates for an eleventh. */
static void attack_limit(void)
{
    const volatile struct aegis_env *one = exported_env(attacker[3]), *child;
    uint32_t before = one->page_count, taken, made, answer, page = 0;
    ok(ATTACK3(3, AEGIS_CALL_ENV_SET, 0, AEGIS_FIELD_PAGE_LIMIT, AEGIS_ANY) == REFUSED(E_RIGHTS) &&
           aegis_env_set(attacker[3], AEGIS_FIELD_PAGE_LIMIT, before - 1, 0) == -E_RANGE &&
           aegis_env_set(attacker[3], AEGIS_FIELD_PAGE_LIMIT, before + 10, 0) == 0,
       "who controls an environment limits its pages, and it cannot itself");
    made = attack(3, AEGIS_CALL_ENV_CREATE, 0, 0, 0, 0, 0);
    child = exported_env(made);
    ok(child->page_limit == 0 &&
           ATTACK3(3, AEGIS_CALL_ENV_SET, made, AEGIS_FIELD_PAGE_LIMIT, 11) == REFUSED(E_QUOTA) &&
           ATTACK3(3, AEGIS_CALL_ENV_SET, made, AEGIS_FIELD_PAGE_LIMIT, AEGIS_ANY) ==
               REFUSED(E_QUOTA) &&
           ATTACK3(3, AEGIS_CALL_ENV_SET, made, AEGIS_FIELD_PAGE_LIMIT, 4) == 0 &&
           child->page_limit == 4 && one->page_limit == before + 6,
       "what it creates has none but out of its own");
    for (taken = 0; taken < 100; taken++) {
        answer = attack(3, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0);
        if (answer >= 0x80000000)
            break;
        page = answer;
    }
    ok(taken == 6 &&
           attack(3, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0) == REFUSED(E_QUOTA),
       "the rest it takes itself, and no more");
    ok(ATTACK3(3, AEGIS_CALL_PAGE_GIVE, page, made, 0) == 0 && child->page_limit == 5 &&
           attack(3, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0) == REFUSED(E_QUOTA),
       "nor by giving pages away");
    ok(ATTACK3(3, AEGIS_CALL_ENV_DESTROY, made, 0, 0) == 0 && one->page_limit == before + 10 &&
           attack(3, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0) < 0x80000000,
       "what it handed down comes back");
    ok(aegis_page_alloc(1700, 0) == 1700 && aegis_page_give(1700, attacker[3]) == 0 &&
           one->page_limit == before + 11,
       "a gift takes no room");
    aegis_env_set(attacker[3], AEGIS_FIELD_PAGE_LIMIT, AEGIS_ANY, 0);
}

static void attack_disk(void)
{
    struct aegis_capability cap;
    uint32_t extent = (uint32_t)aegis_extent_create(0, 500, 64, &cap), i, queued = 0, full = 0;
    uint32_t page = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0);
    volatile uint32_t *done = show(28, page) + 512;
    aegis_bind(&cap, attacker[2]);
    for (i = 0; i < BATCH_ROOM; i++)
        batch_put(2, i, AEGIS_CALL_DISK_READ, extent, i, (BATCH_PAGE(2) + 2) * 4096, 4,
                  (BATCH_PAGE(2) + 3) * 4096);
    *done = 0;
    batch_run(2, BATCH_ROOM);
    for (i = 0; i < BATCH_ROOM; i++) {
        queued += batch_record(2, i)[9] == 0;
        full += batch_record(2, i)[9] == REFUSED(E_AGAIN);
    }
    ok(queued >= 4 && full > 0, "an attacker fills the disk's queue");
    ok(aegis_disk_read(extent, 0, page * 4096, 1, (page * 4096) + 2048) == 0,
       "but not to the last place");
    for (i = 0; i < 100 && *done == 0; i++)
        let_pass(1);
    ok(*done == 1, "and others are served");
    for (i = queued = 0; i < AEGIS_EXTENT_COUNT; i++)
        queued += attack(2, AEGIS_CALL_EXTENT_CREATE, 0, 500 + i, 1, 0, 0) < AEGIS_EXTENT_COUNT;
    ok(queued == AEGIS_EXTENT_QUOTA && aegis_extent_create(0, 0, 1, &cap) >= 0,
       "nobody has more extents than its quota");
    aegis_extent_free(cap.name & 0xffffff);
    let_pass(2);
    aegis_extent_free(extent);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 28, 0, 0);
    aegis_page_free(page);
}

/* Everybody may be made to own what somebody gives; it must be able to get rid of it. */
static void attack_gifts(void)
{
    uint32_t page, i, slices = exported_env(attacker[3])->slice_count;
    for (i = 0; i < 40; i++) {
        page = attack(2, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0);
        ATTACK3(2, AEGIS_CALL_PAGE_GIVE, page, attacker[3], 0);
    }
    ok(ATTACK3(3, AEGIS_CALL_PAGE_FREE, page, 0, 0) == 0, "who was given a page may free it");
    i = ATTACK3(2, AEGIS_CALL_SLICE_ALLOC, AEGIS_ANY, 0, 0);
    ATTACK3(2, AEGIS_CALL_SLICE_GIVE, i, attacker[3], 0);
    ok(exported_env(attacker[3])->slice_count == slices + 1 &&
           ATTACK3(3, AEGIS_CALL_SLICE_FREE, i, 0, 0) == 0,
       "and who was given a slice, the slice");
}

void attack_hoarding(void)
{
    attackers_start(4);
    attack_records();
    attack_memory();
    attack_disk();
    attack_gifts();
    attack_limit();
}
