/*
 * Disk extents: bounds and rights on runs of sectors, and a small queue of transfers by DMA between
 * them and pages that the caller has bound. The kernel caches nothing. A page that is taken away
 * while a transfer uses it is cut off: a queued request ends with an error, one under way goes on
 * into the kernel's sink page.
 */
#include "aegis.h"
#include "scsi.h"

#define SECTOR_BYTES 512u
#define QUEUED 1
#define UNDER_WAY 2
#define DIVERTED 3

static uint8_t sink[AEGIS_PAGE_SIZE] __attribute__((aligned(AEGIS_PAGE_SIZE)));
static struct aegis_dma *active;
/* The extent, counted from 1, by whose writer binding another was made; 0: by the machine's owner. */
static uint8_t made_from[AEGIS_EXTENT_COUNT];
static uint32_t order;

static struct aegis_page *page_of(const struct aegis_dma *transfer)
{
    return &page_records[transfer->address / AEGIS_PAGE_SIZE];
}

static void start_next(void)
{
    struct aegis_dma *first = 0;
    if (active)
        return;
    for (uint32_t i = 0; i < AEGIS_DMA_COUNT; i++) {
        struct aegis_dma *t = &dma_queue[i];
        if (t->envid != 0 && t->state == QUEUED &&
            (!first || (int32_t)(t->order - first->order) < 0))
            first = t;
    }
    if (!first)
        return;
    active = first;
    first->state = UNDER_WAY;
    scsi_start(extents[first->extent].disk, first->sector, first->count, first->address,
               first->is_write);
}

/* A repossessed page is in its backing store, or could not be written: its owner's list says so. */
static int32_t end_save(struct aegis_dma *transfer, struct aegis_env *env, int32_t result)
{
    uint32_t page = transfer->address / AEGIS_PAGE_SIZE;
    page_saved(page);
    if (env) {
        *(volatile uint32_t *)(KSEG0 + transfer->completion) =
            (result > 0 ? AEGIS_BACKING_DONE : AEGIS_BACKING_FAILED) | page;
        env->events++;
    }
    return result;
}

/*
 * Ends a request: the completion word, if its page may still be written for the one who asked, and
 * the event.
 */
static void finish(struct aegis_dma *transfer, int32_t result)
{
    struct aegis_env *env = env_find(transfer->envid);
    if (transfer->state != DIVERTED) {
        ASSERT(page_of(transfer)->dma > 0);
        page_of(transfer)->dma--;
        if (!transfer->is_write && transfer->state == UNDER_WAY && board.scsi->has_memory_access)
            cache_invalidate(KSEG0 + transfer->address, transfer->count * SECTOR_BYTES, 0);
    } else {
        result = -E_REPOSSESSED;
    }
    if (transfer->saves) {
        result = end_save(transfer, env, result);
    } else if (env) {
        if (page_allows(env, transfer->completion, 4, 1))
            *(volatile int32_t *)(KSEG0 + transfer->completion) = result;
        env->events++;
    }
    if (result > 0)
        extents[transfer->extent].transfers++;
    transfer->envid = 0;
    transfer->state = 0;
    transfer->saves = 0;
}

void disk_interrupt(void)
{
    int32_t result = board.scsi->serve();
    if (result == SCSI_BUSY)
        return;
    ASSERT(active);
    finish(active, result == SCSI_GOOD ? (int32_t)active->count : -E_DEVICE);
    active = 0;
    start_next();
}

/*
 * The rest of a transfer goes to the sink page; what is on its way to the disk is copied there
 * first.
 */
static void divert(struct aegis_dma *transfer)
{
    if (transfer->is_write) {
        const uint32_t *from =
            (const uint32_t *)(KSEG0 + (transfer->address & ~(AEGIS_PAGE_SIZE - 1u)));
        for (uint32_t i = 0; i < AEGIS_PAGE_SIZE / 4; i++)
            ((uint32_t *)sink)[i] = from[i];
    }
    board.scsi->divert((uint32_t)sink - KSEG0);
    page_of(transfer)->dma--;
    transfer->state = DIVERTED;
}

