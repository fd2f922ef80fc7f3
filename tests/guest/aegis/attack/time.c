/* Theft of time, and revocation that is put off: by being away, by having no time, by long calls. */
#include "attack.h"

static uint32_t owned_slices(uint32_t envid)
{
    return exported_env(envid)->slice_count;
}

/* Ticks that the environment had while `ticks` passed. */
static uint32_t share_of(uint32_t envid, uint32_t ticks)
{
    uint32_t before = exported_env(envid)->tick_count;
    let_pass(ticks);
    return exported_env(envid)->tick_count - before;
}

static void attack_slices(void)
{
    uint32_t i, got = 0, before;
    for (i = 0; i < 16; i++)
        got += ATTACK3(0, AEGIS_CALL_SLICE_ALLOC, AEGIS_ANY, 0, 0) < AEGIS_SLICE_COUNT;
    ok(owned_slices(attacker[0]) == AEGIS_SLICE_QUOTA && got == AEGIS_SLICE_QUOTA - 1,
       "nobody allocates more slices than its quota");
    ok(ATTACK3(0, AEGIS_CALL_SLICE_ALLOC, 2, 0, 0) == REFUSED(E_QUOTA), "by name neither");
    /* Two that call each other without end, each on the slices of both. */
    before = share_of(bystander, 128);
    for (i = 0; i < BATCH_ROOM; i++) {
        batch_put(0, i, AEGIS_CALL_SCALL, attacker[1], 0, 0, 0, 0);
        batch_put(1, i, AEGIS_CALL_SCALL, attacker[0], 0, 0, 0, 0);
    }
    AT(25)[0] = 0;
    AT(25)[1] = BATCH_ROOM;
    batch_run(0, BATCH_ROOM);
    ok(before >= 1 && share_of(bystander, 128) + 1 >= before,
       "accomplices that hand each other the processor do not get the bystander's");
}

/*
 * The position before the bystander's is an attacker's, who gives it back just before the tick: what
 * is left of the tick must not be all that the bystander gets.
 */
static void attack_remainder(void)
{
    const volatile struct aegis_header *header = exported_header();
    uint32_t alone = PEACE[0], under, ticks, i;
    let_pass(64);
    alone = PEACE[0] - alone;
    for (i = 0; i + 4 <= BATCH_ROOM; i += 4) { /* nine tenths of a tick; the last flush is shorter */
        for (uint32_t j = 0; j < 3; j++)
            batch_put(0, i + j, AEGIS_CALL_CACHE_FLUSH, BATCH_PAGE(0) * AEGIS_PAGE_SIZE,
                      AEGIS_FLUSH_MAX - (j == 2 ? 4096 : 0), 0, 0, 0);
        batch_put(0, i + 3, AEGIS_CALL_YIELD, 0, 0, 0, 0, 0);
    }
    AT(24)[0] = 0;
    AT(24)[1] = BATCH_ROOM;
    under = PEACE[0];
    ticks = header->tick_count;
    for (i = 0; AT(24)[0] < BATCH_ROOM && i < 1000; i++)
        yield_to(0);
    under = PEACE[0] - under;
    ticks = header->tick_count - ticks;
    ok(AT(24)[0] == BATCH_ROOM && under > alone * ticks / 64 / 3,
       "who gives up its slice just before the tick does not take the next one's");
}

