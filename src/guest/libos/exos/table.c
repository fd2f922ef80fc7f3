/*
 * ExOS's linear page table: a root of 512 words and second-level tables of 1024 EntryLo words, each
 * in a physical page of its own. The first is one of the image's guaranteed pages; the next 32 are
 * pinned by guaranteed mappings; any more are reached through TABLE_VIEW, by entries in the upper
 * half of the root page, and may miss in the TLB like any page.
 */
#include "layout.h"
#include "memory.h"
#include "start-page.h"
#include "table.h"

#define ROOT ((uint32_t *)G_ADDRESS(G_TABLE))
#define VIEW_ENTRIES (ROOT + 512)
#define FIRST_TABLE G_ADDRESS(G_TABLE + 1)
#define VIEW_SLOT (TABLE_VIEW >> 22)
#define UNPINNED 0x80000000u

static uint32_t pinned_count;
static uint32_t unpinned_count;

GUARANTEED void table_start(void)
{
    const struct start_page *start = (const struct start_page *)G_ADDRESS(G_START);
    uint32_t *table = (uint32_t *)FIRST_TABLE;

    ROOT[EXO_IMAGE_BASE >> 22] = FIRST_TABLE;
    ROOT[VIEW_SLOT] = (uint32_t)VIEW_ENTRIES;
    for (uint32_t i = 0; i < start->image_pages; i++)
        table[i] = start->image[i];
}

static uint32_t *table_of(uint32_t address)
{
    return (uint32_t *)(ROOT[address >> 22] & ~UNPINNED);
}

static uint32_t index_of(uint32_t address)
{
    return (address >> 12) & 1023;
}

/* A new second-level table, pinned while guaranteed mappings last. */
static uint32_t *grow(uint32_t address)
{
    uint32_t slot = address >> 22;
    int page = memory_page_alloc(memory_any_colour());
    if (page < 0)
        return NULL;
    uint32_t entry = (uint32_t)page << 12 | ENTRY_WRITABLE | ENTRY_VALID;
    uint32_t *table;
    if (pinned_count < G_TABLE_MORE_COUNT
        && aegis_env_set(0, AEGIS_FIELD_GUARANTEED + G_TABLE_MORE + pinned_count, entry, 0) >= 0) {
        table = (uint32_t *)G_ADDRESS(G_TABLE_MORE + pinned_count);
        pinned_count++;
        memory_clear(table);
        ROOT[slot] = (uint32_t)table;
    } else {
        table = (uint32_t *)(TABLE_VIEW + slot * 4096);
        VIEW_ENTRIES[slot] = entry;
        unpinned_count++;
        memory_clear(table);
        ROOT[slot] = (uint32_t)table | UNPINNED;
    }
    return table;
}

uint32_t table_get(uint32_t address)
{
    uint32_t *table = table_of(address);

    return table ? table[index_of(address)] : 0;
}

int table_set(uint32_t address, uint32_t entry)
{
    uint32_t *table = table_of(address);

    if (!table && entry)
        table = grow(address);
    if (!table)
        return entry ? -1 : 0;
    table[index_of(address)] = entry;
    return 0;
}

/* The cursor is the next address, with bit 0 set so that it is never 0 once begun. */
uint32_t table_next(uint32_t *cursor, uint32_t low, uint32_t high, uint32_t *address)
{
    uint32_t at = *cursor ? *cursor & ~1u : low;

    while (at < high) {
        uint32_t *table = table_of(at);
        uint32_t entry = table ? table[index_of(at)] : 0;
        if (entry) {
            *address = at;
            *cursor = (at + 4096) | 1;
            return entry;
        }
        at = table ? at + 4096 : (at & ~0x3fffffu) + 0x400000u;
    }
    *cursor = high | 1;
    return 0;
}

uint32_t table_page_count(void)
{
    return 2 + pinned_count + unpinned_count;
}

int table_lost_page(uint32_t page)
{
    for (uint32_t slot = 0; slot < 512; slot++) {
        if ((ROOT[slot] & UNPINNED) && ENTRY_PAGE(VIEW_ENTRIES[slot]) == page) {
            ROOT[slot] = 0;
            VIEW_ENTRIES[slot] = 0;
            unpinned_count--;
            return 1;
        }
    }
    return 0;
}

/* Each table once; the view first, for those that are not pinned are reached by it. */
GUARANTEED void table_moved(const uint32_t *moves, uint32_t count)
{
    for (uint32_t slot = 0; slot < 512; slot++)
        if (ROOT[slot] & UNPINNED)
            VIEW_ENTRIES[slot] = table_moved_entry(VIEW_ENTRIES[slot], moves, count);
    for (uint32_t slot = 0; slot < 512; slot++) {
        uint32_t *table = (uint32_t *)(ROOT[slot] & ~UNPINNED);
        for (uint32_t i = 0; table && slot != VIEW_SLOT && i < 1024; i++)
            if (table[i])
                table[i] = table_moved_entry(table[i], moves, count);
    }
}
