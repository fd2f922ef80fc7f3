/* Stale bindings: through TLB, STLB, DMA, a reused address space identifier, and what was derived from what was recalled. */
#include "attack.h"

#define HERE 0x20755000u
#define THERE 0x20623000u
#define ELSEWHERE 0x20912000u

static void lend(uint32_t page, uint32_t rights, uint32_t envid)
{
    struct aegis_capability cap;
    aegis_mint(AEGIS_KIND_PAGE, page, rights, &cap);
    aegis_bind(&cap, envid);
}

static void attack_mappings(void)
{
    uint32_t page = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0), own, i;
    show(28, page)[0] = 4711;
    lend(page, AEGIS_RIGHT_READ, attacker[0]);
    ok(ATTACK3(0, AEGIS_CALL_TLB_WRITE, HERE, page << 12 | WRITABLE, 0) == REFUSED(E_RIGHTS) &&
           ATTACK3(0, AEGIS_CALL_ENV_SET, 0, AEGIS_FIELD_GUARANTEED + 9, page << 12 | WRITABLE) ==
               REFUSED(E_RIGHTS),
       "a capability to read makes no writable mapping, guaranteed or not");
    ATTACK3(0, AEGIS_CALL_TLB_WRITE, HERE, page << 12 | VALID, 0);
    ATTACK3(0, AEGIS_CALL_TLB_WRITE, THERE, page << 12 | VALID, 0);
    ATTACK3(0, AEGIS_CALL_ENV_SET, 0, AEGIS_FIELD_GUARANTEED + 9, page << 12 | VALID);
    ok(ATTACK3(0, DO_LOAD, HERE, 0, 0) == 4711 && ATTACK3(0, DO_LOAD, THERE, 0, 0) == 4711 &&
           ATTACK3(0, DO_LOAD, 0x7f009000, 0, 0) == 4711,
       "what it may read it reads, in three places");
    ok(ATTACK3(0, DO_STORE, HERE, 1, 0) == FAULT(1) && show(28, page)[0] == 4711,
       "and does not write");
    own = attack(0, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0);
    for (i = 0; i < 70; i++) /* out of the TLB, not out of the STLB */
        ATTACK3(0, AEGIS_CALL_TLB_WRITE, 0x21780000 + i * 4096, own << 12 | VALID, 0);
    aegis_recap(AEGIS_KIND_PAGE, page, 0);
    ok(ATTACK3(0, DO_LOAD, HERE, 0, 0) == FAULT(EXC_TLBL) &&
           ATTACK3(0, DO_LOAD, THERE, 0, 0) == FAULT(EXC_TLBL) &&
           ATTACK3(0, DO_LOAD, 0x7f009000, 0, 0) == FAULT(EXC_TLBL),
       "when the owner recalls, no mapping of it is left in TLB, STLB or guaranteed");
    ok(ATTACK3(0, AEGIS_CALL_TLB_WRITE, HERE, page << 12 | VALID, 0) == REFUSED(E_RIGHTS) &&
           ATTACK3(0, AEGIS_CALL_WAIT, page * 4096, 0, 0) == REFUSED(E_RIGHTS) &&
           ATTACK3(0, AEGIS_CALL_CACHE_FLUSH, page * 4096, 4, 0) == REFUSED(E_RIGHTS),
       "nor can it be had again");
    ok(ATTACK3(0, DO_LOAD, 0x21780000, 0, 0) == 0, "while the attacker's own are still there");
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 28, 0, 0);
    aegis_page_free(page);
}