/* An environment that gave its slices away for good is asked for its pages. */
static void attack_away(void)
{
    uint32_t pages[4], i, had, left;
    for (i = 0; i < 4; i++)
        pages[i] = attack(2, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0);
    ATTACK3(2, AEGIS_CALL_SCALL, attacker[3], 0, 0); /* which does not answer */
    ok(exported_env(attacker[2])->state == AEGIS_ENV_RUNNING, "an attacker is away");
    had = exported_env(attacker[2])->page_count;
    ok(aegis_revoke(attacker[2], AEGIS_KIND_PAGE, 4, 0) == 0, "and is asked for its pages");
    let_pass(3 * AEGIS_SLICE_COUNT);
    for (i = left = 0; i < 4; i++)
        left += exported_page(pages[i])->owner == attacker[2];
    ok(left == 0 && exported_env(attacker[2])->page_count == had - 4,
       "being away does not keep them: who gets no time for two rounds has had its time");
    attackers_stop();
    attackers_start(4);
    pages[0] = attack(2, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0);
    for (i = 0; i < AEGIS_SLICE_COUNT; i++)
        ATTACK3(2, AEGIS_CALL_SLICE_FREE, i, 0, 0);
    ok(owned_slices(attacker[2]) == 0, "another gives all its slices back");
    aegis_revoke(attacker[2], AEGIS_KIND_PAGE, 1, 0);
    let_pass(3 * AEGIS_SLICE_COUNT);
    ok(exported_page(pages[0])->owner != attacker[2], "which does not help either");
    aegis_revoke(attacker[2], AEGIS_KIND_ENV, 1, attacker[3]);
    let_pass(3 * AEGIS_SLICE_COUNT);
    ok(child_wait(attacker[2]) == AEGIS_REASON_REVOKED,
       "nor against an emergency, which it does not survive");
    attacker[2] = 0;
    attackers_stop();
    attackers_start(4);
}

static void await_end_of_demand(uint32_t envid)
{
    for (uint32_t i = 0; i < 200 && exported_env(envid)->revoke_count > 0; i++)
        let_pass(1);
}

/* Bindings that are given up are an answer; those that one only pretends to give up are not. */
static void attack_answers(void)
{
    struct aegis_capability cap;
    uint32_t filter, extent;
    aegis_extent_create(0, 300, 16, &cap);
    aegis_bind(&cap, attacker[2]);
    extent = attack(2, AEGIS_CALL_EXTENT_CREATE, 0, 300, 8, 0, 0);
    aegis_revoke(attacker[2], AEGIS_KIND_EXTENT, 2, 0);
    ok(ATTACK3(2, AEGIS_CALL_UNBIND, AEGIS_KIND_EXTENT, extent, 0) == REFUSED(E_BUSY) &&
           exported_env(attacker[2])->revoke_count == 2,
       "an owner does not answer for an extent by closing its eyes to it");
    await_end_of_demand(attacker[2]);
    filter = attack(2, AEGIS_CALL_FILTER_INSTALL, (BATCH_PAGE(2) + 2) * 4096, 0, 0, 0, 0);
    aegis_revoke(attacker[2], AEGIS_KIND_FILTER, 1, 0);
    ok(ATTACK3(2, AEGIS_CALL_UNBIND, AEGIS_KIND_FILTER, filter, 0) == REFUSED(E_BUSY) &&
           exported_env(attacker[2])->revoke_count == 1,
       "nor for a packet filter");
    await_end_of_demand(attacker[2]);
    ok(exported_env(attacker[2])->revoke_count == 0 &&
           ATTACK3(2, AEGIS_CALL_FILTER_REMOVE, filter, 0, 0) != 0,
       "they are taken in the end");
    aegis_extent_free(cap.name & 0xffffff);
}

/* A server that ends on a slice that its caller gave it, while it has one of its own behind that. */
static void attack_ending(void)
{
    const volatile struct aegis_slices *table;
    uint32_t mine, at = 2;
    aegis_env_set(attacker[1], AEGIS_FIELD_SCALL, child_pc(child_exit), 0);
    batch_put(0, 0, AEGIS_CALL_SCALL, attacker[1], 0, 0, 0, 0);
    AT(24)[0] = 0;
    AT(24)[1] = 1;
    let_pass(2 * AEGIS_SLICE_COUNT); /* on its own slice, not on one that is lent */
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 22, AEGIS_EXPORT_SLICES | VALID, 0);
    table = (const volatile struct aegis_slices *)AT(22);
    mine = exported_env(attacker[0])->dispatch_count;
    ok(child_wait(attacker[1]) == AEGIS_REASON_EXIT && table->owner[at] == attacker[0] &&
           table->runner[at] == attacker[0],
       "the slice of one whose callee ended on it is its own again");
    let_pass(2 * AEGIS_SLICE_COUNT);
    ok(exported_env(attacker[0])->dispatch_count > mine, "and it runs on it");
    attacker[1] = 0;
    attackers_stop();
    attackers_start(4);
}

