/*
 * attack [NAME]: does to Aegis what an ordinary environment must not get away with, one class of
 * attack after the other, and prints what it tried and what the answer was. It ends with 0 when
 * everything was refused. Whoever else runs meanwhile must not notice.
 */
#include <generated/abi-calls.h>
#include <generated/library-calls.h>
#include <stdio.h>
#include <string.h>

#define PAGE AEGIS_PAGE_SIZE
#define AREA 0x24000000u
#define KERNEL_PAGE 0x20u
#define READ_ONLY AEGIS_ENTRYLO_VALID
#define READ_WRITE (AEGIS_ENTRYLO_VALID | AEGIS_ENTRYLO_WRITABLE)

static uint32_t tried, allowed, fault_count;
static const char *attack_name;

static const char *answer(int32_t result)
{
    static const char *const texts[] = {
        [E_CALL] = "no such call",
        [E_CAPABILITY] = "not a capability",
        [E_RIGHTS] = "no right to it",
        [E_RANGE] = "names nothing",
        [E_OWNER] = "not yours",
        [E_BUSY] = "taken",
        [E_NONE] = "none left",
        [E_ENVIRONMENT] = "no such environment",
        [E_ENTRY] = "it has no entry",
        [E_QUOTA] = "more than your share",
        [E_AGAIN] = "not now",
        [E_DEVICE] = "no such device",
        [E_CODE] = "not an instruction for a handler",
    };
    uint32_t error = (uint32_t)-result;
    if (error < sizeof texts / sizeof *texts && texts[error])
        return texts[error];
    return "an error";
}

/* What was tried, which must have failed. */
static void must_fail(int32_t result, const char *what)
{
    tried++;
    allowed += result >= 0;
    printf("attack %s: %s: %s\n", attack_name, what,
           result >= 0 ? "ALLOWED" : answer(result));
}

static int skip(uint32_t address, int is_write, uint32_t epc)
{
    (void)is_write, (void)epc;
    fault_count++;
    return exo_page_map((void *)(address & ~(PAGE - 1)), 1, EXO_PROT_READ | EXO_PROT_WRITE) != 0;
}

/* An environment that is neither this one nor init. */
static uint32_t find_victim(void)
{
    uint32_t self = exo_envid(), found = 0;
    for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++) {
        const volatile struct aegis_env *env = exo_page_map_physical(
            AEGIS_EXPORT_ENVIRONMENTS / PAGE + slot * SIZEOF_ENV / PAGE, EXO_PROT_READ);
        if (!env)
            return 0;
        env += slot % (PAGE / SIZEOF_ENV);
        if (env->id != 0 && env->id != self && env->state != AEGIS_ENV_DEAD &&
            (found == 0 || env->parent != 0))
            found = env->id;
    }
    return found;
}

/* A page of that environment. */
static uint32_t page_of(uint32_t envid)
{
    const struct aegis_header *header =
        exo_page_map_physical(AEGIS_EXPORT_HEADER / PAGE, EXO_PROT_READ);
    for (uint32_t page = 0; header && page < header->page_count; page += PAGE / SIZEOF_PAGE) {
        const struct aegis_page *records = exo_page_map_physical(
            (AEGIS_EXPORT_PAGES + page * SIZEOF_PAGE) / PAGE, EXO_PROT_READ);
        for (uint32_t i = 0; records && i < PAGE / SIZEOF_PAGE; i++)
            if (records[i].owner == envid)
                return page + i;
    }
    return KERNEL_PAGE;
}

static void forge(void)
{
    struct aegis_capability own, forged;
    int32_t page = aegis_page_alloc(AEGIS_ANY, &own), result = -1;
    uint32_t refused = 0;
    for (uint32_t bit = 0; bit < 128; bit++) {
        forged = own;
        ((uint32_t *)&forged)[bit / 32] ^= 1u << bit % 32;
        result = aegis_bind(&forged, 0);
        refused += result < 0;
    }
    must_fail(refused == 128 ? result : 0, "a capability with any one of its 128 bits changed");
    forged = own;
    forged.name = AEGIS_KIND_MACHINE << 24;
    must_fail(aegis_bind(&forged, 0), "its tag for the machine");
    must_fail(aegis_mint(AEGIS_KIND_MACHINE, 0, AEGIS_RIGHT_CONTROL, &forged),
              "to mint one for the machine");
    aegis_page_free((uint32_t)page);
    must_fail(aegis_bind(&own, 0), "one of a page that was freed");
    page = aegis_page_alloc((uint32_t)page, 0);
    must_fail(aegis_bind(&own, 0), "the same when the page is allocated again");
    aegis_page_free((uint32_t)page);
}

static void theft(void)
{
    uint32_t victim = find_victim(), page = page_of(victim);
    printf("attack %s: the victim is environment 0x%x with page %u\n", attack_name, victim, page);
    must_fail(aegis_tlb_write(AREA, page << 12 | READ_ONLY), "to map its page for reading");
    must_fail(aegis_tlb_write(AREA, page << 12 | READ_WRITE), "for writing");
    must_fail(aegis_page_alloc(page, 0), "to allocate it by name");
    must_fail(aegis_page_free(page), "to free it");
    must_fail(aegis_page_give(page, exo_envid()), "to be given it");
    must_fail(aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 50, page << 12 | READ_ONLY, 0),
              "to pin it");
    must_fail(aegis_cache_flush(page * PAGE, 4), "to flush it");
    must_fail(aegis_env_destroy(victim, 0), "to destroy the victim");
    must_fail(aegis_env_set(victim, AEGIS_FIELD_SLICE_START, AREA, 0), "to give it a handler");
    must_fail(aegis_revoke(victim, AEGIS_KIND_PAGE, 1, 0), "to have its pages revoked");
}

