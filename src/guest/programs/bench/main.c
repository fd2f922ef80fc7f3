/*
 * Runs each loop twice, the second time with warm caches, and takes each exception a number of times with a handler
 * named by env_set. The library OS's own handlers are not put back: the program ends right after.
 */
#include <stdio.h>
#include "abi-calls.h"
#include "bench.h"

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

int main(void)
{
    int failures = 0;

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
