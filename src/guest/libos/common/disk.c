/*
 * Disk transfers: Aegis moves sectors by DMA into a page we own, and changes a completion word when
 * it is done. The cache holds whole pages of four blocks, replaced in turn.
 */
#include "disk.h"
#include "memory.h"
#include "process.h"
#include <stddef.h>

#define CACHE_PAGES 4
#define PENDING 0xffffffffu
#define BLOCKS_PER_PAGE 4
#define NO_PAGE 0xffffffffu

static int extents[2];
static uint8_t cache[CACHE_PAGES][AEGIS_PAGE_SIZE] __attribute__((aligned(4096)));
static uint32_t cached_page[CACHE_PAGES];
static uint32_t next_victim;

void disk_start(void)
{
    for (int i = 0; i < 2; i++)
        extents[i] = START->disk_capability[i].name ? aegis_bind(&START->disk_capability[i],
                                                                 0) : -1;
    for (int i = 0; i < CACHE_PAGES; i++)
        cached_page[i] = NO_PAGE;
}

uint8_t *disk_scratch(void)
{
    cached_page[0] = NO_PAGE;
    return cache[0];
}

int disk_read(int disk, uint32_t sector, uint32_t count, uint32_t physical)
{
    volatile uint32_t *completion = (volatile uint32_t *)(IO_PAGE + IO_COMPLETION);

    if (extents[disk] < 0)
        return -1;
    *completion = PENDING;
    int result;
    process_names_held++;
    for (;;) {
        uint32_t seen = process_events();
        result = aegis_disk_read((uint32_t)extents[disk], sector, physical, count,
                                 io_physical + IO_COMPLETION);
        if (result != -E_AGAIN)
            break;
        process_wait_event(seen, 0);
    }
    process_names_held--;
    if (result < 0)
        return -1;
    while (*completion == PENDING)
        process_wait(io_physical + IO_COMPLETION, PENDING, 0);
    return *completion == count ? 0 : -1;
}

const uint8_t *disk_block(void *context, uint32_t block)
{
    uint32_t page = block / BLOCKS_PER_PAGE;
    uint32_t within = block % BLOCKS_PER_PAGE * 1024;

    (void)context;
    for (uint32_t i = 0; i < CACHE_PAGES; i++)
        if (cached_page[i] == page)
            return cache[i] + within;
    uint32_t victim = next_victim;
    next_victim = (next_victim + 1) % CACHE_PAGES;
    cached_page[victim] = NO_PAGE;
    uint32_t sectors = BLOCKS_PER_PAGE * DISK_BLOCK_SECTORS;
    uint32_t physical = memory_physical(cache[victim]);
    if (disk_read(0, page * sectors, sectors, physical) < 0)
        return NULL;
    cached_page[victim] = page;
    return cache[victim] + within;
}
