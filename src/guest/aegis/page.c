/*
 * Physical pages by name (SOSP'95 sections 3.1, 3.2): a record each, with owner, reader and writer
 * bits and epoch, and a free list through the records. A page that changes hands is cleared first,
 * its mappings in TLB and STLB and its queued DMA are broken. Record.mapped remembers the one place
 * where a page is mapped, so that the usual release touches one entry and not four thousand.
 */
#include "aegis.h"

#define NONE 0xffffu
#define SEVERAL 1u

void page_free_append(uint32_t page)
{
    struct aegis_page *record = &page_records[page];
    record->owner = AEGIS_OWNER_FREE;
    record->readers = 0;
    record->writers = 0;
    record->next = NONE;
    record->previous = (uint16_t)header->free_tail;
    if (header->free_head == AEGIS_ANY)
        header->free_head = page;
    else
        page_records[header->free_tail].next = (uint16_t)page;
    header->free_tail = page;
    header->free_count++;
}

static void free_remove(uint32_t page)
{
    struct aegis_page *record = &page_records[page];
    if (header->free_head == page)
        header->free_head = record->next == NONE ? AEGIS_ANY : record->next;
    else
        page_records[record->previous].next = record->next;
    if (header->free_tail == page)
        header->free_tail = header->free_head == AEGIS_ANY ? AEGIS_ANY : record->previous;
    else
        page_records[record->next].previous = record->previous;
    header->free_count--;
}

static void clear(uint32_t page)
{
    uint32_t *word = (uint32_t *)(KSEG0 + page * AEGIS_PAGE_SIZE);
    uint32_t *end = word + AEGIS_PAGE_SIZE / 4;
    for (; word < end; word += 8) {
        word[0] = 0;
        word[1] = 0;
        word[2] = 0;
        word[3] = 0;
        word[4] = 0;
        word[5] = 0;
        word[6] = 0;
        word[7] = 0;
    }
}

static void take(struct aegis_env *env, uint32_t page)
{
    struct aegis_page *record = &page_records[page];
    ASSERT(record->owner == AEGIS_OWNER_FREE && record->mapped == 0 && record->dma == 0);
    free_remove(page);
    record->owner = env->id;
    record->readers = env->slot_mask;
    record->writers = env->slot_mask;
    env->page_count++;
    if (record->last_owner != env->id)
        clear(page);
}

uint32_t page_take_run(struct aegis_env *owner, uint32_t count)
{
    uint32_t page = 0, run = 0;
    while (run < count) {
        ASSERT(page < kernel_state.page_count);
        run = page_records[page].owner == AEGIS_OWNER_FREE ? run + 1 : 0;
        page++;
    }
    for (uint32_t i = page - count; i < page; i++)
        take(owner, i);
    return page - count;
}

int32_t call_page_alloc(uint32_t page)
{
    if (page == AEGIS_ANY) {
        page = header->free_head;
        if (page == AEGIS_ANY)
            return -E_NONE;
    } else if (page >= kernel_state.page_count) {
        return -E_RANGE;
    } else if (page_records[page].owner != AEGIS_OWNER_FREE) {
        return -E_BUSY;
    }
    if (current_env->page_count >= current_env->page_limit)
        return -E_QUOTA;
    take(current_env, page);
    capability_make(&kernel_state.result, AEGIS_KIND_PAGE, page,
                    AEGIS_RIGHT_READ | AEGIS_RIGHT_WRITE);
    return (int32_t)page;
}

/*
 * One of a cache colour: page number modulo page_color_count. Each colour is served in turn from
 * where its last one was found.
 */
int32_t call_page_alloc_colour(uint32_t colour)
{
    static uint16_t last[16];
    uint32_t colours = header->page_color_count, page, steps;
    if (colour >= colours || colours > 16)
        return -E_RANGE;
    page = last[colour] + colour;
    for (steps = kernel_state.page_count / colours + 1; steps > 0; steps--) {
        page += colours;
        if (page >= kernel_state.page_count)
            page = colour;
        if (page_records[page].owner == AEGIS_OWNER_FREE) {
            last[colour] = (uint16_t)(page - colour);
            return call_page_alloc(page);
        }
    }
    return -E_NONE;
}