/* The repossessed page is to be written over another's block: the list is the attacker's, the right is not. */
static void attack_backing(void)
{
    struct aegis_capability cap, weak;
    uint32_t page = attack(1, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0), i, bad = 0;
    uint32_t mine = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0);
    volatile uint32_t *data = show(28, mine);
    int32_t extent = aegis_extent_create(0, 300, 16, &cap);
    aegis_derive(&cap, AEGIS_RIGHT_READ, &weak);
    aegis_bind(&weak, attacker[1]);
    for (i = 0; i < 8; i++) {
        static const uint32_t sector[] = {0, 8, 9, 0xfffffff8, 0xffffffff, 0x80000000, 1, 0};
        uint32_t at = 0x7f000000 + OFFSET_UPAGE_BACKING + 8 * i;
        uint32_t named = i < 7 ? (uint32_t)extent : i * 0x01010101;
        ATTACK3(1, DO_STORE, at, AEGIS_BACKING_READY | named, 0);
        ATTACK3(1, DO_STORE, at + 4, sector[i], 0);
    }
    aegis_revoke(attacker[1], AEGIS_KIND_PAGE, 1, 0);
    for (i = 0; i < 100 && exported_page(page)->owner == attacker[1]; i++)
        let_pass(1);
    ok(exported_page(page)->owner != attacker[1], "a page is taken from one that names a place");
    data[1023] = 0;
    aegis_disk_read((uint32_t)extent, 0, mine * 4096, 8, mine * 4096);
    for (i = 0; i < 40 && data[1023] == 0; i++)
        let_pass(1);
    for (i = 1; i < 1024; i++)
        bad += data[i] != 300 * 128 + i;
    ok(bad == 0, "but nothing is written to a place that it may not write");
    let_pass(2);
    aegis_extent_free((uint32_t)extent);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 28, 0, 0);
    aegis_page_free(mine);
}

/* The host checks that no tick is lost meanwhile. */
static void attack_long_calls(void)
{
    const volatile struct aegis_header *header = exported_header();
    uint32_t first = 0, count = 0, page, i, before;
    struct aegis_capability cap;
    for (i = 0; i < 400; i++) {
        page = attack(0, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0);
        cap = attack_result(0);
        attack_with(1, AEGIS_CALL_BIND, &cap, 0);
        ATTACK3(0, AEGIS_CALL_TLB_WRITE, 0x20000000, page << 12 | VALID, 0);
        ATTACK3(0, AEGIS_CALL_TLB_WRITE, 0x20001000, page << 12 | VALID, 0);
        ATTACK3(1, AEGIS_CALL_TLB_WRITE, 0x20000000, page << 12 | VALID, 0);
        if (i >= 8 && i < 56)
            ATTACK3(1, AEGIS_CALL_ENV_SET, 0, AEGIS_FIELD_GUARANTEED + i, page << 12 | VALID);
        if (count == 0 || page != first + count) {
            first = page;
            count = 0;
        }
        count++;
    }
    ok(count > 100, "an attacker has many pages in a row, each mapped in three places");
    ok(ATTACK3(0, AEGIS_CALL_CACHE_FLUSH, first * 4096, count * 4096, 0) == REFUSED(E_RANGE) &&
           ATTACK3(0, AEGIS_CALL_CACHE_FLUSH, first * 4096, AEGIS_FLUSH_MAX, 0) == 0,
       "it cannot have more flushed in one call than a third of a tick takes");
    before = header->free_count;
    aegis_env_destroy(attacker[0], 0);
    child_wait(attacker[0]);
    attacker[0] = 0;
    ok(header->free_count >= before + 400, "it dies with them");
    for (i = 0; i < 3; i++)
        ok(ATTACK3(1, DO_LOAD, 0x20000000 + i * 4096, 0, 0) == FAULT(EXC_TLBL),
           "and its accomplice has none of them");
}