void disk_cancel_page(uint32_t page, uint32_t slots)
{
    for (uint32_t i = 0; i < AEGIS_DMA_COUNT; i++) {
        struct aegis_dma *t = &dma_queue[i];
        if (t->envid == 0 || t->address / AEGIS_PAGE_SIZE != page ||
            (slots & 1u << (t->envid & (AEGIS_ENV_COUNT - 1))) == 0)
            continue;
        if (t->state == UNDER_WAY)
            divert(t);
        else if (t->state == QUEUED)
            finish(t, -E_REPOSSESSED);
    }
}

kernel_bool disk_is_used_by(const struct aegis_env *env)
{
    for (uint32_t i = 0; i < AEGIS_DMA_COUNT; i++)
        if (dma_queue[i].envid == env->id)
            return 1;
    return 0;
}

void disk_forget(struct aegis_env *env)
{
    for (uint32_t i = 0; i < AEGIS_DMA_COUNT; i++) {
        struct aegis_dma *t = &dma_queue[i];
        if (t->envid != env->id || t->saves)
            continue;
        if (t->state == UNDER_WAY)
            divert(t);
        else if (t->state == QUEUED)
            finish(t, -E_REPOSSESSED);
    }
}

void disk_cancel_extent(uint32_t extent, uint32_t slots)
{
    for (uint32_t i = 0; i < AEGIS_DMA_COUNT; i++) {
        struct aegis_dma *t = &dma_queue[i];
        if (t->envid == 0 || t->extent != extent ||
            (slots & 1u << (t->envid & (AEGIS_ENV_COUNT - 1))) == 0)
            continue;
        if (t->state == QUEUED)
            finish(t, -E_REPOSSESSED);
        else if (t->state == UNDER_WAY && !t->saves)
            divert(t);
    }
}

static struct aegis_dma *free_place(void)
{
    for (uint32_t i = 0; i < AEGIS_DMA_COUNT; i++)
        if (dma_queue[i].envid == 0)
            return &dma_queue[i];
    return 0;
}

/*
 * A place for a request of an environment; 0 when it has to wait. Who has a transfer queued does not
 * get the last places: with them those begin that have none.
 */
static struct aegis_dma *place_for(const struct aegis_env *env)
{
    uint32_t mine = 0, left = 0;
    for (uint32_t i = 0; i < AEGIS_DMA_COUNT; i++) {
        left += dma_queue[i].envid == 0;
        mine += dma_queue[i].envid == env->id && !dma_queue[i].saves;
    }
    return mine > 0 && left <= AEGIS_DMA_RESERVED ? 0 : free_place();
}

kernel_bool disk_save_page(struct aegis_env *env, uint32_t page)
{
    struct aegis_dma *t = free_place();
    struct aegis_upage *upage = env_upage(env);
    for (uint32_t i = 0; t && i < AEGIS_BACKING_COUNT; i++) {
        uint32_t where = upage->backing[2 * i], sector = upage->backing[2 * i + 1];
        uint32_t extent = where & ~AEGIS_BACKING_READY;
        struct aegis_extent *e = &extents[extent];
        if (!(where & AEGIS_BACKING_READY) || extent >= AEGIS_EXTENT_COUNT || e->owner == 0 ||
            !(e->writers & env->slot_mask) || e->count < AEGIS_PAGE_SIZE / SECTOR_BYTES ||
            sector > e->count - AEGIS_PAGE_SIZE / SECTOR_BYTES)
            continue;
        upage->backing[2 * i] = AEGIS_BACKING_WRITING | page;
        t->envid = env->id;
        t->extent = (uint16_t)extent;
        t->state = QUEUED;
        t->is_write = 1;
        t->saves = 1;
        t->sector = e->start + sector;
        t->count = AEGIS_PAGE_SIZE / SECTOR_BYTES;
        t->address = page * AEGIS_PAGE_SIZE;
        t->completion = (uint32_t)&upage->backing[2 * i] - KSEG0;
        t->order = order++;
        page_records[page].dma++;
        start_next();
        return 1;
    }
    return 0;
}

