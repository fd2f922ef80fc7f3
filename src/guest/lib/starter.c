/*
 * Starting a process (starter.h). Pages of the child are reached through one guaranteed mapping of
 * ours, the window.
 */
#include <generated/abi-calls.h>
#include <layout.h>
#include <starter.h>
#include <string.h>

#define WINDOW ((uint32_t *)G_ADDRESS(G_WINDOW))
#define ENTRY_READ 0x200u
#define ENTRY_WRITE 0x600u
#define IMAGE_COLOUR 6 /* programs start at colour 0: keep the library's text out of their way */
#define SLICES_PER_PROCESS 4
#define CAUSES 0x9efe /* 1 to 7, 9 to 12, 15 */

static int open_window(uint32_t page)
{
    return aegis_env_set(0, AEGIS_FIELD_GUARANTEED + G_WINDOW, page << 12 | ENTRY_WRITE, 0);
}

static int close_window(void)
{
    return aegis_env_set(0, AEGIS_FIELD_GUARANTEED + G_WINDOW, 0, 0);
}

/* A zeroed page of ours in the window; its number. */
static int new_page(const struct starter_host *host, uint32_t colour)
{
    int page = host->page_alloc(colour);

    if (page < 0)
        return page;
    if (open_window((uint32_t)page) < 0)
        return -E_BUSY;
    if (!host->is_clear((uint32_t)page))
        memset(WINDOW, 0, 4096);
    return page;
}

int starter_load_text(const struct starter_host *host, struct starter_text *text,
                      struct exo_image_header *header)
{
    text->count = 1;
    for (uint32_t i = 0; i < text->count; i++) {
        int page = new_page(host, IMAGE_COLOUR + i);
        if (page < 0)
            return page;
        text->page[i] = (uint32_t)page;
        if (host->read_page(i * 4096, (uint32_t)page) < 0)
            return -E_DEVICE;
        if (i == 0) {
            memcpy(header, WINDOW, sizeof *header);
            if (header->magic != EXO_IMAGE_MAGIC || header->version != EXO_INTERFACE_VERSION
                || header->base != EXO_IMAGE_BASE || header->text_size % 4096
                || header->text_size / 4096 > START_TEXT_PAGES_MAX
                || header->guaranteed_size > header->text_size)
                return -E_RANGE;
            text->count = header->text_size / 4096;
        }
        close_window();
        aegis_cache_flush((uint32_t)page << 12, 4096);
        int result = aegis_mint(AEGIS_KIND_PAGE, (uint32_t)page, AEGIS_RIGHT_READ,
                                &text->capability[i]);
        if (result < 0)
            return result;
    }
    return 0;
}

static int give(uint32_t page, uint32_t child)
{
    close_window();
    return aegis_page_give(page, child);
}

static int pin(uint32_t child, uint32_t index, uint32_t entry)
{
    return aegis_env_set(child, AEGIS_FIELD_GUARANTEED + index, entry, 0);
}

static int give_text(uint32_t child, const struct starter_text *text,
                     const struct exo_image_header *header, int is_private)
{
    uint32_t first = header->guaranteed_offset / 4096;

    for (uint32_t i = 0; i < text->count; i++) {
        int result = is_private ? aegis_page_give(text->page[i], child)
                                : aegis_bind(&text->capability[i], child);
        if (result < 0)
            return result;
    }
    for (uint32_t i = 0; i < header->guaranteed_size / 4096; i++) {
        uint32_t entry = text->page[first + i] << 12 | ENTRY_READ;
        int result = pin(child, header->guaranteed_index + i, entry);
        if (result < 0)
            return result;
    }
    return 0;
}

/*
 * Data and bss; pinned as far as there are mappings for it, so that the library itself is not
 * repossessed.
 */
static int give_data(const struct starter_host *host, uint32_t child,
                     const struct exo_image_header *header, struct start_page *start)
{
    uint32_t text_pages = header->text_size / 4096;
    uint32_t data_pages = (header->data_size + 4095) / 4096;
    uint32_t pages = (header->data_size + header->bss_size + 4095) / 4096;

    for (uint32_t i = 0; i < pages; i++) {
        int page = new_page(host, IMAGE_COLOUR + text_pages + i);
        if (page < 0)
            return page;
        if (i < data_pages && host->read_page((text_pages + i) * 4096, (uint32_t)page) < 0)
            return -E_DEVICE;
        int result = give((uint32_t)page, child);
        if (result < 0)
            return result;
        start->image[text_pages + i] = (uint32_t)page << 12 | ENTRY_WRITE;
        if (G_PINNED + i < G_WINDOW)
            pin(child, G_PINNED + i, start->image[text_pages + i]);
    }
    start->image_pages = text_pages + pages;
    return 0;
}

static int give_guaranteed(const struct starter_host *host, uint32_t child,
                           const struct exo_image_header *header, const struct start_page *start)
{
    int result = 0;

    for (uint32_t i = 0; i < header->guaranteed_data_count && result >= 0; i++) {
        int page = new_page(host, header->guaranteed_data_index + i);
        if (page < 0)
            return page;
        result = give((uint32_t)page, child);
        if (result >= 0)
            result = pin(child, header->guaranteed_data_index + i,
                         (uint32_t)page << 12 | ENTRY_WRITE);
    }
    if (result < 0)
        return result;
    int page = new_page(host, G_START);
    if (page < 0)
        return page;
    memcpy(WINDOW, start, sizeof *start);
    result = give((uint32_t)page, child);
    if (result >= 0)
        result = pin(child, G_START, (uint32_t)page << 12 | ENTRY_WRITE);
    if (result < 0)
        return result;
    page = new_page(host, G_UPAGE);
    if (page < 0)
        return page;
    WINDOW[OFFSET_UPAGE_FRAMES / 4] = header->boot;
    WINDOW[U_FRAME0 / 4 + 29] = STACK_TOP - 32;
    result = give((uint32_t)page, child);
    if (result >= 0)
        result = aegis_env_set(child, AEGIS_FIELD_UPAGE, (uint32_t)page, 0);
    if (result >= 0)
        result = pin(child, G_UPAGE, (uint32_t)page << 12 | ENTRY_WRITE);
    return result;
}