void page_unpin(uint32_t page, const struct aegis_env *keep)
{
    for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT && page_records[page].pins > 0; slot++) {
        struct aegis_env *env = &envs[slot];
        /* Who pins a page is bound to it. */
        if (((page_records[page].readers | page_records[page].writers) & (1u << slot)) == 0 ||
            env->id == 0 || env->state == AEGIS_ENV_DEAD || env == keep)
            continue;
        for (uint32_t i = 0; i < AEGIS_GUARANTEED_COUNT && page_records[page].pins > 0; i++)
            if (env->guaranteed[i] != 0 && env->guaranteed[i] >> 12 == page)
                env_pin(env, i, 0);
    }
}

void page_unpin_all(const struct aegis_env *ending)
{
    for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++) {
        struct aegis_env *env = &envs[slot];
        if (env->id == 0 || env->state == AEGIS_ENV_DEAD)
            continue;
        for (uint32_t i = 0; i < AEGIS_GUARANTEED_COUNT; i++)
            if (env->guaranteed[i] != 0 &&
                (env == ending ||
                 page_records[env->guaranteed[i] >> 12].owner == ending->id)) {
                page_records[env->guaranteed[i] >> 12].pins--;
                env->guaranteed[i] = 0;
            }
    }
}

/*
 * Whose pages are unmapped one after the other; 0: nobody's. To look for all mappings of one page
 * takes as long as a sweep, which does it for all pages of their owner: the first page that is mapped
 * in several places has one, and from then on no page of the series has a mapping.
 */
static uint32_t series_owner;
static kernel_bool is_swept;

void page_unmap_begin(const struct aegis_env *env)
{
    series_owner = env->id;
    is_swept = 0;
}

/*
 * The TLB loses everything, and has the rest again from the STLB. Guaranteed mappings may come back;
 * whoever removes one looks for it in both.
 */
void page_unmap_sweep(kernel_bool is_ending)
{
    tlb_purge_matching(0, 0, 0, 0);
    stlb_purge_owned(series_owner, is_ending);
    is_swept = 1;
}

void page_unmap_end(void)
{
    series_owner = 0;
}

void page_unmap(uint32_t page)
{
    struct aegis_page *record = &page_records[page];
    kernel_bool is_of_series = series_owner != 0 && record->owner == series_owner;
    if (is_of_series && !is_swept && record->mapped == SEVERAL)
        page_unmap_sweep(0);
    if (is_of_series && is_swept) {
        /* Nothing is left. */
    } else if (record->mapped == SEVERAL) {
        tlb_purge_matching(0, 0, 0xfffff000u, page << 12);
        stlb_purge_page(page);
    } else if (record->mapped != 0) {
        tlb_purge(record->mapped);
        stlb_purge(record->mapped);
    }
    record->mapped = 0;
}

void page_break(uint32_t page)
{
    page_unmap(page);
    if (page_records[page].dma > 0)
        disk_cancel_page(page, 0xffffffffu);
}

/* Breaks all bindings of a page; then it is nobody's, and in no list yet. */
static void withdraw(uint32_t page)
{
    struct aegis_page *record = &page_records[page];
    struct aegis_env *owner = env_find(record->owner);
    ASSERT(owner && owner->page_count > 0);
    page_break(page);
    page_unpin(page, 0);
    ASSERT(record->pins == 0 && record->dma == 0);
    record->mapped = 0;
    record->epoch++;
    record->last_owner = record->owner;
    owner->page_count--;
}

void page_release(uint32_t page)
{
    withdraw(page);
    page_free_append(page);
}

void page_saved(uint32_t page)
{
    ASSERT(page_records[page].owner == AEGIS_OWNER_KERNEL && page_records[page].dma == 0);
    page_free_append(page);
}

static uint32_t held(const struct aegis_env *env)
{
    return env->page_count;
}

