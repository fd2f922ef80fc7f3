/*
 * Runs each loop twice, the second time with warm caches, and takes each exception a number of times with a handler
 * named by env_set. The library OS's own handlers are not put back: the program ends right after.
 */
#include <stdio.h>
#include <unistd.h>
#include "abi-calls.h"
#include "bench.h"

#define REFILL_AREA   0x20300000u /* STLB entries that nothing else of the program has */
#define REFILL_PAGES  80u
#define REFILL_ROUNDS 10u

struct exception {
    const char *name;
    uint32_t code;
    char *handler;
    void (*raise)(void);
};

static const struct exception exceptions[] = {
    { "unaligned load", 4, skip_unaligned, raise_unaligned },
    { "overflow", 12, skip_overflow, raise_overflow },
    { "coprocessor", 11, skip_coprocessor, raise_coprocessor },
    { "protection", 1, skip_protection, raise_protection },
};

static int take(const struct exception *exception)
{
    int32_t result = aegis_env_set(0, AEGIS_FIELD_EXCEPTION + exception->code, (uint32_t)exception->handler,
                                   16 * exception->code);

    if (result < 0) {
        printf("bench: %s: handler refused (%d)\n", exception->name, (int)result);
        return 1;
    }
    skip_count = 0;
    for (int i = 0; i < EXCEPTION_COUNT; i++)
        exception->raise();
    if (skip_count != EXCEPTION_COUNT) {
        printf("bench: %s: %u of %d reached the handler\n", exception->name, (unsigned)skip_count, EXCEPTION_COUNT);
        return 1;
    }
    return 0;
}

static void mark(uint32_t number)
{
    register uint32_t v0 __asm__("$2") = AEGIS_CALL_ENV_SELF;
    register uint32_t a0 __asm__("$4") = MARK | number;

    __asm__ volatile("syscall" : "+r"(v0) : "r"(a0) : "memory");
}

/*
 * More pages than the TLB holds, again and again: misses that the software TLB serves. Then each
 * once more after its mapping was deleted: misses that come to the library OS.
 */
static int refill(void)
{
    volatile uint32_t *area =
        exo_page_map((void *)REFILL_AREA, REFILL_PAGES, EXO_PROT_READ | EXO_PROT_WRITE);
    uint32_t sum = 0;

    if (!area)
        return 1;
    for (uint32_t i = 0; i < REFILL_PAGES; i++)
        area[i * 1024] = i;
    mark(8);
    for (uint32_t round = 0; round < REFILL_ROUNDS; round++)
        for (uint32_t i = 0; i < REFILL_PAGES; i++)
            sum += area[i * 1024];
    mark(9);
    for (uint32_t i = 0; i < REFILL_PAGES; i++) {
        aegis_tlb_delete(REFILL_AREA + i * 4096);
        mark(10);
        sum += area[i * 1024];
        mark(11);
    }
    return sum != (REFILL_ROUNDS + 1) * REFILL_PAGES * (REFILL_PAGES - 1) / 2;
}

int main(void)
{
    int failures = refill();

    for (int round = 0; round < 2; round++) {
        loop_procedure(2);
        loop_null(4);
        loop_null_stack(6);
    }
    aegis_fpu_mod(0);
    for (unsigned i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++)
        failures += take(&exceptions[i]);
    printf("bench: %s\n", failures == 0 ? "done" : "failed");
    return failures;
}
