/*
 * Aegis's exported pages, which init maps read-only like everybody: events, environments, slices,
 * free pages.
 */
#include "init.h"

int wait_word(uint32_t physical, uint32_t old, uint32_t deadline);

#define RECORDS_PER_PAGE (AEGIS_PAGE_SIZE / sizeof(struct aegis_page))
#define READ_ONLY AEGIS_ENTRYLO_VALID

static uint32_t mapped_records = AEGIS_ANY;
static uint32_t next_of_colour[64];

static void map(uint32_t index, uint32_t physical)
{
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + index, physical | READ_ONLY, 0);
}

void exported_map(void)
{
    map(MAP_HEADER, AEGIS_EXPORT_HEADER);
    map(MAP_SLICES, AEGIS_EXPORT_SLICES);
    for (uint32_t i = 0; i < 8; i++)
        map(MAP_ENVIRONMENTS + i, AEGIS_EXPORT_ENVIRONMENTS + i * AEGIS_PAGE_SIZE);
}

uint32_t exported_events(void)
{
    return init_environment(BOOT->envid)->events;
}

void exported_wait(uint32_t seen)
{
    uint32_t slot = BOOT->envid & (AEGIS_ENV_COUNT - 1);

    wait_word(AEGIS_EXPORT_ENVIRONMENTS + slot * sizeof(struct aegis_env) + OFFSET_ENV_EVENTS, seen,
              0);
}

uint32_t exported_slice_owner(uint32_t position)
{
    return ((const volatile struct aegis_slices *)G_ADDRESS(MAP_SLICES))->owner[position];
}

uint32_t exported_disk_sectors(uint32_t disk)
{
    return ((const volatile struct aegis_header *)G_ADDRESS(MAP_HEADER))->disk_sectors[disk];
}

static const volatile struct aegis_page *record_of(uint32_t page)
{
    uint32_t records = page / RECORDS_PER_PAGE;

    if (records != mapped_records) {
        map(MAP_RECORDS, AEGIS_EXPORT_PAGES + records * AEGIS_PAGE_SIZE);
        mapped_records = records;
    }
    return (const volatile struct aegis_page *)G_ADDRESS(MAP_RECORDS) + page % RECORDS_PER_PAGE;
}

int exported_is_clear(uint32_t page)
{
    return record_of(page)->last_owner != BOOT->envid;
}

int exported_page_alloc(uint32_t colour)
{
    const volatile struct aegis_header *header =
        (const volatile struct aegis_header *)G_ADDRESS(MAP_HEADER);
    uint32_t colours = header->page_color_count;
    uint32_t count = header->page_count;

    colour %= colours;
    uint32_t page = next_of_colour[colour] ? next_of_colour[colour] : colour;
    for (uint32_t looked = 0; looked < count; looked += colours, page += colours) {
        if (page >= count)
            page = colour;
        if (record_of(page)->owner == AEGIS_OWNER_FREE && aegis_page_alloc(page, NULL) >= 0) {
            next_of_colour[colour] = page;
            return (int)page;
        }
    }
    return aegis_page_alloc(AEGIS_ANY, NULL);
}
