/*
 * Hostile children without end: two at a time that make system calls at random, each knowing the
 * other's name, a page of its own, a terminal line and a part of the disk. After a while they are
 * destroyed and the next two begin. What they may not do is for the host to see.
 */
#include "test.h"

#define YIELDS 12u

static uint32_t start(uint32_t seed, uint32_t other)
{
    struct aegis_capability cap;
    uint32_t page = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0);
    uint32_t child = child_start(&(struct child_plan){
        .entry = child_fuzz, .a0 = seed, .a1 = page, .a3 = other, .slices = 2});
    aegis_page_give(page, child);
    aegis_bind(line_capability(3), child);
    aegis_mint(AEGIS_KIND_EXTENT, BOOT->disk_extent[0], AEGIS_RIGHT_READ, &cap);
    aegis_bind(&cap, child);
    return child;
}

static void end(uint32_t child)
{
    if (exported_env(child)->id == child && exported_env(child)->state != AEGIS_ENV_DEAD)
        aegis_env_destroy(child, 0);
    child_wait(child);
}

void test_main(void)
{
    uint32_t round, i, calls = 0;
    const volatile struct aegis_header *header = exported_header();
    aegis_env_set(0, AEGIS_FIELD_SCALL, 0, 0); /* nobody may transfer into this one */
    for (round = 1;; round++) {
        uint32_t first = start(0x9e3779b9 * round, BOOT->envid);
        uint32_t second = start(0x85ebca6b * round, first);
        if (round % 5 == 0)
            aegis_revoke(first, AEGIS_KIND_PAGE, 1);
        if (round % 7 == 0)
            aegis_revoke(second, AEGIS_KIND_LINE, 1);
        for (i = 0; i < YIELDS; i++)
            yield_to(i % 2 ? first : second);
        end(first);
        end(second);
        for (i = 1; i < AEGIS_SLICE_COUNT; i++)
            if (i % 8 != 0)
                aegis_slice_set(i, 0);
        if (round % 8 == 0) {
            for (i = calls = 0; i < AEGIS_CALL_COUNT; i++)
                calls += header->call_count[i];
            note("calls", calls);
        }
    }
}
