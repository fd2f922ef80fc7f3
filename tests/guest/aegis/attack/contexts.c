/* Contexts that point where they must not: handlers, frames, save areas, pins; and leaving user mode by force. */
#include "attack.h"

#define SCRATCH 0x20000000u
#define LAST 0x7ffff000u

static void attack_fields(void)
{
    static const uint32_t kernel[] = {0x80000000, 0x80020000, 0xa0000000, 0xbfc00000, 0xbffffff0,
                                      0xfffff000, 0xfffffffc};
    uint32_t i, field, refused = 0, wanted = 0, own;
    for (i = 0; i < sizeof kernel / sizeof *kernel; i++) {
        for (field = AEGIS_FIELD_SLICE_START; field <= AEGIS_FIELD_ACALL; field++, wanted++)
            refused += ATTACK3(0, AEGIS_CALL_ENV_SET, 0, field, kernel[i]) == REFUSED(E_RANGE);
        for (field = 0; field < AEGIS_CAUSE_COUNT; field++, wanted++)
            refused += ATTACK3(0, AEGIS_CALL_ENV_SET, 0, AEGIS_FIELD_EXCEPTION + field,
                               kernel[i]) == REFUSED(E_RANGE);
    }
    ok(refused == wanted, "no handler lies in the kernel's space");
    static const uint32_t offsets[] = {0xff8, 0x1000, 0xfffffff0, 0x80000000, 0x41, 0x42};
    for (i = refused = wanted = 0; i < sizeof offsets / sizeof *offsets; i++) {
        for (field = 0; field < AEGIS_CAUSE_COUNT; field++, wanted++)
            refused += attack(0, AEGIS_CALL_ENV_SET, 0, AEGIS_FIELD_EXCEPTION + field, 0x1000,
                              offsets[i], 0) == REFUSED(E_RANGE);
        wanted++;
        refused += ATTACK3(0, AEGIS_CALL_ENV_SET, 0, AEGIS_FIELD_FPU, offsets[i]) == REFUSED(E_RANGE);
    }
    ok(refused == wanted, "and no save area beside the upage");
    ok(ATTACK3(0, AEGIS_CALL_ENV_SET, 0, AEGIS_FIELD_UPAGE, 0x20) == REFUSED(E_OWNER) &&
           ATTACK3(0, AEGIS_CALL_ENV_SET, 0, AEGIS_FIELD_UPAGE, PEACE_PAGE) == REFUSED(E_OWNER) &&
           ATTACK3(0, AEGIS_CALL_ENV_SET, 0, AEGIS_FIELD_UPAGE, 0x000fffff) == REFUSED(E_RANGE),
       "the kernel's or the bystander's page is nobody's upage");
    own = attack(0, AEGIS_CALL_PAGE_ALLOC, AEGIS_ANY, 0, 0, 0, 0);
    ok(ATTACK3(0, AEGIS_CALL_ENV_SET, 0, AEGIS_FIELD_UPAGE, own) == REFUSED(E_RANGE),
       "nor can the upage be exchanged under the save areas in it");
    for (i = refused = wanted = 0; i < 4; i++) {
        const uint32_t page[] = {0x20, PEACE_PAGE, BATCH_PAGE(1), 0x10};
        const uint32_t flags = i == 3 ? WRITABLE : VALID; /* 0x10 is exported: for reading */
        for (field = 0; field < AEGIS_GUARANTEED_COUNT; field += 7, wanted += 2) {
            refused += ATTACK3(0, AEGIS_CALL_ENV_SET, 0, AEGIS_FIELD_GUARANTEED + 8 + field % 56,
                               page[i] << 12 | flags) == REFUSED(E_RIGHTS);
            refused += ATTACK3(0, AEGIS_CALL_TLB_WRITE, SCRATCH, page[i] << 12 | flags, 0) ==
                       REFUSED(E_RIGHTS);
        }
    }
    ok(refused == wanted, "no page of the kernel or of another is pinned or mapped");
    for (i = refused = 0; i < 3; i++) {
        const uint32_t field_[] = {AEGIS_FIELD_GUARANTEED + AEGIS_GUARANTEED_COUNT, 0, 0xffffffff};
        refused += ATTACK3(0, AEGIS_CALL_ENV_SET, 0, field_[i], own << 12 | VALID) ==
                   REFUSED(E_RANGE);
    }
    ok(refused == 3, "there are no other fields");
}

