/* Resources of every kind: the FPU, colours, recalling control, revocation by kind, backing store, attacks. */
#include "test.h"

#define WINDOW 22u

static void let_pass(uint32_t ticks)
{
    const volatile struct aegis_header *header = exported_header();
    uint32_t end = header->tick_count + ticks;
    while ((int32_t)(header->tick_count - end) < 0)
        yield_to(0);
}

/* The page of slices and lines. */
static const volatile uint8_t *small_tables(void)
{
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + WINDOW, AEGIS_EXPORT_SLICES | VALID, 0);
    return (const volatile uint8_t *)(AEGIS_GUARANTEED_BASE + WINDOW * 4096);
}

static void end(uint32_t child)
{
    aegis_env_destroy(child, 0);
    child_wait(child);
}

static void free_odd_slices(void)
{
    for (uint32_t i = 0; i < AEGIS_SLICE_COUNT; i++)
        if (i % 8 != 0)
            aegis_slice_set(i, 0);
}

void test_attacks(void)
{
    uint32_t self = BOOT->envid, i, refused = 0, child, other, lost = 0;
    const volatile struct aegis_slices *slices;
    for (i = 0; i < 2 * AEGIS_ENV_COUNT; i++)
        refused += scall_to(i, 0, self) == -E_ENVIRONMENT;
    ok(refused == 2 * AEGIS_ENV_COUNT, "no slot number passes for an envid in a transfer");
    ok(probe_leak(AEGIS_KIND_PAGE, BOOT->pages[0], AEGIS_RIGHT_READ) == 0,
       "no register carries anything out of a call that touched the key");

    aegis_env_set(0, AEGIS_FIELD_SCALL, (uint32_t)reply_alone, 0);
    child = child_start(
        &(struct child_plan){.entry = child_sleep, .a0 = shared_page * 4096 + 0x30, .slices = 1});
    aegis_env_set(child, AEGIS_FIELD_SCALL, child_pc(child_exit), 0);
    ok(scall_alone(child) == -E_ENVIRONMENT && exported_env(self)->caller == 0,
       "the caller of a server that dies comes back, from nobody");
    child_wait(child);

    other = child_start(
        &(struct child_plan){.entry = child_sleep, .a0 = shared_page * 4096 + 0x30, .slices = 0});
    child = child_start(&(struct child_plan){.entry = child_thief, .a0 = other, .slices = 0});
    for (i = 0; i < 4; i++)
        yield_to(child);
    slices = (const volatile struct aegis_slices *)small_tables();
    for (i = 0; i < AEGIS_SLICE_COUNT; i += 8)
        lost += slices->runner[i] != self;
    ok(exported_env(other)->caller == child && lost == 0,
       "a slice that was lent cannot be carried off by a synchronous transfer");
    end(child);
    end(other);
    free_odd_slices();
}

#define FCR31_E 0x20000

void test_fpu(void)
{
    const volatile struct aegis_header *header = exported_header();
    uint32_t child, faults = exception_count[11];
    ok(aegis_env_set(0, AEGIS_FIELD_FPU, 4096 - 128, 0) == -E_RANGE &&
           aegis_env_set(0, AEGIS_FIELD_FPU, 0x802, 0) == -E_RANGE,
       "the FPU's save area lies within the upage");
    aegis_env_set(0, AEGIS_FIELD_FPU, 0x320, 0);
    aegis_fpu_mod(1);
    probe_fpu_set(0x1234);
    ok(header->fpu_owner == BOOT->envid && probe_fpu_get() == 0x1234, "the FPU has an owner");
    aegis_fpu_mod(0);
    aegis_fpu_mod(1);
    ok(probe_fpu_get() == 0x1234, "which keeps its registers while it is disabled");
    child = child_start(&(struct child_plan){.entry = child_fpu, .slices = 1});
    shared[8] = 77;
    yield_to(child);
    ok(header->fpu_owner == child && shared[8] == 0, "another takes it, and finds nothing");
    ok(*(volatile uint32_t *)((uint32_t)UPAGE + 0x320 + 4 * 5) == 0x1234 &&
           *(volatile uint32_t *)((uint32_t)UPAGE + 0x320 + 4 * 31) == 0x1234,
       "the registers are where the owner wanted them");
    ok(probe_fpu_get() == 0xffffffff && exception_count[11] == faults + 1,
       "the former owner learns of it when it uses the FPU");
    aegis_fpu_mod(1);
    ok(probe_fpu_get() == 0x1234, "and has them again when it asks");
    ok(probe_fpu_denormal() == 77 && exception_count[AEGIS_CAUSE_FPU] == 1 &&
           (exception_address & FCR31_E) != 0,
       "what the R3010 leaves to software is an exception at that instruction, with FCR31");
    ok(probe_fpu_denormal() == 77 && exception_count[AEGIS_CAUSE_FPU] == 2, "each time");
    end(child);
    child = child_start(&(struct child_plan){.entry = child_fpu, .slices = 1});
    yield_to(child);
    end(child);
    ok(header->fpu_owner == 0, "a destroyed owner leaves the FPU to nobody");
    aegis_fpu_mod(1);
    ok(probe_fpu_get() == 0x1234, "which harms no one");
    aegis_fpu_mod(0);
    free_odd_slices();
}

static void test_colours(void)
{
    uint32_t colour, right = 0;
    int32_t page[16];
    for (colour = 0; colour < 16; colour++) {
        page[colour] = aegis_page_alloc_colour(colour, 0);
        right += page[colour] > 0 && (uint32_t)page[colour] % 16 == colour;
    }
    ok(right == 16 && aegis_page_alloc_colour(16, 0) == -E_RANGE,
       "a page can be allocated by its cache colour");
    for (colour = 0; colour < 16; colour++)
        aegis_page_free((uint32_t)page[colour]);
}

