/*
 * Runs each loop a few times, the first with cold caches, and takes each exception with a handler
 * named by env_set. The library OS's own handlers are not put back: the program ends right after.
 */
#include <bench.h>
#include <stdio.h>
#include <unistd.h>
#include <generated/abi-calls.h>
#include "loops.h"

#define ROUNDS       4
#define REFILL_AREA  0x20800000u /* STLB entries that nothing else of the program has */
#define REFILL_PAGES 512u
#define REFILL_BYTES (4096 + 4) /* another word of each page: they do not collide in the data cache */
#define STLB_REACH   (AEGIS_STLB_COUNT * 4096u) /* so far apart, two pages have the same STLB entry */

struct exception {
    const char *name;
    uint32_t code;
    char *handler;
    uint32_t (*loop)(void);
};

static const struct exception exceptions[] = {
    { "unaligned load", 4, skip_unaligned, loop_unaligned },
    { "overflow", 12, skip_overflow, loop_overflow },
    { "coprocessor", 11, skip_coprocessor, loop_coprocessor },
    { "protection", 1, skip_protection, loop_protection },
};

static int take(const struct exception *exception)
{
    int32_t result = aegis_env_set(0, AEGIS_FIELD_EXCEPTION + exception->code,
                                   (uint32_t)exception->handler, 16 * exception->code);

    if (result < 0) {
        printf("bench: %s: handler refused (%d)\n", exception->name, (int)result);
        return 1;
    }
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t taken = exception->loop();
        if (taken != EXCEPTION_COUNT) {
            printf("bench: %s: %u of %d reached the handler\n", exception->name, (unsigned)taken,
                   EXCEPTION_COUNT);
            return 1;
        }
    }
    return 0;
}

/* REFILL_PAGES pages from `address` on, each written once. */
static const uint32_t *map_area(uint32_t address)
{
    uint32_t *area = exo_page_map((void *)address, REFILL_PAGES, EXO_PROT_READ | EXO_PROT_WRITE);

    for (uint32_t i = 0; area && i < REFILL_PAGES; i++)
        area[i * REFILL_BYTES / 4] = i;
    return area;
}

/*
 * More pages than the TLB holds, again and again: misses that the software TLB serves. Then two
 * such areas in turn that take each other's place there: misses that come to the library OS.
 */
static int refill(void)
{
    const uint32_t *near = map_area(REFILL_AREA);

    if (!near)
        return 1;
    for (int round = 0; round < ROUNDS; round++)
        loop_load(BENCH_STLB_HIT, near, REFILL_BYTES, REFILL_PAGES);
    const uint32_t *far = map_area(REFILL_AREA + STLB_REACH);
    if (!far)
        return 1;
    for (int round = 0; round < ROUNDS; round++) {
        loop_load(BENCH_STLB_MISS, near, REFILL_BYTES, REFILL_PAGES);
        loop_load(BENCH_STLB_MISS, far, REFILL_BYTES, REFILL_PAGES);
    }
    return 0;
}

/* The library OS, which knows of one addressing context, makes the same mappings in the other. */
static int switch_contexts(void)
{
    int32_t other = aegis_context_alloc();

    for (int round = 0; other >= 0 && round < ROUNDS; round++)
        loop_switch(exo_envid() % AEGIS_ENV_COUNT, (uint32_t)other);
    return other < 0 || aegis_context_free((uint32_t)other) != 0;
}

int main(void)
{
    int failures = refill() + switch_contexts();

    for (int round = 0; round < ROUNDS; round++) {
        loop_procedure();
        loop_null();
        loop_null_stack();
    }
    aegis_fpu_mod(0);
    for (unsigned i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++)
        failures += take(&exceptions[i]);
    printf("bench: %s\n", failures == 0 ? "done" : "failed");
    return failures;
}
