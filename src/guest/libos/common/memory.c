/* Regions, physical pages and faults (memory.h). */
#include "memory.h"
#include "process.h"
#include "table.h"
#include <string.h>

#define PAGE_MASK (~4095u)
#define REGION_MAX 48

enum { CODE_MODIFIED = 1, CODE_LOAD = 2, CODE_STORE = 3 };

struct memory_counts memory_counts;

static struct region regions[REGION_MAX];
static uint32_t region_count;
static uint32_t next_page_of_colour[64];

/*
 * A page of the wanted colour is looked for by name among the exported page records, from where the
 * last search of that colour ended; when it is gone by the time we ask, or there is none, any page
 * will do.
 */
int memory_page_alloc(uint32_t colour)
{
    if (colour == MEMORY_ANY_COLOUR)
        return aegis_page_alloc(AEGIS_ANY, NULL);
    const struct aegis_header *header = memory_header();
    uint32_t colours = header->page_color_count;
    uint32_t count = header->page_count;
    colour %= colours;
    uint32_t page = next_page_of_colour[colour & 63];
    if (page == 0)
        page = colour;
    for (uint32_t looked = 0; looked < count; looked += colours, page += colours) {
        if (page >= count)
            page = colour;
        if (memory_page_record(page)->owner != AEGIS_OWNER_FREE)
            continue;
        int result = aegis_page_alloc(page, NULL);
        if (result == -E_QUOTA)
            return result;
        if (result >= 0) {
            next_page_of_colour[colour & 63] = page + colours;
            return (int)page;
        }
    }
    return aegis_page_alloc(AEGIS_ANY, NULL);
}

bool memory_page_is_clear(uint32_t page)
{
    return memory_page_record(page)->last_owner != UPAGE->envid;
}

void memory_clear(void *page)
{
    memset(page, 0, AEGIS_PAGE_SIZE);
}

struct region *memory_find(uint32_t address)
{
    for (uint32_t i = 0; i < region_count; i++)
        if (address >= regions[i].low && address < regions[i].high)
            return &regions[i];
    return NULL;
}

struct region *memory_find_low(uint32_t low)
{
    for (uint32_t i = 0; i < region_count; i++)
        if (regions[i].low == low)
            return &regions[i];
    return NULL;
}

int memory_add(const struct region *region)
{
    if (region_count == REGION_MAX)
        return -1;
    for (uint32_t i = 0; i < region_count; i++)
        if (region->low < regions[i].high && regions[i].low < region->high)
            return -1;
    regions[region_count++] = *region;
    return 0;
}

/* Content of a new page, which is mapped writable at its address meanwhile. */
static int fill(const struct region *region, uint32_t page, uint32_t physical_page)
{
    uint32_t size = 0;

    if (page < region->file_high)
        size = region->file_high - page < AEGIS_PAGE_SIZE ? region->file_high - page
                                                          : AEGIS_PAGE_SIZE;
    if (size < AEGIS_PAGE_SIZE && !memory_page_is_clear(physical_page))
        memory_clear((void *)page);
    if (size > 0 && process_read_program(region->file_offset + (page - region->low), (void *)page,
                                         size, physical_page) < 0)
        return -1;
    if (size > 0 && !region->is_writable)
        aegis_cache_flush(physical_page << 12, AEGIS_PAGE_SIZE);
    return 0;
}

static int bring_in(const struct region *region, uint32_t page)
{
    uint32_t colours = memory_header()->page_color_count;
    int physical_page = memory_page_alloc((page >> 12) % colours);

    if (physical_page < 0)
        return -1;
    uint32_t entry = (uint32_t)physical_page << 12 | ENTRY_VALID | ENTRY_OWNED;
    if (table_set(page, entry | ENTRY_WRITABLE) < 0) {
        aegis_page_free((uint32_t)physical_page);
        return -1;
    }
    aegis_tlb_write(page, (entry | ENTRY_WRITABLE) & ~0xffu);
    if (fill(region, page, (uint32_t)physical_page) < 0) {
        table_set(page, 0);
        aegis_page_free((uint32_t)physical_page);
        return 0;
    }
    if (region->is_writable) {
        entry |= ENTRY_WRITABLE;
    } else {
        entry |= ENTRY_CLEAN;
        aegis_tlb_write(page, entry & ~0xffu);
    }
    table_set(page, entry);
    memory_counts.faults++;
    return 1;
}

int memory_fault(uint32_t address, uint32_t code)
{
    uint32_t page = address & PAGE_MASK;
    uint32_t entry = table_get(page);

    if (entry) {
        if (!(entry & ENTRY_VALID))
            return 0;
        if (code != CODE_LOAD && !(entry & ENTRY_WRITABLE))
            return 0;
        if (aegis_tlb_write(page, entry & ~0xffu) >= 0)
            return 1;
        table_set(page, 0); /* taken by force, and we have not been told yet */
    }
    if (page - EXPORT_VIEW < EXPORT_VIEW_SIZE) {
        entry = (page - EXPORT_VIEW) | ENTRY_VALID;
        return code == CODE_LOAD && table_set(page, entry) == 0
            && aegis_tlb_write(page, entry) >= 0;
    }
    const struct region *region = memory_find(address);
    if (!region || (code != CODE_LOAD && !region->is_writable))
        return 0;
    if (region->is_screen)
        return aegis_tile_map(page, region->first_tile + ((page - region->low) >> 12), 1) == 0;
    return bring_in(region, page);
}

static void drop(uint32_t page, uint32_t entry)
{
    table_set(page, 0);
    if (entry & ENTRY_OWNED)
        aegis_page_free(ENTRY_PAGE(entry));
    else
        aegis_tlb_delete(page);
}

uint32_t memory_release(uint32_t low, uint32_t high)
{
    uint32_t count = 0;

    for (uint32_t at = low; at < high; at += AEGIS_PAGE_SIZE) {
        uint32_t entry = table_get(at);
        if (entry) {
            drop(at, entry);
            count++;
        }
    }
    return count;
}

uint32_t memory_give_clean(uint32_t wanted)
{
    uint32_t given = 0;
    uint32_t cursor = 0;
    uint32_t at;
    uint32_t entry;

    while (given < wanted
           && (entry = table_next(&cursor, PROGRAM_LOW, PROGRAM_HIGH, &at)) != 0) {
        if ((entry & ENTRY_CLEAN) && (entry & ENTRY_OWNED)) {
            drop(at, entry);
            given++;
        }
    }
    return given;
}

uint32_t memory_lost_page(uint32_t page, bool *is_clean)
{
    uint32_t cursor = 0;
    uint32_t at;
    uint32_t entry;

    while ((entry = table_next(&cursor, PROGRAM_LOW, USER_STACK_TOP, &at)) != 0) {
        if (ENTRY_PAGE(entry) == page && (entry & ENTRY_OWNED)) {
            *is_clean = (entry & ENTRY_CLEAN) != 0;
            table_set(at, 0);
            return at;
        }
    }
    return 0;
}

uint32_t memory_physical(const void *address)
{
    uint32_t entry = table_get((uint32_t)address & PAGE_MASK);

    return (entry & PAGE_MASK) | ((uint32_t)address & 4095);
}
