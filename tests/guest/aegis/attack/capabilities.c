/* Forged, replayed and borrowed capabilities; calls that only an owner, a controller or the machine's owner may make. */
#include "attack.h"

static void attack_forging(void)
{
    uint32_t page = attack(0, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0), refused = 0, bit;
    struct aegis_capability own = attack_result(0), forged;
    ok(attack_with(0, AEGIS_CALL_BIND, &own, 0) == page, "an attacker has a capability of its own");
    for (bit = 0; bit < 128; bit++) {
        forged = own;
        ((uint32_t *)&forged)[bit / 32] ^= 1u << bit % 32;
        refused += attack_with(0, AEGIS_CALL_BIND, &forged, 0) == REFUSED(E_CAPABILITY);
    }
    ok(refused == 128, "whichever bit of it is changed, it is no capability any more");
    forged = own;
    forged.name = AEGIS_KIND_PAGE << 24 | PEACE_PAGE;
    ok(attack_with(0, AEGIS_CALL_BIND, &forged, 0) == REFUSED(E_CAPABILITY) &&
           attack_with(0, AEGIS_CALL_DERIVE, &forged, 1) == REFUSED(E_CAPABILITY),
       "nor does its tag serve for the bystander's page");
    ok(ATTACK3(0, AEGIS_CALL_MINT, AEGIS_KIND_PAGE, PEACE_PAGE, 1) == REFUSED(E_OWNER) &&
           ATTACK3(0, AEGIS_CALL_RECAP, AEGIS_KIND_PAGE, PEACE_PAGE, 0) == REFUSED(E_OWNER) &&
           ATTACK3(0, AEGIS_CALL_MINT, AEGIS_KIND_ENV, bystander % AEGIS_ENV_COUNT, 4) ==
               REFUSED(E_OWNER) &&
           ATTACK3(0, AEGIS_CALL_MINT, AEGIS_KIND_MACHINE, 0, 4) == REFUSED(E_OWNER) &&
           ATTACK3(0, AEGIS_CALL_RECAP, AEGIS_KIND_MACHINE, 0, 0) == REFUSED(E_OWNER) &&
           ATTACK3(0, AEGIS_CALL_MINT, AEGIS_KIND_LINE, AEGIS_CONSOLE_LINE, 1) == REFUSED(E_OWNER),
       "and nobody mints for what is another's");
    ok(ATTACK3(0, AEGIS_CALL_MINT, AEGIS_KIND_PAGE, page, AEGIS_RIGHT_CONTROL) ==
           REFUSED(E_OWNER),
       "or mints rights that there are not");
}

__attribute__((noinline)) void epoch_goes_round(uint32_t page)
{
    __asm__ volatile("" : : "r"(page) : "memory");
}

static void attack_replay(void)
{
    uint32_t page = attack(0, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0);
    struct aegis_capability old = attack_result(0), cap;
    ATTACK3(0, AEGIS_CALL_PAGE_FREE, page, 0, 0);
    aegis_page_alloc(page, 0);
    ok(attack_with(0, AEGIS_CALL_BIND, &old, 0) == REFUSED(E_CAPABILITY),
       "the capability of a page that was freed and allocated again is dead");
    aegis_mint(AEGIS_KIND_PAGE, page, 3, &cap);
    aegis_page_give(page, attacker[1]);
    ok(attack_with(0, AEGIS_CALL_BIND, &cap, 0) == REFUSED(E_CAPABILITY),
       "so is that of a page that was given away");
    page = attack(0, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0);
    old = attack_result(0);
    epoch_goes_round(page);
    ATTACK3(0, AEGIS_CALL_PAGE_FREE, page, 0, 0);
    ok(exported_page(page)->epoch % (1 << 24) == old.rights % (1 << 24) &&
           aegis_page_alloc(page, 0) == (int32_t)page &&
           attack_with(0, AEGIS_CALL_BIND, &old, 0) == REFUSED(E_CAPABILITY),
       "and of one that was freed 2^24 times, so that its epoch looks the same");
    aegis_page_give(page, attacker[1]);
    attack(0, AEGIS_CALL_ENV_CREATE, 0, 0, 0, 0, 0);
    old = attack_result(0);
    uint32_t slot = old.name & 0xffffff;
    uint32_t envid = exported_env(slot)->id, other;
    ATTACK3(0, AEGIS_CALL_ENV_DESTROY, envid, 0, 0);
    ATTACK3(0, AEGIS_CALL_ENV_REAP, envid, 0, 0);
    other = (uint32_t)aegis_env_create(0);
    ok(other % AEGIS_ENV_COUNT == slot &&
           attack_with(0, AEGIS_CALL_BIND, &old, 0) == REFUSED(E_CAPABILITY),
       "so is that of an environment whose slot another has now");
    ok(ATTACK3(0, AEGIS_CALL_ENV_DESTROY, envid, 0, 0) == REFUSED(E_ENVIRONMENT) &&
           ATTACK3(0, AEGIS_CALL_YIELD, envid, 0, 0) == REFUSED(E_ENVIRONMENT) &&
           ATTACK3(0, AEGIS_CALL_PAGE_GIVE, page, envid, 0) == REFUSED(E_OWNER),
       "and its name means nobody");
    aegis_env_destroy(other, 0);
    aegis_env_reap(other);
}

