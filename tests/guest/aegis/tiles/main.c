/*
 * Tiles of the frame buffer: two environments, one of which would like to have what the other owns.
 * At the end the picture stays for the host to look at.
 */
#include "test.h"
#include "tiles.h"

#define TILE_WINDOW 25u
#define TILES ((const volatile struct aegis_tile *)(AEGIS_GUARANTEED_BASE + TILE_WINDOW * 4096))
#define COLOUR_WINDOW 26u
#define WORKER_PAGE 1001u
#define WORKER_WINDOW 29u
#define AREA 0x20100000u /* away from the guaranteed mappings in the STLB */
#define UNCACHED AEGIS_ENTRYLO_UNCACHED
#define MINE ((volatile uint32_t *)AREA)
#define SHOWN 5u /* the tile that the host looks at */

typedef void code_label(void);
extern code_label worker_code, worker_code_end;
static uint32_t worker;

static uint32_t entry_of(uint32_t tile)
{
    return (exported_header()->tile_page + tile) << 12 | WRITABLE | UNCACHED;
}

static void worker_prepare(void)
{
    uint32_t *page = (uint32_t *)(AEGIS_GUARANTEED_BASE + WORKER_WINDOW * 4096), i;
    aegis_page_alloc(WORKER_PAGE, 0);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + WORKER_WINDOW, WORKER_PAGE << 12 | WRITABLE, 0);
    for (i = 0; i < 1024; i++)
        page[i] = ((const uint32_t *)child_page)[i];
    for (i = 0; i < ((uint32_t)worker_code_end - (uint32_t)worker_code) / 4; i++)
        page[((uint32_t)child_fuzz - (uint32_t)child_page) / 4 + i] =
            ((const uint32_t *)worker_code)[i];
    aegis_cache_flush(WORKER_PAGE * 4096, 4096);
}

static void worker_start(void)
{
    worker = child_start(
        &(struct child_plan){.entry = child_fuzz, .slices = 1, .code_page = WORKER_PAGE});
}

/* The result; -1 when the worker did not live to tell it. */
static int32_t work(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2)
{
    shared[33] = number;
    shared[34] = a0;
    shared[35] = a1;
    shared[36] = a2;
    shared[32] = 1;
    while (shared[32] != 0 && exported_env(worker)->state != AEGIS_ENV_DEAD)
        yield_to(worker);
    return shared[32] != 0 ? -1 : (int32_t)shared[33];
}

/* True when an access of the worker is its last. */
static int is_fatal(uint32_t number, uint32_t address)
{
    return work(number, address, 1, 0) == -1 && child_wait(worker) == AEGIS_REASON_FAULT;
}

/* True when nothing maps the address for us. */
static int is_unmapped(uint32_t address)
{
    uint32_t before = miss_count;
    miss_entry = 0x20 << 12 | VALID;
    probe_load(address);
    return miss_count == before + 1 && miss_result == -E_RIGHTS;
}

static void test_owner(struct aegis_capability *made)
{
    uint32_t physical = entry_of(SHOWN) & ~4095u;
    ok(aegis_tile_map(AREA, SHOWN, 1) == -E_RIGHTS && aegis_tile_free(SHOWN) == -E_OWNER,
       "a tile that nobody owns can be neither mapped nor freed");
    ok(aegis_tile_alloc(AEGIS_TILE_COUNT, 0) == -E_RANGE &&
           aegis_tile_alloc(AEGIS_ANY, 0) == -E_RANGE &&
           aegis_tile_map(AREA, AEGIS_TILE_COUNT, 0) == -E_RANGE,
       "there are no more tiles than the screen has");
    ok(aegis_tile_alloc(SHOWN, made) == (int32_t)SHOWN && TILES[SHOWN].owner == BOOT->envid,
       "a tile is allocated by name, and the exported record says whose it is");
    ok(aegis_tile_alloc(SHOWN, 0) == -E_BUSY, "but not twice");
    ok(aegis_tile_map(0x80000000, SHOWN, 1) == -E_RANGE &&
           aegis_tile_map(0xfffff000, SHOWN, 1) == -E_RANGE &&
           aegis_tile_map(0x7f000000, SHOWN, 1) == -E_RANGE &&
           aegis_tile_map(0x7f03f000, SHOWN, 1) == -E_RANGE &&
           aegis_tile_map(AREA, SHOWN, 2) == -E_RANGE,
       "no mapping in the kernel's space, none over guaranteed mappings");
    ok(aegis_tile_map(AREA + 0x123, SHOWN, 1) == 0, "elsewhere it is mapped");
    MINE[0] = 0x01020304;
    ok(MINE[0] == 0x01020304 && MINE[1] == 0 && miss_count == 0,
       "and drawn by plain stores, without a miss");
    ok(aegis_tlb_write(AREA + 4096, entry_of(SHOWN)) == -E_RANGE &&
           aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 30, entry_of(SHOWN), 0) == -E_RANGE,
       "its physical page is nothing for tlb_write or guaranteed mappings");
    ok(aegis_line_write(TEST_LINE, physical, 4) == -E_RIGHTS &&
           aegis_cache_flush(physical, 64) == -E_RANGE &&
           wait_for(physical, 0, 1) == -E_RIGHTS,
       "nor for calls that take memory");
    ok(aegis_unbind(AEGIS_KIND_TILE, SHOWN) == -E_BUSY, "its owner keeps the binding");
}