/* One environment dies, the next has its slot, so its address space identifier. */
static void attack_spaces(void)
{
    uint32_t page = attack(1, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0), i, hits = 0;
    uint32_t first = attacker[1];
    struct aegis_capability cap = attack_result(1);
    attack_with(0, AEGIS_CALL_BIND, &cap, 0); /* the page outlives the first environment's mapping */
    for (i = 0; i < 16; i++)
        ATTACK3(1, AEGIS_CALL_TLB_WRITE, HERE + i * 4096, page << 12 | VALID, 0);
    ok(ATTACK3(1, DO_LOAD, HERE, 0, 0) == 0 && ATTACK3(0, DO_LOAD, HERE, 0, 0) == FAULT(EXC_TLBL),
       "an address of one environment means nothing in another");
    aegis_env_destroy(first, 0);
    child_wait(first);
    attacker[1] = attack_start(child_fuzz, BATCH_PAGE(1), BATCH_PAGES);
    for (i = 0; i < 16; i++)
        hits += ATTACK3(1, DO_LOAD, HERE + i * 4096, 0, 0) != FAULT(EXC_TLBL);
    ok(attacker[1] != first && attacker[1] % AEGIS_ENV_COUNT == first % AEGIS_ENV_COUNT && hits == 0,
       "the heir of an address space identifier inherits no mapping");
    /* Two that meet in one STLB entry: VPN xor ASID << 6. */
    uint32_t space = exported_env(attacker[0])->entry_hi ^ exported_env(attacker[1])->entry_hi;
    uint32_t mine = attack(0, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0);
    uint32_t other = attack(1, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0);
    show(29, BATCH_PAGE(3))[0] = 0;
    ATTACK3(0, AEGIS_CALL_TLB_WRITE, HERE, mine << 12 | WRITABLE, 0);
    ATTACK3(0, DO_STORE, HERE, 1111, 0);
    ATTACK3(1, AEGIS_CALL_TLB_WRITE, HERE ^ space << 12, other << 12 | WRITABLE, 0);
    ATTACK3(1, DO_STORE, HERE ^ space << 12, 2222, 0);
    uint32_t seen = ATTACK3(0, DO_LOAD, HERE, 0, 0); /* the STLB has lost it, perhaps the TLB too */
    ok((seen == 1111 || seen == FAULT(EXC_TLBL)) &&
           ATTACK3(0, DO_LOAD, HERE ^ space << 12, 0, 0) == FAULT(EXC_TLBL) &&
           ATTACK3(1, DO_LOAD, HERE ^ space << 12, 0, 0) == 2222,
       "two that meet in one entry of the STLB do not see each other's page");
}

