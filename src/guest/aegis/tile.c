/*
 * The frame buffer (SOSP'95 section 3.2 has one whose hardware knows who owns which tile): here the
 * MMU guards it, so a tile is a page of pixels, four lines of the screen. A tile is allocated by
 * name and bound like a page; `tile_map` is the bind point, and afterwards its owner draws without
 * the kernel. tlb_write never maps a tile: its page number is no memory's. Tiles have no guaranteed
 * mappings, no DMA.
 */
#include "aegis.h"

#define SEVERAL 1u

/* EntryHi of the only mapping of a tile, 0: none, SEVERAL: perhaps more, as in a page's record. */
static uint32_t mapped[AEGIS_TILE_COUNT];

#define pixels_of(tile) ((volatile uint32_t *)(KSEG1 + ((header->tile_page + (tile)) << 12)))

void tile_init(void)
{
    if (!board.screen->find())
        return;
    colour_init();
    header->tile_page = board.screen->address / AEGIS_PAGE_SIZE;
    header->tile_count = AEGIS_TILE_COUNT;
    ASSERT(header->tile_page >= kernel_state.page_count);
}

void tile_break(uint32_t tile)
{
    uint32_t page = header->tile_page + tile;
    if (mapped[tile] == SEVERAL) {
        tlb_purge_matching(0, 0, 0xfffff000u, page << 12);
        stlb_purge_page(page);
    } else if (mapped[tile] != 0) {
        tlb_purge(mapped[tile]);
        stlb_purge(mapped[tile]);
    }
    mapped[tile] = 0;
}

/* What is left of a tile that nobody maps: now it is nobody's. */
static void drop(uint32_t tile)
{
    mapped[tile] = 0;
    tiles[tile].owner = 0;
    tiles[tile].readers = tiles[tile].writers = 0;
    tiles[tile].epoch++;
}

int32_t call_tile_alloc(uint32_t tile)
{
    struct aegis_env *env = current_env;
    if (tile >= header->tile_count)
        return -E_RANGE;
    if (tiles[tile].owner != 0)
        return -E_BUSY;
    for (uint32_t i = 0; i < AEGIS_PAGE_SIZE / 4; i++)
        pixels_of(tile)[i] = 0;
    tiles[tile].owner = env->id;
    tiles[tile].readers = tiles[tile].writers = env->slot_mask;
    capability_make(&kernel_state.result, AEGIS_KIND_TILE, tile,
                    AEGIS_RIGHT_READ | AEGIS_RIGHT_WRITE);
    return (int32_t)tile;
}

int32_t call_tile_free(uint32_t tile)
{
    if (tile >= header->tile_count)
        return -E_RANGE;
    if (tiles[tile].owner != current_env->id)
        return -E_OWNER;
    tile_break(tile);
    drop(tile);
    revoke_answered(current_env, AEGIS_KIND_TILE);
    return 0;
}

/*
 * The STLB alone gets the mapping, and the TLB loses what it had for that address: the next use
 * fetches it.
 */
int32_t call_tile_map(uint32_t virtual, uint32_t tile, uint32_t writable)
{
    struct aegis_env *env = current_env;
    uint32_t entry_lo, entry_hi = (virtual & ~(AEGIS_PAGE_SIZE - 1)) | env->entry_hi;
    if (tile >= header->tile_count || writable > 1 || virtual >= KUSEG_END ||
        virtual - AEGIS_GUARANTEED_BASE < AEGIS_GUARANTEED_COUNT * AEGIS_PAGE_SIZE)
        return -E_RANGE;
    if (((writable ? tiles[tile].writers : tiles[tile].readers) & env->slot_mask) == 0)
        return -E_RIGHTS;
    entry_lo = (header->tile_page + tile) << 12 | AEGIS_ENTRYLO_UNCACHED | AEGIS_ENTRYLO_VALID;
    if (writable)
        entry_lo |= AEGIS_ENTRYLO_WRITABLE;
    mapped[tile] = mapped[tile] == 0 || mapped[tile] == entry_hi ? entry_hi : SEVERAL;
    stlb_put(entry_hi, entry_lo);
    tlb_purge(entry_hi);
    return 0;
}

/* Of an environment that is destroyed and whose address space is empty by now. */
void tile_forget(struct aegis_env *env)
{
    for (uint32_t tile = 0; tile < header->tile_count; tile++) {
        tiles[tile].readers &= ~env->slot_mask;
        tiles[tile].writers &= ~env->slot_mask;
        if (tiles[tile].owner != env->id)
            continue;
        if ((tiles[tile].readers | tiles[tile].writers) != 0)
            tile_break(tile);
        drop(tile);
    }
}

static uint32_t held(const struct aegis_env *env)
{
    uint32_t count = 0;
    for (uint32_t tile = 0; tile < header->tile_count; tile++)
        count += tiles[tile].owner == env->id;
    return count;
}

static uint32_t take_back(struct aegis_env *env, uint32_t from)
{
    for (uint32_t tile = from; tile < header->tile_count; tile++) {
        if (tiles[tile].owner != env->id)
            continue;
        tile_break(tile);
        drop(tile);
        return tile;
    }
    return AEGIS_ANY;
}

const struct revocable tile_revocable = {held, take_back};