static void test_others(const struct aegis_capability *cap)
{
    struct aegis_capability weak, fresh;
    worker_start();
    ok(work(AEGIS_CALL_TILE_ALLOC, SHOWN, 0, 0) == -E_BUSY &&
           work(AEGIS_CALL_TILE_FREE, SHOWN, 0, 0) == -E_OWNER,
       "another cannot take it or free it");
    ok(work(AEGIS_CALL_TILE_MAP, AREA, SHOWN, 0) == -E_RIGHTS &&
           work(AEGIS_CALL_TILE_MAP, AREA, SHOWN, 1) == -E_RIGHTS,
       "cannot map it");
    ok(work(AEGIS_CALL_TLB_WRITE, AREA, entry_of(SHOWN), 0) == -E_RANGE,
       "cannot map it by its physical page");
    ok(work(AEGIS_CALL_MINT, AEGIS_KIND_TILE, SHOWN, AEGIS_RIGHT_READ) == -E_OWNER &&
           work(AEGIS_CALL_RECAP, AEGIS_KIND_TILE, SHOWN, 0) == -E_OWNER,
       "and gets no capability of it");
    aegis_derive(cap, AEGIS_RIGHT_READ, &weak);
    ok(aegis_bind(&weak, worker) == (int32_t)SHOWN &&
           work(AEGIS_CALL_TILE_MAP, AREA, SHOWN, 1) == -E_RIGHTS &&
           work(AEGIS_CALL_TILE_MAP, AREA, SHOWN, 0) == 0 &&
           work(WORK_LOAD, AREA, 0, 0) == 0x01020304,
       "with a capability for reading it sees it");
    ok(is_fatal(WORK_STORE, AREA) && MINE[0] == 0x01020304, "and dies of a store");
    worker_start();
    aegis_bind(&weak, worker);
    work(AEGIS_CALL_TILE_MAP, AREA, SHOWN, 0);
    work(WORK_LOAD, AREA, 0, 0);
    ok(work(AEGIS_CALL_UNBIND, AEGIS_KIND_TILE, SHOWN, 0) == 0 &&
           work(AEGIS_CALL_TILE_MAP, AREA, SHOWN, 0) == -E_RIGHTS && is_fatal(WORK_LOAD, AREA),
       "giving up the binding breaks its mapping");
    worker_start();
    aegis_bind(&weak, worker);
    work(AEGIS_CALL_TILE_MAP, AREA, SHOWN, 0);
    work(WORK_LOAD, AREA, 0, 0);
    aegis_recap(AEGIS_KIND_TILE, SHOWN, &fresh);
    ok(is_fatal(WORK_LOAD, AREA) && aegis_bind(cap, 0) == -E_CAPABILITY &&
           aegis_bind(&fresh, 0) == (int32_t)SHOWN,
       "so does the owner when it recalls the capability");
    ok(aegis_tile_map(AREA, SHOWN, 1) == 0 && MINE[0] == 0x01020304, "which keeps its own");
}