static void test_control(void)
{
    struct aegis_capability cap, machine, newer;
    uint32_t child = (uint32_t)aegis_env_create(&cap), other = (uint32_t)aegis_env_create(0);
    uint32_t slot = child % AEGIS_ENV_COUNT, self = 1u << BOOT->envid % AEGIS_ENV_COUNT;
    aegis_bind(&cap, other);
    ok(exported_env(child)->controllers == (self | 1u << other % AEGIS_ENV_COUNT),
       "control of an environment can be passed on");
    ok(aegis_recap(AEGIS_KIND_ENV, slot, &newer) == 0 && exported_env(child)->controllers == self &&
           aegis_bind(&cap, 0) == -E_CAPABILITY && aegis_bind(&newer, 0) == (int32_t)slot,
       "and recalled");
    aegis_mint(AEGIS_KIND_MACHINE, 0, AEGIS_RIGHT_CONTROL, &machine);
    aegis_bind(&machine, other);
    ok(exported_env(other)->privileges == 1, "so can the machine's");
    ok(aegis_recap(AEGIS_KIND_MACHINE, 0, &newer) == 0 && exported_env(other)->privileges == 0 &&
           exported_env(BOOT->envid)->privileges == 1 && aegis_bind(&machine, 0) == -E_CAPABILITY,
       "and be recalled, from all but who recalls it");
    aegis_env_destroy(child, 0);
    aegis_env_reap(child);
    aegis_env_destroy(other, 0);
    aegis_env_reap(other);
}

void test_kinds(void)
{
    struct aegis_capability cap;
    const volatile struct aegis_line *line;
    uint32_t child, mask, i, owned = 0;
    test_colours();
    test_control();
    child = child_start(&(struct child_plan){.entry = child_count, .a0 = CHILD_SHARED, .slices = 4});
    mask = 1u << child % AEGIS_ENV_COUNT;
    ok(aegis_revoke(child, AEGIS_KIND_SLICE, 5, 0) == -E_RANGE &&
           aegis_revoke(child, AEGIS_KIND_MACHINE, 1, 0) == -E_RANGE &&
           aegis_revoke(child, 99, 1, 0) == -E_RANGE,
       "nobody is asked for more than it has, or for what cannot be given");
    ok(aegis_revoke(child, AEGIS_KIND_SLICE, 4, 0) == 0, "an environment is asked for its slices");
    let_pass(20);
    const volatile struct aegis_slices *slices = (const volatile struct aegis_slices *)small_tables();
    for (i = 0; i < AEGIS_SLICE_COUNT; i++)
        owned += slices->owner[i] == child;
    ok(exported_env(child)->repossessed_count == 3 && owned == 1,
       "it does not answer, and keeps the last, which is guaranteed");
    ok(shared[2] == 3 && shared[3] == (AEGIS_KIND_SLICE << 24 | 1), "its vector says which were taken");
    i = shared[0];
    let_pass(4);
    ok(shared[0] > i, "it lives on with that");

    aegis_derive(line_capability(3), AEGIS_RIGHT_READ, &cap);
    aegis_bind(&cap, child);
    line = (const volatile struct aegis_line *)(small_tables() + AEGIS_EXPORT_LINES % 4096) + 3;
    ok(line->readers & mask, "a child is bound to a terminal line");
    ok(aegis_revoke(child, AEGIS_KIND_LINE, 1, 0) == 0, "and asked for it");
    let_pass(12);
    ok((line->readers & mask) == 0 && exported_env(child)->repossessed_count == 4,
       "until the binding is broken");
    end(child);
    free_odd_slices();
}

void test_backing(void)
{
    struct aegis_capability cap;
    uint32_t page = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0), i, bad = 0, child, before;
    volatile uint32_t *data = (volatile uint32_t *)(AEGIS_GUARANTEED_BASE + WINDOW * 4096);
    int32_t extent = aegis_extent_create(0, 400, 64, &cap);
    const volatile struct aegis_header *header = exported_header();
    child = child_start(&(struct child_plan){.entry = child_count,
                                             .a0 = CHILD_SHARED,
                                             .slices = 4,
                                             .backing_extent = (uint32_t)extent,
                                             .backing_sector = 16});
    aegis_bind(&cap, child);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + WINDOW, page << 12 | WRITABLE, 0);
    for (i = 0; i < 1024; i++)
        data[i] = 0xb0000000 + i;
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + WINDOW, 0, 0);
    aegis_page_give(page, child);
    before = header->free_count;
    aegis_revoke(child, AEGIS_KIND_PAGE, 1, 0);
    let_pass(20);
    ok(exported_env(child)->repossessed_count == 1 && exported_page(page)->owner == AEGIS_OWNER_FREE &&
           header->free_count == before + 1,
       "a page with a place on disk is taken");
    page = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + WINDOW, page << 12 | WRITABLE, 0);
    aegis_disk_read((uint32_t)extent, 16, page * 4096, 8, shared_page * 4096 + 0x40);
    for (i = 0; i < 400 && shared[0x10] == 0; i++)
        yield_to(0);
    ok(shared[0x10] == 8, "the place can be read");
    for (i = 0; i < 1024; i++)
        bad += data[i] != 0xb0000000 + i;
    ok(bad == 0, "and holds what the page held");
    ok(aegis_revoke(child, AEGIS_KIND_EXTENT, 1, 0) == 0, "the child is asked for the extent");
    let_pass(20);
    ok(exported_env(child)->repossessed_count == 2, "and loses its binding");
    end(child);
    ok(aegis_extent_free((uint32_t)extent) == 0, "the extent is its owner's still");
    aegis_page_free(page);
    free_odd_slices();
}