static int32_t queue(uint32_t extent, uint32_t sector, uint32_t address, uint32_t count,
                     uint32_t completion, kernel_bool is_write)
{
    struct aegis_env *env = current_env;
    struct aegis_extent *e = &extents[extent];
    struct aegis_dma *t;
    if (extent >= AEGIS_EXTENT_COUNT || e->owner == 0)
        return -E_RANGE;
    if (((is_write ? e->writers : e->readers) & env->slot_mask) == 0)
        return -E_RIGHTS;
    if (count == 0 || count > AEGIS_PAGE_SIZE / SECTOR_BYTES || sector >= e->count ||
        count > e->count - sector)
        return -E_RANGE;
    if (address % SECTOR_BYTES != 0 ||
        address % AEGIS_PAGE_SIZE + count * SECTOR_BYTES > AEGIS_PAGE_SIZE)
        return -E_RANGE;
    if (completion % 4 != 0)
        return -E_RANGE;
    if (!page_allows(env, address, count * SECTOR_BYTES, !is_write) ||
        !page_allows(env, completion, 4, 1))
        return -E_RIGHTS;
    if (page_records[address / AEGIS_PAGE_SIZE].owner == AEGIS_OWNER_KERNEL && !is_write)
        return -E_RIGHTS;
    t = place_for(env);
    if (!t)
        return -E_AGAIN;
    t->envid = env->id;
    t->extent = (uint16_t)extent;
    t->state = QUEUED;
    t->is_write = (uint8_t)is_write;
    t->sector = e->start + sector;
    t->count = count;
    t->address = address;
    t->completion = completion;
    t->order = order++;
    page_of(t)->dma++;
    start_next();
    return 0;
}

int32_t call_disk_read(uint32_t extent, uint32_t sector, uint32_t address, uint32_t count,
                       uint32_t completion)
{
    return queue(extent, sector, address, count, completion, 0);
}

int32_t call_disk_write(uint32_t extent, uint32_t sector, uint32_t address, uint32_t count,
                        uint32_t completion)
{
    return queue(extent, sector, address, count, completion, 1);
}

uint32_t extent_make(uint32_t owner, uint32_t disk, uint32_t start, uint32_t count)
{
    for (uint32_t i = 0; i < AEGIS_EXTENT_COUNT; i++) {
        struct aegis_extent *e = &extents[i];
        if (e->owner != 0)
            continue;
        e->owner = owner;
        e->readers = e->writers = envs[owner & (AEGIS_ENV_COUNT - 1)].slot_mask;
        e->disk = disk;
        e->start = start;
        e->count = count;
        e->transfers = 0;
        made_from[i] = 0;
        return i;
    }
    return AEGIS_ANY;
}

/* An extent by which the caller may write all of start .. start + count - 1, counted from 1; 0: none. */
static uint32_t find_covering(uint32_t disk, uint32_t start, uint32_t count)
{
    for (uint32_t i = 0; i < AEGIS_EXTENT_COUNT; i++) {
        const struct aegis_extent *e = &extents[i];
        if (e->owner != 0 && e->disk == disk &&
            (e->writers & current_env->slot_mask) != 0 && start >= e->start &&
            start - e->start < e->count && count <= e->count - (start - e->start))
            return i + 1;
    }
    return 0;
}