static void test_end_of_owner(void)
{
    struct aegis_capability cap;
    worker_start();
    ok(work(AEGIS_CALL_TILE_ALLOC, 6, 0, 0) == 6 && work(AEGIS_CALL_TILE_MAP, AREA, 6, 1) == 0,
       "another has a tile of its own");
    work(WORK_STORE, AREA + 8, 0x55555555, 0);
    ok(aegis_tile_alloc(6, 0) == -E_BUSY && aegis_tile_map(AREA + 4096, 6, 1) == -E_RIGHTS,
       "which not even the machine's owner gets");
    aegis_env_destroy(worker, 0);
    child_wait(worker);
    ok(TILES[6].owner == 0 && TILES[6].writers == 0, "until it is destroyed");
    worker_start();
    ok(is_fatal(WORK_LOAD, AREA + 8), "its successor in the same slot finds no mapping");
    ok(aegis_tile_alloc(6, 0) == 6 && aegis_tile_map(AREA + 4096, 6, 1) == 0 &&
           MINE[1024 + 2] == 0,
       "the tile can be had again, black");
    aegis_tile_map(AREA + 8192, 6, 0);
    ok(MINE[2048] == 0 && aegis_tile_free(6) == 0 && is_unmapped(AREA + 4096) &&
           is_unmapped(AREA + 8192),
       "and when it is freed all its mappings go");

    worker_start();
    work(AEGIS_CALL_TILE_ALLOC, 7, 0, 0);
    work(AEGIS_CALL_MINT, AEGIS_KIND_TILE, 7, AEGIS_RIGHT_READ);
    cap = (struct aegis_capability){shared[34], shared[35], {shared[36], shared[37]}};
    ok(aegis_bind(&cap, 0) == 7 && aegis_tile_map(AREA + 4096, 7, 0) == 0 && MINE[1024] == 0,
       "a capability of another's tile is good for a look");
    aegis_env_destroy(worker, 0);
    child_wait(worker);
    ok(is_unmapped(AREA + 4096) && aegis_tile_map(AREA + 4096, 7, 0) == -E_RIGHTS &&
           TILES[7].readers == 0 && aegis_bind(&cap, 0) == -E_CAPABILITY,
       "as long as its owner lives");
}

static void test_revoked(void)
{
    worker_start();
    work(AEGIS_CALL_TILE_ALLOC, 8, 0, 0);
    work(AEGIS_CALL_TILE_ALLOC, 9, 0, 0);
    work(AEGIS_CALL_TILE_MAP, AREA, 9, 1);
    work(WORK_STORE, AREA, 1, 0);
    ok(aegis_revoke(worker, AEGIS_KIND_TILE, 3, 0) == -E_RANGE &&
           aegis_revoke(worker, AEGIS_KIND_TILE, 2, 0) == 0,
       "as many tiles can be revoked as there are");
    ok(work(AEGIS_CALL_TILE_FREE, 8, 0, 0) == 0 && exported_env(worker)->revoke_count == 1,
       "one that is freed is an answer");
    for (uint32_t i = 0; i < 2000 && exported_env(worker)->repossessed_count == 0; i++)
        yield_to(0);
    ok(exported_env(worker)->repossessed_count == 1 && TILES[9].owner == 0,
       "one that is not is repossessed");
    ok(is_fatal(WORK_STORE, AREA), "and mapped no longer");
}

#define COLOURS(entry)                                                                             \
    (((const volatile struct aegis_colour *)(AEGIS_GUARANTEED_BASE + COLOUR_WINDOW * 4096))[entry])
#define PURPLE 200u /* the entry that the host looks at */