/* Content goes to the backing store that the owner named; until it is there the page is Aegis's. */
static uint32_t take_back(struct aegis_env *env, uint32_t from)
{
    for (uint32_t page = from; page < kernel_state.page_count; page++) {
        if (page_records[page].owner != env->id || page_is_pinned_by_owner(page))
            continue;
        withdraw(page);
        page_records[page].owner = AEGIS_OWNER_KERNEL;
        page_records[page].readers = page_records[page].writers = 0;
        if (!disk_save_page(env, page))
            page_free_append(page);
        return page;
    }
    return AEGIS_ANY;
}

const struct revocable page_revocable = {held, take_back};

kernel_bool page_is_pinned_by_owner(uint32_t page)
{
    struct aegis_env *owner;
    if (page_records[page].pins == 0)
        return 0;
    owner = env_find(page_records[page].owner);
    ASSERT(owner);
    if (owner->upage == KSEG0 + page * AEGIS_PAGE_SIZE)
        return 1;
    if (page - owner->linear_page < owner->linear_count)
        return 1;
    for (uint32_t i = 0; i < AEGIS_GUARANTEED_COUNT; i++)
        if (owner->guaranteed[i] != 0 && owner->guaranteed[i] >> 12 == page)
            return 1;
    return 0;
}

static int32_t check_unused(uint32_t page)
{
    return page_is_pinned_by_owner(page) || page_records[page].dma > 0 ? -E_BUSY : 0;
}

int32_t call_page_free(uint32_t page)
{
    int32_t error;
    if (page >= kernel_state.page_count)
        return -E_RANGE;
    if (page_records[page].owner != current_env->id)
        return -E_OWNER;
    error = check_unused(page);
    if (error)
        return error;
    page_release(page);
    revoke_answered(current_env, AEGIS_KIND_PAGE);
    return 0;
}

int32_t call_page_give(uint32_t page, uint32_t envid)
{
    struct aegis_env *from, *to = env_find(envid);
    struct aegis_page *record = &page_records[page];
    int32_t error = 0;
    if (page >= kernel_state.page_count)
        return -E_RANGE;
    if (record->owner == AEGIS_OWNER_FREE)
        return -E_OWNER;
    from = env_controlled(record->owner, &error);
    if (!from)
        return -E_OWNER;
    error = check_unused(page);
    if (error)
        return error;
    if (!to)
        return -E_ENVIRONMENT;
    page_break(page);
    page_unpin(page, 0);
    record->epoch++;
    record->owner = to->id;
    record->readers = to->slot_mask;
    record->writers = to->slot_mask;
    from->page_count--;
    to->page_count++;
    /* The right to own one goes along: a gift neither needs room nor takes any. */
    if (to->page_limit != AEGIS_ANY) {
        to->page_limit++;
        if (from->page_limit != AEGIS_ANY)
            from->page_limit--;
    }
    return 0;
}

kernel_bool page_allows(const struct aegis_env *env, uint32_t address, uint32_t bytes,
                        kernel_bool is_write)
{
    uint32_t page = address / AEGIS_PAGE_SIZE;
    if (page >= kernel_state.page_count || bytes > AEGIS_PAGE_SIZE)
        return 0;
    if (address % AEGIS_PAGE_SIZE + bytes > AEGIS_PAGE_SIZE)
        return 0;
    return ((is_write ? page_records[page].writers : page_records[page].readers) &
            env->slot_mask) != 0;
}

#define FLUSH_UNIT 64u

int32_t call_cache_flush(uint32_t address, uint32_t bytes)
{
    uint32_t end = address + bytes, page;
    if (bytes == 0 || bytes > AEGIS_FLUSH_MAX || end < address ||
        end > kernel_state.page_count * AEGIS_PAGE_SIZE)
        return -E_RANGE;
    for (page = address / AEGIS_PAGE_SIZE; page <= (end - 1) / AEGIS_PAGE_SIZE; page++)
        if (!page_allows(current_env, page * AEGIS_PAGE_SIZE, 1, 0))
            return -E_RIGHTS;
    address &= ~(FLUSH_UNIT - 1);
    bytes = (end - address + FLUSH_UNIT - 1) & ~(FLUSH_UNIT - 1);
    cache_invalidate(KSEG0 + address, bytes, 0);
    cache_invalidate(KSEG0 + address, bytes, CACHE_SWAP);
    return 0;
}
