/*
 * What an environment's own record shows: pages, excess time, refused calls. A finding is printed
 * again only when it has become worse.
 */
#include "sentinel.h"

#define OVERRUNS_MAX 2 /* findings of over-run slices until it is destroyed */
#define REFUSALS_MAX 4 /* the same of refused calls */
#define LOOKS_TOGETHER 32 /* refusals further apart are not counted together */

static struct {
    uint32_t envid;
    uint32_t pages;
    uint32_t excess, overruns;
    uint32_t refused, refusals;
} known[AEGIS_ENV_COUNT];
static uint32_t look_count;

static void look_pages(uint32_t slot, const volatile struct aegis_env *env)
{
    uint32_t pages = env->page_count;

    if (pages <= limits.pages) {
        known[slot].pages = 0;
        return;
    }
    if (pages > known[slot].pages) {
        known[slot].pages = pages;
        finding(env->id, "hoards: owns %u pages of %u, more than %u; %u are free", pages,
                tables_header()->page_count, limits.pages, tables_header()->free_count);
    }
    if (env->revoke_stage == AEGIS_REVOKE_NONE)
        act_revoke_pages(env->id, pages - limits.pages);
}

static void look_time(uint32_t slot, const volatile struct aegis_env *env)
{
    uint32_t total = env->excess_total;

    if (total == known[slot].excess)
        return;
    finding(env->id, "over-runs its slices: %u ticks too long so far, %u slices forfeited for it",
            total, env->forfeited);
    known[slot].excess = total;
    if (++known[slot].overruns >= OVERRUNS_MAX)
        act_destroy(env->id);
}

static void look_refusals(uint32_t slot, const volatile struct aegis_env *env)
{
    uint32_t total = env->refused_count;

    if (total - known[slot].refused < limits.refusals) {
        if (look_count % LOOKS_TOGETHER == 0)
            known[slot].refused = total;
        return;
    }
    finding(env->id, "tries what it may not: %u calls refused, %u of them lately", total,
            total - known[slot].refused);
    known[slot].refused = total;
    if (++known[slot].refusals >= REFUSALS_MAX)
        act_destroy(env->id);
}

void environments_look(void)
{
    look_count++;
    for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++) {
        const volatile struct aegis_env *env = tables_env(slot);
        if (!tables_is_watched(env))
            continue;
        if (known[slot].envid != env->id) {
            known[slot].envid = env->id;
            known[slot].pages = known[slot].excess = known[slot].overruns = 0;
            known[slot].refused = known[slot].refusals = 0;
        }
        look_pages(slot, env);
        look_time(slot, env);
        look_refusals(slot, env);
    }
}