static void test_colours(void)
{
    struct aegis_capability cap, fresh;
    uint32_t usual = COLOURS(9).value;
    ok(aegis_colour_set(9, 0x123456) == -E_RIGHTS && aegis_colour_free(9) == -E_OWNER &&
           aegis_colour_alloc(AEGIS_COLOUR_COUNT, 0) == -E_RANGE &&
           aegis_colour_set(AEGIS_ANY, 0) == -E_RANGE,
       "a colour that nobody owns can be neither changed nor freed");
    ok(aegis_colour_alloc(9, &cap) == 9 && COLOURS(9).owner == BOOT->envid &&
           COLOURS(9).value == usual && aegis_colour_alloc(9, 0) == -E_BUSY,
       "it is allocated by name, once");
    ok(aegis_colour_set(9, 0x1000000) == -E_RANGE && aegis_colour_set(9, 0x123456) == 0 &&
           COLOURS(9).value == 0x123456,
       "and its owner changes it");
    worker_start();
    ok(work(AEGIS_CALL_COLOUR_ALLOC, 9, 0, 0) == -E_BUSY &&
           work(AEGIS_CALL_COLOUR_SET, 9, 1, 0) == -E_RIGHTS &&
           work(AEGIS_CALL_COLOUR_FREE, 9, 0, 0) == -E_OWNER &&
           work(AEGIS_CALL_MINT, AEGIS_KIND_COLOUR, 9, AEGIS_RIGHT_WRITE) == -E_OWNER,
       "nobody else does");
    aegis_bind(&cap, worker);
    ok(work(AEGIS_CALL_COLOUR_SET, 9, 0x654321, 0) == 0 && COLOURS(9).value == 0x654321,
       "but with its capability");
    aegis_recap(AEGIS_KIND_COLOUR, 9, &fresh);
    ok(work(AEGIS_CALL_COLOUR_SET, 9, 1, 0) == -E_RIGHTS &&
           aegis_bind(&cap, worker) == -E_CAPABILITY && aegis_bind(&fresh, worker) == 9,
       "which its owner recalls");
    ok(aegis_unbind(AEGIS_KIND_COLOUR, 9) == -E_BUSY && aegis_colour_free(9) == 0 &&
           COLOURS(9).owner == 0 && COLOURS(9).writers == 0 && COLOURS(9).value == usual &&
           work(AEGIS_CALL_COLOUR_SET, 9, 1, 0) == -E_RIGHTS,
       "freed, it is as usual and nobody's");
    for (uint32_t entry = 20; entry < 23; entry++)
        work(AEGIS_CALL_COLOUR_ALLOC, entry, 0, 0);
    work(AEGIS_CALL_COLOUR_SET, 21, 0x777777, 0);
    ok(aegis_revoke(worker, AEGIS_KIND_COLOUR, 4, 0) == -E_RANGE &&
           aegis_revoke(worker, AEGIS_KIND_COLOUR, 2, 0) == 0 &&
           work(AEGIS_CALL_COLOUR_FREE, 20, 0, 0) == 0 &&
           exported_env(worker)->revoke_count == 1,
       "colours can be revoked, and one that is freed is an answer");
    for (uint32_t i = 0; i < 2000 && exported_env(worker)->repossessed_count == 0; i++)
        yield_to(0);
    ok(exported_env(worker)->repossessed_count == 1 && COLOURS(21).owner == 0 &&
           COLOURS(21).value != 0x777777,
       "one that is not is repossessed");
    work(AEGIS_CALL_COLOUR_SET, 22, 0x777777, 0);
    aegis_env_destroy(worker, 0);
    child_wait(worker);
    ok(COLOURS(22).owner == 0 && COLOURS(22).value != 0x777777, "and all go with their owner");
    aegis_colour_alloc(PURPLE, 0);
    aegis_colour_set(PURPLE, 0x8000c0);
}

void test_main(void)
{
    struct aegis_capability cap;
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + TILE_WINDOW, AEGIS_EXPORT_TILES | VALID, 0);
    for (uint32_t page = 0; page < 2; page++)
        aegis_env_set(0, AEGIS_FIELD_GUARANTEED + COLOUR_WINDOW + page,
                      (AEGIS_EXPORT_COLOURS + page * 4096) | VALID, 0);
    if (exported_header()->tile_count == 0) {
        ok(aegis_tile_alloc(0, 0) == -E_RANGE && aegis_tile_map(AREA, 0, 0) == -E_RANGE &&
               aegis_colour_alloc(0, 0) == -E_RANGE,
           "without a colour frame buffer there are no tiles");
        test_end();
    }
    ok(exported_header()->tile_count == AEGIS_TILE_COUNT &&
           exported_header()->tile_page >= exported_header()->page_count,
       "there are tiles, and they are no memory");
    worker_prepare();
    test_owner(&cap);
    test_others(&cap);
    test_end_of_owner();
    test_revoked();
    test_colours();
    for (uint32_t i = 0; i < 256; i++) /* every colour, four pixels each */
        MINE[i] = i * 0x01010101u;
    test_end();
}

/* The compiler calls them by name. */
void *memcpy(void *to, const void *from, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        ((uint8_t *)to)[i] = ((const uint8_t *)from)[i];
    return to;
}

void *memset(void *to, int value, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        ((uint8_t *)to)[i] = (uint8_t)value;
    return to;
}