/* What an ASID of one environment mapped, when it is taken from it and another has it. */
static void attack_names(void)
{
    uint32_t page = attack(0, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0), lent, old, heir, i, own;
    uint32_t first = attacker[0] % AEGIS_ENV_COUNT, hits = 0, refused = 0, first_of_other;
    for (i = own = 0; i <= AEGIS_CONTEXT_QUOTA; i++) {
        uint32_t made = attack(0, AEGIS_CALL_CONTEXT_ALLOC, 0, 0, 0, 0, 0);
        if (i < AEGIS_CONTEXT_QUOTA)
            own = made;
        refused += made == REFUSED(E_QUOTA);
    }
    ok(refused == 1 && own < AEGIS_CONTEXT_COUNT, "nobody has more contexts than the quota");
    first_of_other = attacker[1] % AEGIS_ENV_COUNT;
    const uint32_t others[] = {0, first_of_other, bystander % AEGIS_ENV_COUNT, own + 1,
                               AEGIS_CONTEXT_COUNT - 1};
    for (i = refused = 0; i < sizeof others / sizeof *others; i++) {
        refused += ATTACK3(0, AEGIS_CALL_CID_SWITCH, others[i], 0, 0) == REFUSED(E_OWNER);
        refused += ATTACK3(0, AEGIS_CALL_CONTEXT_FREE, others[i], 0, 0) == REFUSED(E_OWNER);
    }
    ok(refused == 2 * i && exported_env(attacker[0])->context == first,
       "and nobody installs or frees another's");
    /* Mapped in a context that is freed: the page of somebody who recalls it later. */
    lent = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0);
    lend(lent, AEGIS_RIGHT_READ, attacker[0]);
    ATTACK3(0, AEGIS_CALL_CID_SWITCH, own, 0, 0);
    ATTACK3(0, AEGIS_CALL_TLB_WRITE, ELSEWHERE, lent << 12 | VALID, 0);
    ok(ATTACK3(0, DO_LOAD, ELSEWHERE, 0, 0) == 0 &&
           ATTACK3(0, AEGIS_CALL_CONTEXT_FREE, own, 0, 0) == REFUSED(E_BUSY),
       "the context that is installed is not freed");
    old = exported_context(own)->entry_hi;
    ATTACK3(0, AEGIS_CALL_CID_SWITCH, first, 0, 0);
    ATTACK3(0, AEGIS_CALL_CONTEXT_FREE, own, 0, 0);
    ok(ATTACK3(0, AEGIS_CALL_CID_SWITCH, own, 0, 0) == REFUSED(E_OWNER) &&
           ATTACK3(0, DO_LOAD, ELSEWHERE, 0, 0) == FAULT(EXC_TLBL),
       "one that was freed is not installed");
    aegis_recap(AEGIS_KIND_PAGE, lent, 0); /* the host looks for what is left of it */
    let_pass(3);
    /* Taken from one, given to another. */
    ATTACK3(0, AEGIS_CALL_TLB_WRITE, THERE, page << 12 | WRITABLE, 0);
    ATTACK3(0, DO_STORE, THERE, 4711, 0);
    heir = exported_env(attacker[0])->entry_hi;
    contexts_take(CONTEXTS_LEFT);
    miss_entry = 0;
    for (i = 0; i < 2; i++) {
        uint32_t number = 0, misses = miss_count, tries;
        for (tries = 0; tries < 8 && number == 0; tries++) {
            contexts_cycle();
            number = contexts_named(i ? old : heir);
        }
        aegis_cid_switch(number);
        hits += probe_load(THERE) == 0xffffffff && probe_load(ELSEWHERE) == 0xffffffff &&
                miss_count == misses + 2;
    }
    aegis_cid_switch(BOOT->envid % AEGIS_ENV_COUNT);
    ok(hits == 2, "whoever gets an ASID that was another's finds nothing mapped");
    ok(ATTACK3(0, DO_LOAD, THERE, 0, 0) == FAULT(EXC_TLBL) &&
           ATTACK3(0, AEGIS_CALL_TLB_WRITE, THERE, page << 12 | VALID, 0) < 0x80000000 &&
           ATTACK3(0, DO_LOAD, THERE, 0, 0) == 4711,
       "and whom it was taken from has its pages, not its mappings");
    contexts_give_back();
    aegis_page_free(lent);
}

#define SECTOR 200u