/* Control that was handed on, and the one who recalls it: the parent is not shaken off. */
static void attack_parent(void)
{
    struct aegis_capability cap;
    uint32_t child = attack(0, AEGIS_CALL_ENV_CREATE, 0, 0, 0, 0, 0);
    cap = attack_result(0);
    ok(attack_with(1, AEGIS_CALL_BIND, &cap, 0) == child % AEGIS_ENV_COUNT &&
           ATTACK3(1, AEGIS_CALL_RECAP, AEGIS_KIND_ENV, child % AEGIS_ENV_COUNT, 0) == 0 &&
           attack_with(0, AEGIS_CALL_BIND, &cap, 0) == REFUSED(E_CAPABILITY),
       "who was given control of an environment may recall it from others");
    ok(ATTACK3(0, AEGIS_CALL_ENV_DESTROY, child, 0, 0) == 0 &&
           ATTACK3(0, AEGIS_CALL_ENV_REAP, child, 0, 0) == 0,
       "but not from its parent");
}

/* Calls that the weak spots of Xok gave to anybody. */
static void attack_authority(void)
{
    struct aegis_capability cap;
    ok(ATTACK3(0, AEGIS_CALL_REVOKE, bystander, AEGIS_KIND_PAGE, 1) == REFUSED(E_RIGHTS) &&
           ATTACK3(0, AEGIS_CALL_SLICE_SET, 3, attacker[0], 0) == REFUSED(E_RIGHTS) &&
           ATTACK3(0, AEGIS_CALL_HALT, 0, 0, 0) == REFUSED(E_RIGHTS),
       "revocation, the slice vector and the switch are the machine owner's");
    ok(ATTACK3(0, AEGIS_CALL_ENV_DESTROY, bystander, 0, 0) == REFUSED(E_RIGHTS) &&
           ATTACK3(0, AEGIS_CALL_ENV_REAP, bystander, 0, 0) == REFUSED(E_RIGHTS) &&
           ATTACK3(0, AEGIS_CALL_ENV_SET, bystander, AEGIS_FIELD_SLICE_START, 0x1000) ==
               REFUSED(E_RIGHTS) &&
           ATTACK3(0, AEGIS_CALL_ENV_SET, BOOT->envid, AEGIS_FIELD_SCALL, 0x1000) ==
               REFUSED(E_RIGHTS),
       "nobody touches an environment that it does not control");
    attack(0, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0);
    cap = attack_result(0);
    ok(attack_with(0, AEGIS_CALL_BIND, &cap, bystander) == REFUSED(E_RIGHTS),
       "or binds anything for it");
    ok(ATTACK3(0, AEGIS_CALL_SLICE_FREE, 3, 0, 0) == REFUSED(E_OWNER) &&
           ATTACK3(0, AEGIS_CALL_SLICE_GIVE, 3, attacker[0], 0) == REFUSED(E_OWNER) &&
           ATTACK3(0, AEGIS_CALL_SLICE_ALLOC, 3, 0, 0) == REFUSED(E_BUSY) &&
           ATTACK3(0, AEGIS_CALL_SLICE_ALLOC, AEGIS_SLICE_COUNT, 0, 0) == REFUSED(E_RANGE),
       "its slice is its own");
    ok(ATTACK3(0, AEGIS_CALL_PAGE_FREE, PEACE_PAGE, 0, 0) == REFUSED(E_OWNER) &&
           ATTACK3(0, AEGIS_CALL_PAGE_GIVE, PEACE_PAGE, attacker[0], 0) == REFUSED(E_OWNER) &&
           ATTACK3(0, AEGIS_CALL_PAGE_ALLOC, PEACE_PAGE, 0, 0) == REFUSED(E_BUSY),
       "so is its page");
    ok(ATTACK3(0, AEGIS_CALL_SCALL, bystander, 0, 0) == REFUSED(E_ENTRY) &&
           ATTACK3(0, AEGIS_CALL_ACALL, bystander, 0, 0) == REFUSED(E_ENTRY),
       "and who names no entry is entered by nobody");
    ok(ATTACK3(0, AEGIS_CALL_LINE_GET, AEGIS_CONSOLE_LINE, 0, 0) == REFUSED(E_RIGHTS) &&
           ATTACK3(0, AEGIS_CALL_LINE_PUT, TEST_LINE, 'x', 0) == REFUSED(E_RIGHTS),
       "no line is written or read without a binding");
    for (uint32_t i = 0; i < 256; i++)
        if (i >= 14 || i == 12)
            if (ATTACK3(0, AEGIS_CALL_CLOCK_READ, i, 0, 0) != REFUSED(E_RANGE))
                ok(0, "the clock chip's memory, where the seed was, is not for reading");
}

/*
 * Control of oneself, given away: it reaches as far as the giver, and no further. A server that
 * others submit themselves to has this and nothing else.
 */
