/*
 * The extent that we were lent, in places of a page. Transfers go by DMA between the disk and a page
 * of ours, and end with a word in a page of ours whose physical name we know.
 */
#include "swapd.h"

#define SECTORS (AEGIS_PAGE_SIZE / 512)
#define PLACES_MAX 4096u
#define PENDING 0xffffffffu

static uint32_t extent, places, free_places;
static uint8_t is_used[PLACES_MAX];
static volatile uint32_t *completion;
static uint32_t completion_physical;

uint32_t store_open(void)
{
    struct aegis_capability lent;
    int page = aegis_page_alloc(AEGIS_ANY, 0);

    if (exo_lent(&lent) < 0 || page < 0)
        return 0;
    int bound = aegis_bind(&lent, 0);
    completion = exo_page_map_physical((uint32_t)page, EXO_PROT_READ | EXO_PROT_WRITE);
    if (bound < 0 || !completion)
        return 0;
    completion_physical = (uint32_t)page * AEGIS_PAGE_SIZE;
    extent = (uint32_t)bound;
    places = tables_extent(extent)->count / SECTORS;
    if (places > PLACES_MAX)
        places = PLACES_MAX;
    free_places = places;
    return places;
}

uint32_t store_free_count(void)
{
    return free_places;
}

uint32_t store_take(void)
{
    for (uint32_t place = 0; place < places; place++) {
        if (is_used[place])
            continue;
        is_used[place] = 1;
        free_places--;
        return place;
    }
    return NO_PLACE;
}

void store_give(uint32_t place)
{
    is_used[place] = 0;
    free_places++;
}

static int queue(bool is_write, uint32_t place, uint32_t page, uint32_t index)
{
    uint32_t address = page * AEGIS_PAGE_SIZE, done = completion_physical + 4 * index;

    completion[index] = PENDING;
    return is_write ? aegis_disk_write(extent, place * SECTORS, address, SECTORS, done)
                    : aegis_disk_read(extent, place * SECTORS, address, SECTORS, done);
}

bool store_transfer(bool is_write, const uint16_t *place, const uint16_t *page, uint32_t count)
{
    bool is_good = true;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t seen = exo_events();
        int result = queue(is_write, place[i], page[i], i);
        for (; result == -E_AGAIN; result = queue(is_write, place[i], page[i], i)) {
            exo_wait_event(seen, exo_ticks() + 1);
            attend();
            seen = exo_events();
        }
        if (result < 0)
            completion[i] = 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t seen = exo_events(); completion[i] == PENDING; seen = exo_events()) {
            exo_wait_event(seen, exo_ticks() + 1);
            attend();
        }
        is_good = is_good && completion[i] == SECTORS;
    }
    return is_good;
}