/* Transfers that were queued by right and are cut off; those of others are nobody's business. */
static void attack_dma(void)
{
    struct aegis_capability cap, weak;
    uint32_t extent = (uint32_t)aegis_extent_create(0, SECTOR, 16, &cap), i, left = 0;
    uint32_t page = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0),
             word = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0);
    volatile uint32_t *data = show(28, page), *done = show(29, word);
    aegis_derive(&cap, AEGIS_RIGHT_READ, &weak);
    aegis_bind(&weak, attacker[0]);
    lend(page, 3, attacker[0]);
    ok(attack(0, AEGIS_CALL_DISK_WRITE, extent, 0, page * 4096, 1, page * 4096) ==
           REFUSED(E_RIGHTS),
       "a capability to read an extent does not write it");
    ok(attack(0, AEGIS_CALL_DISK_READ, extent, 15, page * 4096, 2, page * 4096) ==
               REFUSED(E_RANGE) &&
           attack(0, AEGIS_CALL_DISK_READ, extent, 0xffffffff, page * 4096, 2, page * 4096) ==
               REFUSED(E_RANGE) &&
           attack(0, AEGIS_CALL_DISK_READ, extent, 0, page * 4096, 0x00800001, page * 4096) ==
               REFUSED(E_RANGE) &&
           attack(0, AEGIS_CALL_DISK_READ, extent, 0, page * 4096 + 0xe00, 2, page * 4096) ==
               REFUSED(E_RANGE),
       "nor does it read beside the extent or the page");
    for (i = 0; i < 8; i++)
        attack(0, AEGIS_CALL_DISK_READ, extent, 0, page * 4096, 8, BATCH_PAGE(0) * 4096 + 0x3f00);
    aegis_recap(AEGIS_KIND_PAGE, page, 0);
    for (i = 0; i < 1024; i++)
        data[i] = 0;
    let_pass(4);
    for (i = 0; i < 1024; i++)
        left += data[i] != 0;
    ok(left == 0 && exported_page(page)->dma == 0,
       "transfers that were queued for a page write nothing after it was recalled");
    *done = 0;
    ok(aegis_disk_read(extent, 0, page * 4096, 8, word * 4096) == 0 &&
           ATTACK3(1, AEGIS_CALL_UNBIND, AEGIS_KIND_PAGE, page, 0) == 0,
       "to give up a binding that one does not have is no crime");
    for (i = 0; i < 40 && *done == 0; i++)
        let_pass(1);
    ok(*done == 8 && data[0] == SECTOR * 128, "and does not end transfers of the page's owner");
    aegis_unbind(AEGIS_KIND_PAGE, page); /* refused: the owner's own */
    lend(page, 3, attacker[1]);
    *done = 0;
    aegis_disk_read(extent, 0, page * 4096, 8, word * 4096);
    ATTACK3(1, AEGIS_CALL_UNBIND, AEGIS_KIND_PAGE, page, 0);
    for (i = 0; i < 40 && *done == 0; i++)
        let_pass(1);
    ok(*done == 8, "neither does who gives up one that it was lent");

    /* What a grantee made out of an extent goes when the extent is recalled. */
    aegis_bind(&cap, attacker[0]);
    uint32_t part = attack(0, AEGIS_CALL_EXTENT_CREATE, 0, SECTOR, 16, 0, 0);
    uint32_t whole = attack(1, AEGIS_CALL_EXTENT_CREATE, 0, SECTOR, 16, 0, 0);
    ok(part < AEGIS_EXTENT_COUNT && whole == REFUSED(E_RIGHTS),
       "who may write an extent may divide it, another may not");
    ok(attack(0, AEGIS_CALL_EXTENT_CREATE, 0, SECTOR - 1, 2, 0, 0) == REFUSED(E_RIGHTS) &&
           attack(0, AEGIS_CALL_EXTENT_CREATE, 0, SECTOR + 15, 2, 0, 0) == REFUSED(E_RIGHTS) &&
           attack(0, AEGIS_CALL_EXTENT_CREATE, 0, SECTOR + 1, 0xffffffff, 0, 0) ==
               REFUSED(E_RANGE) &&
           attack(0, AEGIS_CALL_EXTENT_CREATE, 0x40000000, SECTOR, 1, 0, 0) == REFUSED(E_DEVICE),
       "but not make it larger");
    aegis_recap(AEGIS_KIND_EXTENT, extent, 0);
    lend(word, 3, attacker[0]);
    ok(attack(0, AEGIS_CALL_DISK_READ, part, 0, word * 4096, 1, word * 4096) < 0x80000000
           ? 0
           : attack(0, AEGIS_CALL_DISK_READ, extent, 0, word * 4096, 1, word * 4096) ==
                 REFUSED(E_RIGHTS),
       "until the extent is recalled: its parts go too");
    let_pass(2);
    aegis_extent_free(extent);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 28, 0, 0);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 29, 0, 0);
    aegis_page_free(page);
    aegis_page_free(word);
}

void attack_bindings(void)
{
    attackers_start(2);
    attack_mappings();
    attack_spaces();
    attack_names();
    attack_dma();
}
