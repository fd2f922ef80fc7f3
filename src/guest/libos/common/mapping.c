/*
 * The memory half of the interface (library-calls.h): zeroed pages at an address, giving them back,
 * protection, physical pages by name, tiles of the frame buffer, counts.
 */
#include "memory.h"
#include "process.h"
#include "table.h"
#include <generated/library-calls.h>

static uint32_t next_map = MAP_LOW;

static bool is_outside(uint32_t low, uint32_t count)
{
    return low % AEGIS_PAGE_SIZE || low < MAP_LOW || low >= MAP_HIGH
           || count > (MAP_HIGH - low) / AEGIS_PAGE_SIZE || count == 0;
}

void *exo_page_map(void *address, uint32_t count, int protection)
{
    uint32_t low = address ? (uint32_t)address : next_map;

    if (is_outside(low, count)) {
        process_fail(EXO_EINVAL);
        return NULL;
    }
    struct region region = {
        .low = low,
        .high = low + count * AEGIS_PAGE_SIZE,
        .file_high = low,
        .is_writable = (protection & EXO_PROT_WRITE) != 0,
    };
    process_enter();
    int result = memory_add(&region);
    process_leave();
    if (result < 0) {
        process_fail(EXO_EINVAL);
        return NULL;
    }
    if (region.high > next_map)
        next_map = region.high;
    return (void *)low;
}

int exo_page_unmap(void *address, uint32_t count)
{
    uint32_t low = (uint32_t)address;

    if (is_outside(low, count))
        return process_fail(EXO_EINVAL);
    process_enter();
    int released = (int)memory_release(low, low + count * AEGIS_PAGE_SIZE);
    process_leave();
    return released;
}

/*
 * The page table says what is allowed; the TLB learns it by a new mapping, or by losing the old
 * one.
 */
int exo_page_protect(void *address, uint32_t count, int protection)
{
    uint32_t low = (uint32_t)address;
    int result = 0;

    if (is_outside(low, count))
        return process_fail(EXO_EINVAL);
    process_enter();
    for (uint32_t at = low; at < low + count * AEGIS_PAGE_SIZE; at += AEGIS_PAGE_SIZE) {
        uint32_t entry = table_get(at);
        if (!entry && memory_fault(at, 2) > 0)
            entry = table_get(at);
        if (!entry) {
            result = EXO_ENOMEM;
            break;
        }
        entry &= ~(ENTRY_VALID | ENTRY_WRITABLE);
        if (protection & EXO_PROT_READ)
            entry |= ENTRY_VALID;
        if (protection & EXO_PROT_WRITE)
            entry |= ENTRY_VALID | ENTRY_WRITABLE;
        table_set(at, entry);
        if (entry & ENTRY_VALID)
            aegis_tlb_write(at, entry & ~0xffu);
        else
            aegis_tlb_delete(at);
    }
    process_leave();
    return result ? process_fail(result) : 0;
}

void *exo_page_map_physical(uint32_t page, int protection)
{
    uint32_t at = next_map;
    uint32_t entry = page << 12 | ENTRY_VALID;

    if (protection & EXO_PROT_WRITE)
        entry |= ENTRY_WRITABLE;
    if (aegis_tlb_write(at, entry) < 0) {
        process_fail(EXO_EACCES);
        return NULL;
    }
    process_enter();
    int result = table_set(at, entry);
    process_leave();
    if (result < 0) {
        process_fail(EXO_ENOMEM);
        return NULL;
    }
    next_map += AEGIS_PAGE_SIZE;
    return (void *)at;
}

/*
 * Tiles are not in the page table: Aegis keeps their mappings in its software TLB, and when another
 * mapping has taken the place of one there, memory_fault binds it again.
 */
void *exo_tile_map(uint32_t first, uint32_t count)
{
    uint32_t low = next_map, taken = 0;
    int error = 0;

    if (is_outside(low, count)) {
        process_fail(EXO_EINVAL);
        return NULL;
    }
    struct region region = {
        .low = low,
        .high = low + count * AEGIS_PAGE_SIZE,
        .file_high = low,
        .is_writable = true,
        .is_screen = true,
        .first_tile = first,
    };
    process_enter();
    while (error == 0 && taken < count) {
        int result = aegis_tile_alloc(first + taken, NULL);
        if (result < 0)
            error = -result;
        else
            taken++;
    }
    if (error == 0 && memory_add(&region) < 0)
        error = EXO_ENOMEM;
    while (error != 0 && taken > 0)
        aegis_tile_free(first + --taken);
    process_leave();
    if (error != 0) {
        process_fail(error);
        return NULL;
    }
    next_map = region.high;
    return (void *)low;
}

int exo_page_statistics(struct exo_page_statistics *into)
{
    into->pages = memory_env_record(UPAGE->envid)->page_count;
    into->refills = UPAGE_WORD(U_REFILLS);
    into->faults = memory_counts.faults;
    into->table_pages = table_page_count();
    into->given_up = memory_counts.given_up;
    into->repossessed = memory_counts.repossessed;
    return 0;
}
