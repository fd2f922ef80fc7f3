/*
 * The software TLB (SOSP'95 section 5.3): 4096 direct-mapped entries in unmapped memory, probed by
 * the refill vector. Entries are made by tlb_write, by guaranteed mappings and, for tiles, here;
 * here they are taken away.
 */
#include "aegis.h"

#define EMPTY 0xffffffffu
#define SPACE_MASK 0x00000fc0u
#define SPACE_SHIFT 6

void stlb_init(void)
{
    for (int i = 0; i < AEGIS_STLB_COUNT; i++) {
        stlb[i].entry_hi = EMPTY;
        stlb[i].entry_lo = 0;
    }
}

/* The one entry that may hold a mapping: index = (VPN xor ASID << 6) & 4095, as in the vector. */
static struct aegis_stlb_entry *entry_of(uint32_t entry_hi)
{
    return &stlb[((entry_hi >> 12) ^ (entry_hi & SPACE_MASK)) & (AEGIS_STLB_COUNT - 1)];
}

void stlb_put(uint32_t entry_hi, uint32_t entry_lo)
{
    entry_of(entry_hi)->entry_hi = entry_hi;
    entry_of(entry_hi)->entry_lo = entry_lo;
}

void stlb_purge(uint32_t entry_hi)
{
    struct aegis_stlb_entry *entry = entry_of(entry_hi);
    if (entry->entry_hi == entry_hi)
        entry->entry_hi = EMPTY;
}

/*
 * Every mapping of a physical page, for pages that are mapped in more than one place: 35,000 cycles
 * when the data cache holds the table, 85,000 when it holds none of it.
 */
void stlb_purge_page(uint32_t page)
{
    for (int i = 0; i < AEGIS_STLB_COUNT; i++)
        if (stlb[i].entry_lo >> 12 == page)
            stlb[i].entry_hi = EMPTY;
}

void stlb_purge_matching(uint32_t mask, uint32_t value)
{
    for (int i = 0; i < AEGIS_STLB_COUNT; i++)
        if ((stlb[i].entry_hi & mask) == value)
            stlb[i].entry_hi = EMPTY;
}

/* Every mapping of a page of an owner, and every one of the owner's own when it ends. */
void stlb_purge_owned(uint32_t envid, kernel_bool is_ending)
{
    for (int i = 0; i < AEGIS_STLB_COUNT; i++) {
        uint32_t entry_hi = stlb[i].entry_hi;
        if (entry_hi == EMPTY)
            continue;
        if (page_records[stlb[i].entry_lo >> 12].owner == envid ||
            (is_ending && header->asid_owner[(entry_hi & SPACE_MASK) >> SPACE_SHIFT] == envid))
            stlb[i].entry_hi = EMPTY;
    }
}
