/*
 * The root disk behind a small block cache, and raw transfers, by init's own extents over whole
 * disks.
 */
#include "init.h"

#define CACHE_PAGES 4
#define BLOCKS_PER_PAGE 4
#define SECTORS_PER_BLOCK 2
#define PENDING 0xffffffffu
#define NO_PAGE 0xffffffffu

int wait_word(uint32_t physical, uint32_t old, uint32_t deadline);

struct ext2 disks_root;

static uint8_t cache[CACHE_PAGES][AEGIS_PAGE_SIZE] __attribute__((aligned(4096)));
static uint32_t cached_page[CACHE_PAGES] = { NO_PAGE, NO_PAGE, NO_PAGE, NO_PAGE };
static uint32_t next_victim;
static uint8_t head[AEGIS_PAGE_SIZE] __attribute__((aligned(4096)));
static volatile uint32_t completion;

bool disks_has(uint32_t disk)
{
    return BOOT->disk_extent[disk] != AEGIS_ANY;
}

int disks_start(void)
{
    for (uint32_t disk = 0; disk < 2; disk++)
        if (disks_has(disk))
            aegis_bind((const struct aegis_capability *)&BOOT->disk_capability[4 * disk], 0);
    return ext2_mount(&disks_root, disks_block, NULL);
}

int disks_read(uint32_t disk, uint32_t sector, uint32_t count, uint32_t physical)
{
    if (!disks_has(disk))
        return -1;
    completion = PENDING;
    for (;;) {
        uint32_t seen = exported_events();
        int result = aegis_disk_read(BOOT->disk_extent[disk], sector, physical, count,
                                     init_physical(&completion));
        if (result >= 0)
            break;
        if (result != -E_AGAIN)
            return -1;
        exported_wait(seen);
    }
    while (completion == PENDING)
        wait_word(init_physical(&completion), PENDING, 0);
    return completion == count ? 0 : -1;
}

const uint8_t *disks_block(void *context, uint32_t block)
{
    uint32_t page = block / BLOCKS_PER_PAGE;
    uint32_t within = block % BLOCKS_PER_PAGE * EXT2_BLOCK_SIZE;

    (void)context;
    for (uint32_t i = 0; i < CACHE_PAGES; i++)
        if (cached_page[i] == page)
            return cache[i] + within;
    uint32_t victim = next_victim;
    next_victim = (next_victim + 1) % CACHE_PAGES;
    cached_page[victim] = NO_PAGE;
    uint32_t sectors = BLOCKS_PER_PAGE * SECTORS_PER_BLOCK;
    if (disks_read(0, page * sectors, sectors, init_physical(cache[victim])) < 0)
        return NULL;
    cached_page[victim] = page;
    return cache[victim] + within;
}

int disks_read_page(struct ext2_file *file, uint32_t offset, uint32_t physical_page)
{
    uint32_t size = offset < file->size ? file->size - offset : 0;
    uint32_t blocks = ((size < 4096 ? size : 4096) + EXT2_BLOCK_SIZE - 1) / EXT2_BLOCK_SIZE;

    for (uint32_t i = 0; i < blocks;) {
        int64_t first = ext2_block(&disks_root, file, offset / EXT2_BLOCK_SIZE + i);
        uint32_t run = 1;
        if (first < 0)
            return -1;
        if (first == 0) { /* a hole: the page came cleared */
            i++;
            continue;
        }
        while (i + run < blocks
               && ext2_block(&disks_root, file, offset / EXT2_BLOCK_SIZE + i + run) == first + run)
            run++;
        if (disks_read(0, (uint32_t)first * SECTORS_PER_BLOCK, run * SECTORS_PER_BLOCK,
                       (physical_page << 12) + i * EXT2_BLOCK_SIZE) < 0)
            return -1;
        i += run;
    }
    return 0;
}

const uint8_t *disks_head(void)
{
    return disks_read(1, 0, 2, init_physical(head)) < 0 ? NULL : head;
}
