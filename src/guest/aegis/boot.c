/*
 * From the firmware to the first environment: vectors, exported tables, seed, devices, and init,
 * whose ELF file is embedded in the image. init gets its image as one linear guaranteed mapping, a
 * stack, an upage, a boot information page with the capabilities of the machine, the lines and the
 * disks, and every eighth time slice.
 */
#include "aegis.h"
#include "network.h"

#define REX_MAGIC 0x30464354u
#define REX_PRINTF 0x30
#define REX_GETSYSID 0x80
#define REX_GETBITMAP 0x84
#define REX_HALT 0x9c
#define BITMAP_BYTES 4096
#define VECTOR_UTLB (KSEG0 + 0x000)
#define VECTOR_GENERAL (KSEG0 + 0x080)
#define MAX_PAGES 32768u

struct elf_header {
    uint8_t identity[16];
    uint16_t type, machine;
    uint32_t version, entry, phoff, shoff, flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf_segment {
    uint32_t type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

extern const uint8_t init_image[], init_image_end[];

static uint32_t rex_vector;

static void *rex(uint32_t offset)
{
    return *(void **)(rex_vector + offset);
}

void machine_halt(void)
{
    void (*halt)(const char *value, uint32_t count) = rex(REX_HALT);
    halt(0, 0);
    for (;;)
        ;
}

int32_t call_halt(void)
{
    if (!current_env->privileges)
        return -E_RIGHTS;
    console_print("Aegis: halted by the machine's owner\n");
    machine_halt();
}

static void copy(uint32_t to, const uint32_t *from, const uint32_t *end)
{
    uint32_t *word = (uint32_t *)to;
    while (from < end)
        *word++ = *from++;
}

static void install_vectors(void)
{
    ASSERT((uint32_t)utlb_vector_end - (uint32_t)utlb_vector <= VECTOR_GENERAL - VECTOR_UTLB);
    copy(VECTOR_UTLB, utlb_vector, utlb_vector_end);
    copy(VECTOR_GENERAL, general_vector, general_vector_end);
    cache_invalidate(KSEG0, 256, CACHE_SWAP);
}

/* Pages of memory, by the firmware's map of good ones: a bit for each page, lowest first. */
static uint32_t memory_pages(void)
{
    static struct {
        uint32_t page_size;
        uint8_t bits[BITMAP_BYTES];
    } map;
    uint32_t (*getbitmap)(void *map) = rex(REX_GETBITMAP);
    uint32_t bytes = getbitmap(&map), count = 0;
    while (count < bytes && count < BITMAP_BYTES && map.bits[count] == 0xff)
        count++;
    count *= 8;
    return count < MAX_PAGES ? count : MAX_PAGES;
}

/* Loads init's segments into a run of pages. Returns the entry PC. */
static uint32_t load_init(struct aegis_env *env)
{
    const struct elf_header *elf = (const struct elf_header *)init_image;
    const struct elf_segment *segment = (const struct elf_segment *)(init_image + elf->phoff);
    uint32_t end = AEGIS_INIT_BASE, count;
    uint8_t *memory;
    if (*(const uint32_t *)elf->identity != 0x464c457f || elf->machine != 8)
        panic("init is not a MIPS ELF file");
    for (uint32_t i = 0; i < elf->phnum; i++)
        if (segment[i].type == 1 && segment[i].vaddr + segment[i].memsz > end)
            end = segment[i].vaddr + segment[i].memsz;
    count = (end - AEGIS_INIT_BASE + AEGIS_PAGE_SIZE - 1) / AEGIS_PAGE_SIZE;
    env->linear_base = AEGIS_INIT_BASE;
    env->linear_page = page_take_run(env, count);
    env->linear_count = count;
    for (uint32_t i = 0; i < count; i++) {
        page_records[env->linear_page + i].pins++;
        page_records[env->linear_page + i].mapped = 1;
    }
    memory = (uint8_t *)(KSEG0 + env->linear_page * AEGIS_PAGE_SIZE);
    for (uint32_t i = 0; i < elf->phnum; i++) {
        if (segment[i].type != 1)
            continue;
        if (segment[i].vaddr < AEGIS_INIT_BASE)
            panic("init is not linked at AEGIS_INIT_BASE");
        for (uint32_t j = 0; j < segment[i].filesz; j++)
            memory[segment[i].vaddr - AEGIS_INIT_BASE + j] = init_image[segment[i].offset + j];
    }
    return elf->entry;
}

static uint32_t pin_new_page(struct aegis_env *env, uint32_t index)
{
    uint32_t page = page_take_run(env, 1);
    ASSERT(env_pin(env, index, page << 12 | AEGIS_ENTRYLO_VALID | AEGIS_ENTRYLO_WRITABLE) == 0);
    return page;
}

static void fill_boot_info(struct aegis_env *env, struct aegis_boot_info *info)
{
    info->magic = AEGIS_MAGIC;
    info->envid = env->id;
    info->linear_page = env->linear_page;
    info->linear_count = env->linear_count;
    capability_make((struct aegis_capability *)info->machine_capability, AEGIS_KIND_MACHINE, 0,
                    AEGIS_RIGHT_CONTROL);
    for (uint32_t line = 0; line < AEGIS_LINE_COUNT; line++) {
        lines[line].owner = env->id;
        if (lines[line].flags)
            capability_make((struct aegis_capability *)&info->line_capability[4 * line],
                            AEGIS_KIND_LINE, line, AEGIS_RIGHT_READ | AEGIS_RIGHT_WRITE);
    }
    for (uint32_t disk = 0; disk < AEGIS_DISK_COUNT; disk++) {
        info->disk_extent[disk] = AEGIS_ANY;
        if (header->disk_sectors[disk] == 0)
            continue;
        info->disk_extent[disk] = extent_make(env->id, disk, 0, header->disk_sectors[disk]);
        env->extent_count++;
        capability_make((struct aegis_capability *)&info->disk_capability[4 * disk],
                        AEGIS_KIND_EXTENT, info->disk_extent[disk],
                        AEGIS_RIGHT_READ | AEGIS_RIGHT_WRITE);
    }
    for (uint32_t i = 0; i < AEGIS_GUARANTEED_COUNT; i++)
        info->pages[i] = env->guaranteed[i] ? env->guaranteed[i] >> 12 : AEGIS_ANY;
}

/*
 * The first environment starts at its ELF entry, as a start-of-slice handler starts: every register
 * zero, sp too. It sets sp (0x7f03ffe0), its slice handlers and its frame, and calls resume; a tick
 * before that starts it over.
 */
static void start_init(void)
{
    static const char label[] = "init\0\0\0\0\0\0\0\0\0\0\0\0static";
    struct aegis_env *env = env_make(0);
    uint32_t upage, info;
    env->slice_start = load_init(env);
    upage = pin_new_page(env, AEGIS_GUARANTEED_UPAGE);
    page_records[upage].pins++;
    env->upage = KSEG0 + upage * AEGIS_PAGE_SIZE;
    env->frame = env->upage + OFFSET_UPAGE_FRAMES;
    env_upage(env)->envid = env->id;
    info = pin_new_page(env, AEGIS_GUARANTEED_BOOT);
    for (uint32_t i = 1; i <= AEGIS_INIT_STACK_PAGES; i++)
        pin_new_page(env, AEGIS_GUARANTEED_COUNT - i);
    for (uint32_t i = 0; i < sizeof label; i++)
        env->label[i] = (uint8_t)label[i];
    for (uint32_t i = 0; i < AEGIS_SLICE_COUNT; i += AEGIS_SLICE_COUNT / AEGIS_INIT_SLICES) {
        slices->owner[i] = env->id;
        slices->runner[i] = env->id;
        env->slice_count++;
    }
    fill_boot_info(env, (struct aegis_boot_info *)(KSEG0 + info * AEGIS_PAGE_SIZE));
    cache_invalidate(KSEG0, 65536, CACHE_SWAP); /* code was written */
    env->state = AEGIS_ENV_READY;
    slice_gate(env, 1);
    trace_env_run(env->id);
}

/* What the firmware says this machine is decides which chips are spoken to. */
static void find_board(void)
{
    uint32_t (*getsysid)(void) = rex(REX_GETSYSID);
    int (*printf)(const char *format, ...) = rex(REX_PRINTF);
    uint32_t system_id = getsysid();
    if (board_find(system_id))
        return;
    printf("Aegis: no driver for a machine of system id %x\n", system_id);
    machine_halt();
}

void boot(uint32_t vector, uint32_t magic)
{
    uint8_t seed[RTC_SEED_BYTES];
    rex_vector = vector;
    if (magic != REX_MAGIC) {
        rex_vector = 0;
        for (;;)
            ;
    }
    find_board();
    tlb_clear();
    export_init(memory_pages());
    install_vectors();
    clock_init(seed);
    capability_init(seed);
    for (uint32_t i = 0; i < RTC_SEED_BYTES; i++)
        ((volatile uint8_t *)seed)[i] = 0;
    console_print("Aegis: ");
    console_number(header->page_count);
    console_print(" pages, ");
    console_number(header->free_count);
    console_print(" free\n");
    line_init();
    disk_init();
    network_init();
    tile_init();
    start_init();
    board.start_interrupts();
    slice_schedule();
}