static void kernel(void)
{
    static const uint32_t address[] = {0x80020000, 0xa0020000, 0xfffff000};
    must_fail(aegis_tlb_write(AREA, KERNEL_PAGE << 12 | READ_ONLY), "to map the kernel");
    must_fail(aegis_tlb_write(AREA, AEGIS_EXPORT_PAGES | READ_WRITE),
              "to map its exported records for writing");
    must_fail(aegis_tlb_write(0x80020000, KERNEL_PAGE << 12 | READ_ONLY),
              "to map something in its space");
    must_fail(aegis_tlb_write(AREA, 0x1fc00000 | READ_WRITE), "to map the devices");
    must_fail(aegis_tlb_delete(0xfffff000), "to remove its wired TLB entry");
    for (uint32_t i = 0; i < 3; i++) {
        must_fail(aegis_env_set(0, AEGIS_FIELD_SLICE_END, address[i], 0),
                  "a handler in the kernel");
        must_fail(aegis_env_set(0, AEGIS_FIELD_EXCEPTION + 9, address[i], 0x40),
                  "an exception handler there");
    }
    must_fail(aegis_env_set(0, AEGIS_FIELD_EXCEPTION + 9, AREA, 0xffc), "a save area across a page");
    must_fail(aegis_env_set(0, AEGIS_FIELD_UPAGE, KERNEL_PAGE, 0), "the kernel as upage");
    must_fail(aegis_halt(), "to halt the machine");
}

static void stale(void)
{
    int32_t page = aegis_page_alloc(AEGIS_ANY, 0);
    volatile uint32_t *at = (volatile uint32_t *)AREA;
    aegis_tlb_write(AREA, (uint32_t)page << 12 | READ_WRITE);
    at[0] = 0xdead;
    aegis_page_free((uint32_t)page);
    exo_on_fault(skip);
    uint32_t value = at[0]; /* the handler gives a clean page instead */
    exo_on_fault(0);
    must_fail(value == 0xdead || fault_count == 0 ? 0 : -E_RIGHTS,
              "to read a freed page through its old mapping");
    must_fail(aegis_tlb_write(AREA, (uint32_t)page << 12 | READ_ONLY), "to map it again");
}

static void disk(void)
{
    uint32_t own = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0) * PAGE;
    struct aegis_capability cap;
    must_fail(aegis_extent_create(0, 0, 16, &cap), "an extent over the boot block");
    must_fail(aegis_extent_create(99, 0, 16, &cap), "one of a disk that is not there");
    must_fail(aegis_disk_write(0, 0, own, 8, own), "to write the whole disk's extent");
    must_fail(aegis_disk_read(0, 0, KERNEL_PAGE * PAGE, 8, own), "to read it into the kernel");
    aegis_page_free(own / PAGE);
}

static void slices(void)
{
    uint32_t got = 0;
    int32_t result = 0, mine[AEGIS_SLICE_COUNT];
    while (got < AEGIS_SLICE_COUNT && (result = aegis_slice_alloc(AEGIS_ANY)) >= 0)
        mine[got++] = result;
    must_fail(result, "to take every slice there is");
    must_fail(aegis_slice_free(0), "to free init's");
    must_fail(aegis_slice_give(0, exo_envid()), "to be given it");
    must_fail(aegis_slice_set(0, exo_envid()), "to be made its owner");
    while (got > 0)
        aegis_slice_free((uint32_t)mine[--got]);
}

static void hoard(void)
{
    uint32_t made[AEGIS_ENV_COUNT], count = 0;
    int32_t result = 0;
    while (count < AEGIS_ENV_COUNT && (result = aegis_env_create(0)) >= 0) {
        made[count++] = (uint32_t)result;
        aegis_env_destroy((uint32_t)result, 0);
    }
    must_fail(result, "every environment's record, with the dead");
    while (count > 0)
        aegis_env_reap(made[--count]);
}

static void pointers(void)
{
    static const uint32_t address[] = {KERNEL_PAGE * PAGE, 0x80020000, 0xfffffffc, 0x7f000000};
    for (uint32_t i = 0; i < 4; i++) {
        must_fail(aegis_packet_send(address[i], 60, 0, 0), "a frame out of what is not its own");
        must_fail(aegis_filter_install(address[i], 1, 0, 0), "a filter there");
        must_fail(aegis_ash_download(address[i], 4, 0), "a handler there");
        must_fail(aegis_cache_flush(address[i], 4), "a flush there");
    }
}

static const struct {
    const char *name;
    void (*run)(void);
    const char *text;
} attacks[] = {
    {"forge", forge, "forged and replayed capabilities"},
    {"theft", theft, "another's pages and another's control"},
    {"kernel", kernel, "mappings, handlers and save areas in the kernel"},
    {"stale", stale, "a freed page through its old mapping"},
    {"disk", disk, "extents and transfers without a right"},
    {"slices", slices, "the time of others"},
    {"hoard", hoard, "all records of environments"},
    {"pointers", pointers, "pointers to what is not its own"},
};
#define COUNT (sizeof attacks / sizeof *attacks)

int main(int argc, char **argv)
{
    for (uint32_t i = 0; i < COUNT; i++) {
        if (argc > 1 && strcmp(argv[1], attacks[i].name) != 0 && strcmp(argv[1], "all") != 0)
            continue;
        if (argc < 2)
            break;
        attack_name = attacks[i].name;
        attacks[i].run();
    }
    if (tried == 0) {
        printf("usage: attack all|NAME\n");
        for (uint32_t i = 0; i < COUNT; i++)
            printf("  %s: %s\n", attacks[i].name, attacks[i].text);
        return 2;
    }
    printf("attack: %u tried, %u refused\n", tried, tried - allowed);
    return allowed != 0;
}