/* Loads and stores in the kernel's segments, jumps there, and whatever else leads there. */
static void attack_mode(void)
{
    static const uint32_t kernel[] = {0x80000000, 0x80020000, 0x80018000, 0xa0020000, 0xbf000000,
                                      0xbc000000, 0xbfc00000, 0xc0000000, 0xffffe000, 0xfffff600};
    uint32_t i, faults = 0, count = sizeof kernel / sizeof *kernel, code;
    volatile uint32_t *work;
    for (i = 0; i < count; i++) {
        faults += ATTACK3(0, DO_LOAD, kernel[i], 0, 0) == FAULT(EXC_ADEL);
        faults += ATTACK3(0, DO_STORE, kernel[i], 0, 0) == FAULT(5);
        faults += ATTACK3(0, DO_JUMP, kernel[i], 0, 0) == FAULT(EXC_ADEL);
    }
    ok(faults == 3 * count, "the kernel's segments are out of reach in user mode");
    code = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0);
    work = show(28, code);
    static const uint32_t privileged[] = {
        0x40806000, /* mtc0 $zero, Status */
        0x40026000, /* mfc0 $v0, Status */
        0x42000002, /* tlbwi */
        0x42000006, /* tlbwr */
        0x42000008, /* tlbp */
        0x42000001, /* tlbr */
        0x42000010, /* rfe */
        0x40805000, /* mtc0 $zero, EntryHi */
    };
    count = sizeof privileged / sizeof *privileged;
    for (i = 0; i < count; i++) {
        work[2 * i] = privileged[i];
        work[2 * i + 1] = 0x0000000d; /* break */
    }
    work[0x3fe] = 0x2402000b - 0xb + AEGIS_CALL_NULL; /* li $v0, AEGIS_CALL_NULL */
    work[0x3ff] = 0x0000000c;                         /* syscall, the last word below 0x80000000 */
    work[0x100] = 0x10000001;                         /* b .+8 */
    work[0x101] = 0x0000000c;                         /* a syscall in its delay slot */
    work[0x102] = 0x0000000d;
    aegis_cache_flush(code * 4096, 4096);
    struct aegis_capability cap;
    aegis_mint(AEGIS_KIND_PAGE, code, AEGIS_RIGHT_READ, &cap);
    aegis_bind(&cap, attacker[0]);
    ATTACK3(0, AEGIS_CALL_TLB_WRITE, SCRATCH, code << 12 | VALID, 0);
    ATTACK3(0, AEGIS_CALL_TLB_WRITE, LAST, code << 12 | VALID, 0);
    for (i = faults = 0; i < count; i++)
        faults += ATTACK3(0, DO_JUMP, SCRATCH + 8 * i, 0, 0) == FAULT(EXC_CPU);
    ok(faults == count, "privileged instructions are unusable");
    ok(ATTACK3(0, DO_JUMP, LAST + 0xff8, 0, 0) == FAULT(EXC_ADEL),
       "a call in the last word of user space comes back to the kernel's first in user mode");
    ok(ATTACK3(0, DO_JUMP, SCRATCH + 0x400, 0, 0) >= 0xfa000000,
       "a call in a delay slot harms only who made it");
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 28, 0, 0);
    batch_put(0, 0, DO_STORE, 0x7f000100, 0x80020000, 0, 0, 0); /* the frame's PC */
    batch_put(0, 1, AEGIS_CALL_RESUME, 0, 0, 0, 0, 0);
    ok(batch_run(0, 2) == FAULT(EXC_ADEL),
       "resume into the kernel is a fault of the one who wrote the frame");
    ok((exported_env(attacker[0])->status & 0xffff) == (exported_env(BOOT->envid)->status & 0xffff),
       "its status word is the kernel's own");
}