static int set_contexts(uint32_t child, const struct exo_image_header *header)
{
    const struct {
        uint32_t field;
        uint32_t value;
    } contexts[] = {
        { AEGIS_FIELD_SLICE_START, header->slice_start },
        { AEGIS_FIELD_SLICE_END, header->slice_end },
        { AEGIS_FIELD_REPOSSESSION, header->repossession },
    };
    for (uint32_t i = 0; i < sizeof contexts / sizeof contexts[0]; i++) {
        int result = aegis_env_set(child, contexts[i].field, contexts[i].value, 0);
        if (result < 0)
            return result;
    }
    for (uint32_t cause = 0; cause < AEGIS_CAUSE_COUNT; cause++) {
        if (!(CAUSES >> cause & 1))
            continue;
        uint32_t handler = cause == 1   ? header->tlb_modified_handler
                           : cause == 2 ? header->tlb_load_handler
                           : cause == 3 ? header->tlb_store_handler
                                        : header->exception_handler;
        int result = aegis_env_set(child, AEGIS_FIELD_EXCEPTION + cause, handler, cause * 16);
        if (result < 0)
            return result;
    }
    return 0;
}

static void set_label(uint32_t child, const char *name, const char *libos)
{
    uint32_t words[8] = { 0 };

    strlcpy((char *)words, name, 16);
    strlcpy((char *)words + 16, libos, 16);
    for (uint32_t i = 0; i < 8; i++)
        aegis_env_set(child, AEGIS_FIELD_LABEL + i, words[i], 0);
}

/* A free position for the child; negative when there is none, or our quota is used up. */
static int allocate_slice(uint32_t position, uint32_t child)
{
    int result = aegis_slice_alloc(position);

    return result < 0 ? result : aegis_slice_give((uint32_t)result, child);
}

/* Every second of our own positions, never the last. Negative when we have but one. */
static int share_slices(const struct starter_host *host, uint32_t child)
{
    int result = -E_QUOTA;
    uint32_t count = 0;

    for (uint32_t position = 0; position < AEGIS_SLICE_COUNT; position++) {
        if (host->slice_owner(position) != host->envid)
            continue;
        if (count++ % 2 == 1)
            result = aegis_slice_give(position, child);
    }
    return result;
}

/*
 * Evenly spaced free positions when there is such a set, otherwise any free one, otherwise some of
 * our own.
 */
static int give_slices(const struct starter_host *host, uint32_t child)
{
    uint32_t spacing = AEGIS_SLICE_COUNT / SLICES_PER_PROCESS;
    uint32_t own_count = 0;

    for (uint32_t position = 0; position < AEGIS_SLICE_COUNT; position++)
        own_count += host->slice_owner(position) == host->envid;
    if (own_count >= host->slice_quota)
        return share_slices(host, child);
    for (uint32_t first = 0; first < spacing; first++) {
        uint32_t free_count = 0;
        for (uint32_t i = 0; i < SLICES_PER_PROCESS; i++)
            free_count += host->slice_owner(first + i * spacing) == 0;
        if (free_count < SLICES_PER_PROCESS)
            continue;
        int result = allocate_slice(first, child);
        if (result < 0)
            return share_slices(host, child);
        for (uint32_t i = 1; i < SLICES_PER_PROCESS; i++)
            allocate_slice(first + i * spacing, child);
        return 0;
    }
    return allocate_slice(AEGIS_ANY, child) >= 0 ? 0 : share_slices(host, child);
}

int starter_run(const struct starter_host *host, const struct starter_text *text,
                const struct exo_image_header *header, struct start_page *start, const char *name,
                int is_private)
{
    struct aegis_capability control;
    int child = aegis_env_create(&control);

    if (child < 0)
        return child;
    uint32_t envid = (uint32_t)child;
    start->magic = START_MAGIC;
    start->parent = host->envid;
    start->text_pages = text->count;
    for (uint32_t i = 0; i < text->count; i++) {
        start->image[i] = text->page[i] << 12 | ENTRY_READ;
        start->text[i] = text->capability[i];
    }
    int result = -E_RANGE;
    if (text->count + (header->data_size + header->bss_size + 4095) / 4096 <= START_IMAGE_PAGES_MAX)
        result = give_text(envid, text, header, is_private);
    if (result >= 0)
        result = give_data(host, envid, header, start);
    if (result >= 0)
        result = give_guaranteed(host, envid, header, start);
    if (result >= 0)
        result = set_contexts(envid, header);
    if (result >= 0) {
        set_label(envid, name, start->libos);
        result = give_slices(host, envid);
    }
    if (result >= 0)
        result = aegis_env_set(envid, AEGIS_FIELD_RUN, 0, 0);
    if (result < 0) {
        close_window();
        aegis_env_destroy(envid, 0);
        aegis_env_reap(envid);
        return result;
    }
    return child;
}

void starter_free_slices(const struct starter_host *host, const uint32_t own[2])
{
    for (uint32_t position = 0; position < AEGIS_SLICE_COUNT; position++)
        if (host->slice_owner(position) == host->envid
            && !(own[position / 32] >> position % 32 & 1))
            aegis_slice_free(position);
}
