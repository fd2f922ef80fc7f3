/*
 * What a page table must offer to the rest of a library OS; each library OS brings its own (its
 * `table.c` and `refill.S`). Entries are EntryLo words as Aegis's tlb_write takes them; the low
 * byte, which the TLB ignores, holds the library's own flags. A page table also provides, in
 * guaranteed memory, tlb_load_handler and tlb_store_handler.
 */
#ifndef LIBOS_TABLE_H
#define LIBOS_TABLE_H

#include <stdint.h>

#define ENTRY_PAGE(entry) ((entry) >> 12)
#define ENTRY_WRITABLE 0x400u
#define ENTRY_VALID 0x200u
#define ENTRY_OWNED 0x01u /* the physical page is ours to free */
#define ENTRY_CLEAN 0x02u /* its content can be had again from the program file */

/* Code and data of handlers, in guaranteed mappings. */
#define GUARANTEED __attribute__((section(".guaranteed"), noinline))

/* Enters the pages of the image that the start page lists. Runs before any refill is possible. */
void table_start(void);

/* The entry of a page, 0 when there is none. */
uint32_t table_get(uint32_t address);

/* Sets, changes or (0) removes an entry; -1 when the table cannot grow. Never touches the TLB. */
int table_set(uint32_t address, uint32_t entry);

/*
 * Walks the entries of pages in [low, high), in an order of the table's own: start with *cursor 0;
 * returns an entry and its address, 0 at the end. What was returned last may be removed meanwhile.
 */
uint32_t table_next(uint32_t *cursor, uint32_t low, uint32_t high, uint32_t *address);

/*
 * A swap server gave pages back under other names: changes every entry. `moves` are `count` words,
 * old name << 16 | new name, in the order of old names. Uses nothing but guaranteed memory until the
 * table is right.
 */
void table_moved(const uint32_t *moves, uint32_t count);

/* An entry after such a move. */
static inline __attribute__((always_inline)) uint32_t table_moved_entry(uint32_t entry,
                                                                        const uint32_t *moves,
                                                                        uint32_t count)
{
    uint32_t low = 0;
    uint32_t high = count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (moves[middle] >> 16 < ENTRY_PAGE(entry))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == count || moves[low] >> 16 != ENTRY_PAGE(entry))
        return entry;
    return (moves[low] & 0xffff) << 12 | (entry & 4095);
}

/* Physical pages that the table itself takes. */
uint32_t table_page_count(void);

/* Told that a physical page was taken by force: 1 when it was one of the table's own. */
int table_lost_page(uint32_t page);

#endif