/* A coprocessor exception that is raised for good, and left to the next environment. */
static void attack_fpu(void)
{
    uint32_t code = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0), before = PEACE[0], i;
    volatile uint32_t *work = show(28, code);
    static const uint32_t words[] = {
        0x3c080003, 0x3508ff80, /* li $t0, 0x3ff80: every cause, every enable */
        0x44c8f800,             /* ctc1 $t0, $31 */
        0x00000000, 0x00000000, 0x0000000d,
    };
    struct aegis_capability cap;
    for (i = 0; i < sizeof words / sizeof *words; i++)
        work[i] = words[i];
    aegis_cache_flush(code * 4096, 4096);
    aegis_mint(AEGIS_KIND_PAGE, code, AEGIS_RIGHT_READ, &cap);
    aegis_bind(&cap, attacker[0]);
    ATTACK3(0, AEGIS_CALL_ENV_SET, 0, AEGIS_FIELD_FPU, 0x320);
    ATTACK3(0, AEGIS_CALL_TLB_WRITE, SCRATCH, code << 12 | VALID, 0);
    ATTACK3(0, AEGIS_CALL_FPU_MOD, 1, 0, 0);
    ok(ATTACK3(0, DO_JUMP, SCRATCH, 0, 0) == FAULT(AEGIS_CAUSE_FPU),
       "all floating-point exceptions are raised, for who raised them");
    ATTACK3(0, DO_STORE, 0x7f000320 + 128, 0xffffffff, 0);
    aegis_fpu_mod(1);
    probe_fpu_set(7);
    ok(probe_fpu_get() == 7, "the next one finds a coprocessor without them");
    ATTACK3(0, AEGIS_CALL_FPU_MOD, 1, 0, 0); /* comes back from a save area that was tampered with */
    aegis_fpu_mod(0);
    let_pass(3);
    ok(PEACE[0] != before, "and the machine goes on");
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 28, 0, 0);
    aegis_page_free(code);
}

/*
 * Whoever is in slot 0 was entered twice (its frames hold two computations) and is closed for
 * transfers: the name of nobody must not lead to it. `entered_twice` is entered while init's frame 0
 * is in use, transfers on, which fills frame 1, and goes away when it is back.
 */
static void attack_gate(void)
{
    aegis_env_set(0, AEGIS_FIELD_ACALL, (uint32_t)entered_twice, 0);
    aegis_env_set(0, AEGIS_FIELD_SCALL, (uint32_t)entered_thrice, 0);
    entered_count = 0;
    batch_put(0, 0, AEGIS_CALL_ACALL, BOOT->envid, 0, 0, 0, 0);
    batch_put(0, 1, AEGIS_CALL_SCALL, 0, 0, 0, 0, 0);
    batch_put(0, 2, AEGIS_CALL_NULL, 0, 0, 0, 0, 0);
    batch_run(0, 3);
    ok(BOOT->envid % AEGIS_ENV_COUNT == 0 && entered_count == 1 &&
           batch_record(0, 1)[9] == REFUSED(E_ENVIRONMENT),
       "a transfer to nobody enters nobody, not even one in slot 0 that is closed");
    aegis_env_set(0, AEGIS_FIELD_ACALL, 0, 0);
    aegis_env_set(0, AEGIS_FIELD_SCALL, 0, 0);
    for (uint32_t i = 0; i < AEGIS_SLICE_COUNT; i += 8)
        aegis_slice_set(i, BOOT->envid);
}

/* A handler of misses that is missed itself: an exception at each step, for ever. */
static void attack_endless(void)
{
    uint32_t before, ticks = exported_header()->tick_count;
    ATTACK3(1, AEGIS_CALL_ENV_SET, 0, AEGIS_FIELD_EXCEPTION + EXC_TLBL, 0x30000000);
    ATTACK3(1, DO_JUMP, 0x30000000, 0, 0);
    before = PEACE[0];
    let_pass(16);
    ok(PEACE[0] != before && exported_header()->tick_count - ticks >= 16,
       "an exception whose handler raises it again takes no more than a slice");
}

void attack_contexts(void)
{
    attackers_start(2);
    attack_fields();
    attack_mode();
    attack_fpu();
    attack_gate();
    attack_endless();
}
