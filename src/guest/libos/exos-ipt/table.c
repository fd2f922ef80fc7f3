/*
 * The hashed inverted page table of exos-ipt (refill.S has its layout). Collisions go to every
 * 853rd slot from there; removing an entry moves later ones of the sequence up, so there are no
 * tombstones. Every step leaves each entry findable, because a refill may come between any two: an
 * entry is copied before its old slot is freed, and its EntryLo is written before its VPN.
 */
#include "layout.h"
#include "memory.h"
#include "probe.h"
#include "start-page.h"
#include "table.h"

#define SLOT_COUNT 4096u
#define SLOT_MASK (SLOT_COUNT - 1)
#define SLOT_LIMIT 3840u /* keeps searches short, and one slot free for ever */
#define FREE 0xffffffffu
#define TABLE_PAGES 8

struct slot {
    uint32_t vpn;
    uint32_t entry;
};

#define TABLE ((volatile struct slot *)G_ADDRESS(G_TABLE))

static uint32_t used_count;

static inline __attribute__((always_inline)) uint32_t insert(uint32_t vpn, uint32_t entry)
{
    uint32_t i = (vpn ^ vpn >> 8) & SLOT_MASK;

    while (TABLE[i].vpn != FREE && TABLE[i].vpn != vpn)
        i = (i + STEP) & SLOT_MASK;
    uint32_t was = TABLE[i].vpn;
    TABLE[i].entry = entry;
    TABLE[i].vpn = vpn;
    return was == FREE;
}

GUARANTEED void table_start(void)
{
    const struct start_page *start = (const struct start_page *)G_ADDRESS(G_START);

    for (uint32_t i = 0; i < SLOT_COUNT; i++)
        TABLE[i].vpn = FREE;
    for (uint32_t i = 0; i < start->image_pages; i++)
        insert((EXO_IMAGE_BASE >> 12) + i, start->image[i]);
}

static uint32_t home(uint32_t vpn)
{
    return (vpn ^ vpn >> 8) & SLOT_MASK;
}

static uint32_t find(uint32_t vpn)
{
    uint32_t i = home(vpn);

    while (TABLE[i].vpn != FREE) {
        if (TABLE[i].vpn == vpn)
            return i;
        i = (i + STEP) & SLOT_MASK;
    }
    return SLOT_COUNT;
}

/* Probe steps from one slot to another. */
static uint32_t steps(uint32_t from, uint32_t to)
{
    return (to - from) * STEP_INVERSE & SLOT_MASK;
}

static void remove(uint32_t hole)
{
    uint32_t next = hole;

    for (;;) {
        next = (next + STEP) & SLOT_MASK;
        uint32_t vpn = TABLE[next].vpn;
        if (vpn == FREE)
            break;
        /* An entry may move up unless its home lies behind the hole, cyclically. */
        if (steps(home(vpn), next) < steps(hole, next))
            continue;
        TABLE[hole].entry = TABLE[next].entry;
        TABLE[hole].vpn = vpn;
        hole = next;
    }
    TABLE[hole].vpn = FREE;
    used_count--;
}

uint32_t table_get(uint32_t address)
{
    uint32_t i = find(address >> 12);

    return i < SLOT_COUNT ? TABLE[i].entry : 0;
}

int table_set(uint32_t address, uint32_t entry)
{
    uint32_t vpn = address >> 12;
    uint32_t i = find(vpn);

    if (!entry) {
        if (i < SLOT_COUNT)
            remove(i);
        return 0;
    }
    if (i < SLOT_COUNT) {
        TABLE[i].entry = entry;
        return 0;
    }
    if (used_count >= SLOT_LIMIT)
        return -1;
    used_count += insert(vpn, entry);
    return 0;
}

/*
 * Along the probe sequence backwards: removing what was found moves up only entries that were seen
 * already, except around the sequence's end, where one may be missed; callers of a walk can live
 * with that.
 */
uint32_t table_next(uint32_t *cursor, uint32_t low, uint32_t high, uint32_t *address)
{
    while (*cursor < SLOT_COUNT) {
        uint32_t i = (SLOT_MASK - *cursor) * STEP & SLOT_MASK;
        uint32_t vpn = TABLE[i].vpn;
        ++*cursor;
        if (vpn != FREE && vpn >= low >> 12 && vpn < high >> 12) {
            *address = vpn << 12;
            return TABLE[i].entry;
        }
    }
    return 0;
}

uint32_t table_page_count(void)
{
    return TABLE_PAGES;
}

int table_lost_page(uint32_t page)
{
    (void)page; /* all of it is pinned */
    return 0;
}

GUARANTEED void table_moved(const uint32_t *moves, uint32_t count)
{
    for (uint32_t i = 0; i < SLOT_COUNT; i++)
        if (TABLE[i].vpn != FREE)
            TABLE[i].entry = table_moved_entry(TABLE[i].entry, moves, count);
}