int32_t call_extent_create(uint32_t disk, uint32_t start, uint32_t count)
{
    struct aegis_env *env = current_env;
    uint32_t extent, covering = 0;
    if (disk >= AEGIS_DISK_COUNT || header->disk_sectors[disk] == 0)
        return -E_DEVICE;
    if (count == 0 || start >= header->disk_sectors[disk] ||
        count > header->disk_sectors[disk] - start)
        return -E_RANGE;
    if (!env->privileges) {
        covering = find_covering(disk, start, count);
        if (covering == 0)
            return -E_RIGHTS;
        if (env->extent_count >= AEGIS_EXTENT_QUOTA)
            return -E_QUOTA;
    }
    extent = extent_make(env->id, disk, start, count);
    if (extent == AEGIS_ANY)
        return -E_NONE;
    made_from[extent] = (uint8_t)covering;
    env->extent_count++;
    capability_make(&kernel_state.result, AEGIS_KIND_EXTENT, extent,
                    AEGIS_RIGHT_READ | AEGIS_RIGHT_WRITE);
    return (int32_t)extent;
}

static void drop(uint32_t extent)
{
    struct aegis_extent *e = &extents[extent];
    struct aegis_env *owner = env_find(e->owner);
    disk_cancel_extent(extent, 0xffffffffu);
    if (owner)
        owner->extent_count--;
    e->owner = 0;
    e->readers = e->writers = 0;
    e->epoch++;
}

/* Ends extents that were made from one that is no more. */
static void drop_orphans(void)
{
    kernel_bool is_done = 0;
    while (!is_done) {
        is_done = 1;
        for (uint32_t i = 0; i < AEGIS_EXTENT_COUNT; i++)
            if (extents[i].owner != 0 && made_from[i] != 0 &&
                extents[made_from[i] - 1].owner == 0) {
                drop(i);
                is_done = 0;
            }
    }
}

void extent_drop(uint32_t extent)
{
    drop(extent);
    drop_orphans();
}

void extent_drop_parts(uint32_t extent, uint32_t slots)
{
    for (uint32_t i = 0; i < AEGIS_EXTENT_COUNT; i++)
        if (extents[i].owner != 0 && made_from[i] == extent + 1 &&
            (slots & 1u << (extents[i].owner & (AEGIS_ENV_COUNT - 1))) != 0)
            drop(i);
    drop_orphans();
}

int32_t call_extent_free(uint32_t extent)
{
    struct aegis_extent *e = &extents[extent];
    if (extent >= AEGIS_EXTENT_COUNT)
        return -E_RANGE;
    if (e->owner != current_env->id)
        return -E_OWNER;
    for (uint32_t i = 0; i < AEGIS_DMA_COUNT; i++)
        if (dma_queue[i].envid != 0 && dma_queue[i].extent == extent)
            return -E_BUSY;
    extent_drop(extent);
    revoke_answered(current_env, AEGIS_KIND_EXTENT);
    return 0;
}

static uint32_t held(const struct aegis_env *env)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < AEGIS_EXTENT_COUNT; i++)
        count += ((extents[i].readers | extents[i].writers) & env->slot_mask) != 0;
    return count;
}

/* The owner loses the extent, another its binding. Queued transfers are cut off. */
static uint32_t take_back(struct aegis_env *env, uint32_t from)
{
    for (uint32_t i = from; i < AEGIS_EXTENT_COUNT; i++) {
        if (((extents[i].readers | extents[i].writers) & env->slot_mask) == 0)
            continue;
        if (extents[i].owner == env->id) {
            extent_drop(i);
        } else {
            disk_cancel_extent(i, env->slot_mask);
            extent_drop_parts(i, env->slot_mask);
            extents[i].readers &= ~env->slot_mask;
            extents[i].writers &= ~env->slot_mask;
        }
        return i;
    }
    return AEGIS_ANY;
}

const struct revocable extent_revocable = {held, take_back};

void disk_init(void)
{
    board.scsi->reset();
    for (uint32_t id = 0; id < AEGIS_DISK_COUNT - 1; id++) {
        header->disk_sectors[id] = scsi_capacity(id, (uint32_t)sink - KSEG0);
        if (header->disk_sectors[id] == 0)
            continue;
        console_print("Aegis: rz");
        console_number(id);
        console_print(", ");
        console_number(header->disk_sectors[id]);
        console_print(" sectors\n");
    }
}