static void attack_submission(void)
{
    uint32_t victim = attacker[0], slot = victim % AEGIS_ENV_COUNT, page, upage;
    uint32_t stranger = exported_env(bystander)->upage % 0x20000000u / AEGIS_PAGE_SIZE;
    struct aegis_capability control;
    ok(ATTACK3(0, AEGIS_CALL_RECAP, AEGIS_KIND_ENV, slot, 0) == REFUSED(E_OWNER) &&
           ATTACK3(0, AEGIS_CALL_MINT, AEGIS_KIND_ENV, slot, AEGIS_RIGHT_CONTROL) == 0,
       "an attacker has control of itself to give, but cannot take its parent's away");
    control = attack_result(0);
    ok(ATTACK3(1, AEGIS_CALL_ENV_SET, victim, AEGIS_FIELD_UPAGE, AEGIS_ANY) == REFUSED(E_RIGHTS) &&
           ATTACK3(1, AEGIS_CALL_ENV_SET, bystander, AEGIS_FIELD_UPAGE, AEGIS_ANY) ==
               REFUSED(E_RIGHTS) &&
           ATTACK3(1, AEGIS_CALL_PAGE_GIVE, stranger, attacker[1], 0) == REFUSED(E_OWNER),
       "nobody stops an environment, or takes its pages, that did not submit itself");
    page = attack(0, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0);
    ATTACK3(0, AEGIS_CALL_TLB_WRITE, 0x20000000, page << 12 | WRITABLE, 0);
    ATTACK3(0, AEGIS_CALL_ENV_SET, 0, AEGIS_FIELD_FPU, 0x320);
    ATTACK3(0, AEGIS_CALL_FPU_MOD, 1, 0, 0);
    ATTACK3(1, AEGIS_CALL_FPU_MOD, 1, 0, 0);
    ok(attack_with(1, AEGIS_CALL_BIND, &control, 0) == slot &&
           ATTACK3(1, AEGIS_CALL_PAGE_GIVE, page, attacker[1], 0) == 0 &&
           ATTACK3(0, DO_LOAD, 0x20000000, 0, 0) == FAULT(EXC_TLBL) &&
           ATTACK3(0, AEGIS_CALL_TLB_WRITE, 0x20000000, page << 12 | VALID, 0) ==
               REFUSED(E_RIGHTS),
       "who was given control takes pages, and every mapping of them is broken");
    upage = exported_env(victim)->upage % 0x20000000u / AEGIS_PAGE_SIZE;
    ok(ATTACK3(1, AEGIS_CALL_PAGE_GIVE, upage, attacker[1], 0) == REFUSED(E_BUSY) &&
           ATTACK3(1, AEGIS_CALL_ENV_SET, victim, AEGIS_FIELD_UPAGE, AEGIS_ANY) == 0 &&
           ATTACK3(1, AEGIS_CALL_ENV_SET, victim, AEGIS_FIELD_RUN, 0) == REFUSED(E_RANGE),
       "not the one that Aegis writes to, until it is stopped");
    ok(ATTACK3(1, AEGIS_CALL_ENV_SET, victim, AEGIS_FIELD_UPAGE, page) == REFUSED(E_OWNER) &&
           ATTACK3(1, AEGIS_CALL_ENV_SET, victim, AEGIS_FIELD_UPAGE, upage) == 0 &&
           ATTACK3(1, AEGIS_CALL_ENV_SET, victim, AEGIS_FIELD_RUN, 0) == 0 &&
           ATTACK3(0, AEGIS_CALL_FPU_MOD, 1, 0, 0) == AEGIS_CALL_FPU_MOD,
       "started without a save area for the FPU, it finds none");
    ok(ATTACK3(1, AEGIS_CALL_ENV_SET, bystander, AEGIS_FIELD_UPAGE, AEGIS_ANY) ==
               REFUSED(E_RIGHTS) &&
           ATTACK3(1, AEGIS_CALL_ENV_SET, BOOT->envid, AEGIS_FIELD_UPAGE, AEGIS_ANY) ==
               REFUSED(E_RIGHTS) &&
           ATTACK3(1, AEGIS_CALL_PAGE_GIVE, stranger, attacker[1], 0) == REFUSED(E_OWNER) &&
           ATTACK3(1, AEGIS_CALL_PAGE_GIVE, PEACE_PAGE, attacker[1], 0) == REFUSED(E_OWNER) &&
           ATTACK3(1, AEGIS_CALL_PAGE_GIVE, 0x20, attacker[1], 0) == REFUSED(E_OWNER),
       "and control of one is no control of another, of the kernel or of free pages");
    aegis_env_destroy(victim, 0);
    child_wait(victim);
    ok(attack_with(2, AEGIS_CALL_BIND, &control, 0) == REFUSED(E_CAPABILITY),
       "it dies with the environment");
    attacker[0] = 0;
}

void attack_capabilities(void)
{
    attackers_start(3);
    attack_forging();
    attack_replay();
    attack_parent();
    attack_authority();
    attack_submission();
}