/* All packet filters that there may be, with nothing in common, and those of one are taken. The host watches the clock. */
static void attack_compiler(void)
{
    uint32_t n, k, i, installed = 0;
    for (n = 0; n < ATTACKER_COUNT; n++) {
        volatile uint32_t *word = show(28, BATCH_PAGE(n) + 2);
        for (k = 0; k < AEGIS_FILTER_QUOTA; k++) {
            for (i = 0; i < 4; i++) { /* a byte whose lower bits are the attacker's number, and three others */
                uint32_t offset = i == 0 ? 0 : 2 + 6 * k + 2 * i;
                word[4 * i] = AEGIS_ATOM_EQUAL | 1 << 8 | offset << 16;
                word[4 * i + 1] = 0x7f;
                word[4 * i + 2] = i == 0 ? n : 1 + n;
                word[4 * i + 3] = 0;
            }
            installed += attack(n, AEGIS_CALL_FILTER_INSTALL,
                                (BATCH_PAGE(n) + 2) * AEGIS_PAGE_SIZE, 4, 0, 0, 0) <
                         AEGIS_FILTER_COUNT;
        }
    }
    ok(installed == AEGIS_FILTER_COUNT, "attackers have all packet filters");
    aegis_revoke(attacker[0], AEGIS_KIND_FILTER, AEGIS_FILTER_QUOTA, 0);
    await_end_of_demand(attacker[0]);
    installed = (uint32_t)aegis_filter_install(BATCH_PAGE(3) * AEGIS_PAGE_SIZE, 0, 0, 0);
    ok(installed < AEGIS_FILTER_COUNT && aegis_filter_remove(installed) == 0,
       "those of one are taken, all at once");
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 28, 0, 0);
}

#define CHILDREN AEGIS_CHILD_QUOTA

/*
 * Its children, which never run, are bound to all pages of an attacker and pin as many as they can:
 * when it dies, each pin has to be found. The host checks that no tick is lost meanwhile.
 */
static void attack_pins(void)
{
    uint32_t child[CHILDREN], i, c, page, pinned = 0;
    struct aegis_capability cap;
    for (c = 0; c < CHILDREN; c++)
        child[c] = attack(0, AEGIS_CALL_ENV_CREATE, 0, 0, 0, 0, 0);
    for (i = 0; i < CHILDREN * AEGIS_GUARANTEED_COUNT; i++) {
        page = attack(0, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0);
        cap = attack_result(0);
        for (c = 0; c < CHILDREN; c++)
            batch_put(0, c, AEGIS_CALL_BIND, cap.name, cap.rights, cap.tag[0], cap.tag[1], child[c]);
        batch_put(0, c, AEGIS_CALL_ENV_SET, child[i / AEGIS_GUARANTEED_COUNT],
                  AEGIS_FIELD_GUARANTEED + i % AEGIS_GUARANTEED_COUNT, page << 12 | VALID, 0, 0);
        pinned += batch_run(0, c + 1) == 0;
    }
    ok(pinned == CHILDREN * AEGIS_GUARANTEED_COUNT,
       "an attacker's children pin a page of it in each of their guaranteed mappings");
    aegis_env_destroy(attacker[0], 0);
    child_wait(attacker[0]);
    attacker[0] = 0;
    for (c = pinned = 0; c < CHILDREN; c++) {
        for (i = 0; i < AEGIS_GUARANTEED_COUNT; i++)
            pinned += exported_env(child[c])->guaranteed[i] != 0;
        aegis_env_destroy(child[c], 0);
        aegis_env_reap(child[c]);
    }
    ok(pinned == 0, "when it dies they have none");
}

void attack_time(void)
{
    attackers_start(4);
    attack_ending();
    attack_remainder();
    attack_slices();
    attack_away();
    attack_answers();
    attack_backing();
    attack_long_calls();
    attackers_stop();
    attackers_start(4);
    attack_compiler();
    attackers_stop();
    attackers_start(1);
    attack_pins();
}
