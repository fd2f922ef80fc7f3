/*
 * The small calls of the interface (library-calls.h): who and where we are, time, giving the
 * processor away.
 */
#include "process.h"
#include <generated/library-calls.h>

int exo_no_call(void);

int exo_no_call(void)
{
    return process_fail(EXO_ENOSYS);
}

const char *exo_libos_name(void)
{
    return START->libos;
}

int exo_getpid(void)
{
    return (int)UPAGE->envid;
}

uint32_t exo_envid(void)
{
    return UPAGE->envid;
}

/* Not handed on to children: whoever got it may do that by itself. */
int exo_granted(struct aegis_capability *into)
{
    if (START->granted.name == 0)
        return process_fail(EXO_EACCES);
    *into = START->granted;
    return 0;
}

/* Nor is this. */
int exo_lent(struct aegis_capability *into)
{
    if (START->lent.name == 0)
        return process_fail(EXO_EACCES);
    *into = START->lent;
    return 0;
}

uint32_t exo_ticks(void)
{
    return ((const volatile struct aegis_header *)memory_header())->tick_count;
}

void exo_yield(uint32_t envid)
{
    yield_to(envid);
}

uint32_t exo_events(void)
{
    return process_events();
}

void exo_wait_event(uint32_t seen, uint32_t deadline)
{
    process_enter();
    process_wait_event(seen, deadline);
    process_leave();
}

void exo_sleep(uint32_t ticks)
{
    uint32_t until = exo_ticks() + ticks;

    process_enter();
    while ((int32_t)(until - exo_ticks()) > 0)
        process_wait_event(process_events(), until);
    process_leave();
}
