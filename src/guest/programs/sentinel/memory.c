/*
 * Memory as a whole: when less is free than there should be, the environment with the most pages is
 * told to submit itself to the swap server that the command line names. One at a time: while one is
 * on its way, nothing more is done.
 */
#include "sentinel.h"

/* Told, or stopped and still with pages: room is being made. */
static bool is_on_its_way(const volatile struct aegis_env *env)
{
    return (env->revoke_stage != AEGIS_REVOKE_NONE && env->revoke_kind == AEGIS_KIND_ENV)
           || (env->upage == 0 && env->page_count > 0);
}

void memory_look(uint32_t server)
{
    const volatile struct aegis_env *largest = NULL;

    if (server == 0 || tables_header()->free_count >= limits.free)
        return;
    for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++) {
        const volatile struct aegis_env *env = tables_env(slot);
        if (!tables_is_watched(env) || env->id == server)
            continue;
        if (is_on_its_way(env))
            return;
        if (env->upage != 0 && (!largest || env->page_count > largest->page_count))
            largest = env;
    }
    if (!largest)
        return;
    finding(largest->id, "has %u pages, the most, and only %u are free", largest->page_count,
            tables_header()->free_count);
    act_swap(largest->id, server);
}
