/*
 * The exported bookkeeping (SOSP'95 section 3.1: expose allocation, expose names): tables in pages
 * that every environment may map for reading. They are the kernel's only copies, not copies for
 * show. Keys are not among them.
 */
#include "aegis.h"
#include "network.h"

#define ALL 0xffffffffu

static void clear_words(void *at, uint32_t bytes)
{
    uint32_t *word = at;
    for (uint32_t i = 0; i < bytes / 4; i++)
        word[i] = 0;
}

static void export_pages(uint32_t start, uint32_t bytes)
{
    for (uint32_t page = start / AEGIS_PAGE_SIZE; page <= (start + bytes - 1) / AEGIS_PAGE_SIZE;
         page++)
        page_records[page].readers = ALL;
}

/* The LANCE's memory, compiled filters and handlers. */
static kernel_bool is_network(uint32_t page)
{
    uint32_t address = page * AEGIS_PAGE_SIZE;
    return address >= NETWORK_REGION && address < NETWORK_REGION_END;
}

/*
 * Builds all tables: pages up to the end of the kernel image and of the page records are the
 * kernel's, the rest free.
 */
void export_init(uint32_t page_count)
{
    uint32_t image_end = ((uint32_t)__image_end - KSEG0 + AEGIS_PAGE_SIZE - 1) / AEGIS_PAGE_SIZE;
    uint32_t records_start = AEGIS_EXPORT_COLOURS / AEGIS_PAGE_SIZE;
    uint32_t records_end =
        (AEGIS_EXPORT_PAGES + page_count * SIZEOF_PAGE + AEGIS_PAGE_SIZE - 1) / AEGIS_PAGE_SIZE;
    ASSERT(image_end <= NETWORK_REGION / AEGIS_PAGE_SIZE);
    clear_words(header, sizeof *header);
    clear_words(contexts, AEGIS_CONTEXT_COUNT * sizeof *contexts);
    clear_words(slices, AEGIS_PAGE_SIZE);
    clear_words(filters, AEGIS_FILTER_COUNT * sizeof *filters);
    clear_words(ashs, AEGIS_ASH_COUNT * sizeof *ashs);
    clear_words(network, sizeof *network);
    clear_words(colour_map, AEGIS_COLOUR_COUNT * sizeof *colour_map);
    clear_words(tiles, AEGIS_PAGE_SIZE);
    clear_words(envs, AEGIS_ENV_COUNT * sizeof *envs);
    clear_words(page_records, page_count * sizeof *page_records);
    stlb_init();
    header->version = AEGIS_VERSION;
    header->page_count = page_count;
    header->free_head = AEGIS_ANY;
    header->free_tail = AEGIS_ANY;
    header->cached_base = image_end;
    header->page_color_count = 65536 / AEGIS_PAGE_SIZE;
    state_init(page_count);
    for (uint32_t page = 0; page < page_count; page++) {
        if (page < image_end || is_network(page) || (page >= records_start && page < records_end))
            page_records[page].owner = AEGIS_OWNER_KERNEL;
        else
            page_free_append(page);
    }
    export_pages(AEGIS_EXPORT_STLB, AEGIS_STLB_COUNT * SIZEOF_STLB_ENTRY);
    export_pages(AEGIS_EXPORT_HEADER, SIZEOF_HEADER);
    export_pages(AEGIS_EXPORT_SLICES, AEGIS_PAGE_SIZE);
    export_pages(AEGIS_EXPORT_FILTERS,
                 AEGIS_EXPORT_NETWORK + sizeof *network - AEGIS_EXPORT_FILTERS);
    export_pages(NETWORK_CLASSIFIER, NETWORK_CLASSIFIER_BYTES);
    export_pages(AEGIS_EXPORT_COLOURS, AEGIS_COLOUR_COUNT * SIZEOF_COLOUR);
    export_pages(AEGIS_EXPORT_TILES, AEGIS_PAGE_SIZE);
    export_pages(AEGIS_EXPORT_ENVIRONMENTS, AEGIS_ENV_COUNT * SIZEOF_ENV);
    export_pages(AEGIS_EXPORT_PAGES, page_count * SIZEOF_PAGE);
    header->magic = AEGIS_MAGIC;
}
