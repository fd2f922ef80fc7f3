/*
 * The software TLB (SOSP'95 section 5.3): 4096 direct-mapped entries in unmapped memory, probed by
 * the refill vector. Entries are made by tlb_write, by guaranteed mappings and, for tiles, here;
 * here they are taken away.
 */
#include "aegis.h"

#define EMPTY 0xffffffffu
#define SPACE_MASK 0x00000fc0u

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

/* Every mapping of a page of an owner, and every one of an address space (0: none). */
void stlb_purge_owned(uint32_t envid, uint32_t space)
{
    for (int i = 0; i < AEGIS_STLB_COUNT; i++) {
        uint32_t entry_hi = stlb[i].entry_hi;
        if (entry_hi != EMPTY && ((entry_hi & SPACE_MASK) == space ||
                                  page_records[stlb[i].entry_lo >> 12].owner == envid))
            stlb[i].entry_hi = EMPTY;
    }
}
