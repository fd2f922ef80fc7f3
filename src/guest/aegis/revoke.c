/*
 * Visible revocation and the abort protocol (SOSP'95 sections 3.3, 3.4), the same for every kind of
 * resource. Three stages: the environment is asked and has a few slices to choose what it gives up;
 * then it is told, with a deadline that the clock chip times at 8192 Hz only while the environment
 * runs; then the kernel breaks all bindings of as many as are missing, lists them in the
 * repossession vector and raises the repossession exception. What is guaranteed stays: pages under
 * guaranteed mappings, the last time slice. Nobody puts it off by not running: neither by giving each
 * slice away before the clock ticks, nor by having none.
 *
 * An emergency is a demand for the environment itself (AEGIS_KIND_ENV), all that is guaranteed
 * included: it is met when somebody whom the environment let control it has stopped it (env_set).
 */
#include "aegis.h"

static const struct revocable *const kinds[AEGIS_KIND_COUNT] = {
    [AEGIS_KIND_PAGE] = &page_revocable,     [AEGIS_KIND_LINE] = &line_revocable,
    [AEGIS_KIND_EXTENT] = &extent_revocable, [AEGIS_KIND_FILTER] = &filter_revocable,
    [AEGIS_KIND_SLICE] = &slice_revocable,   [AEGIS_KIND_TILE] = &tile_revocable,
    [AEGIS_KIND_COLOUR] = &colour_revocable,
};

/* Ticks since an environment that is asked or told was given a slice. */
#define ABSENCE_LIMIT (2u * AEGIS_SLICE_COUNT)
#define PENDING_DEMAND                                                                             \
    (AEGIS_PENDING_REVOKE | AEGIS_PENDING_REVOKE_NOW | AEGIS_PENDING_EMERGENCY)
static uint8_t absence[AEGIS_ENV_COUNT];
static uint32_t open_demands;

void revoke_forget(struct aegis_env *env)
{
    if (env->revoke_stage != AEGIS_REVOKE_NONE)
        open_demands--;
    env->revoke_stage = AEGIS_REVOKE_NONE;
}

static void end_demand(struct aegis_env *env)
{
    revoke_forget(env);
    env->revoke_count = 0;
    env_upage(env)->revoke_count = 0;
    env_upage(env)->pending &= ~(uint32_t)PENDING_DEMAND;
    if (env == current_env && env->state != AEGIS_ENV_SAVING)
        clock_set_fast(0);
}

void revoke_stopped(struct aegis_env *env)
{
    if (env->revoke_stage == AEGIS_REVOKE_NONE)
        return;
    if (env->revoke_kind == AEGIS_KIND_ENV)
        trace_revoke_answer(env->id, AEGIS_KIND_ENV);
    end_demand(env);
}

void revoke_answered(struct aegis_env *env, uint32_t kind)
{
    if (env->revoke_stage == AEGIS_REVOKE_NONE || env->revoke_kind != kind)
        return;
    ASSERT(env->revoke_count > 0);
    env->revoke_count--;
    env_upage(env)->revoke_count = env->revoke_count;
    if (env->revoke_count == 0) {
        trace_revoke_answer(env->id, kind);
        end_demand(env);
    }
}

static void tell(struct aegis_env *env, uint32_t spoken)
{
    trace_revoke_refuse(env->id, env->revoke_count, spoken, env->revoke_kind);
    env->revoke_stage = AEGIS_REVOKE_TOLD;
    env->revoke_ticks = AEGIS_DEADLINE_TICKS;
    env->revoke_slices = AEGIS_ASK_SLICES;
    env_upage(env)->revoke_deadline = AEGIS_DEADLINE_TICKS;
    env_post(env, AEGIS_PENDING_REVOKE_NOW);
    trace_revoke_tell(env->id, env->revoke_count, AEGIS_DEADLINE_TICKS, env->revoke_kind);
}

static void record_loss(struct aegis_env *env, uint32_t kind, uint32_t instance)
{
    struct aegis_upage *upage = env_upage(env);
    trace_repossess(env->id, instance, kind);
    upage->repossessed[env->repossessed_count % 512] = kind << 24 | instance;
    env->repossessed_count++;
    upage->repossessed_count = env->repossessed_count;
}

/* Abort: takes what is missing, as far as it is not guaranteed. */
static void repossess(struct aegis_env *env)
{
    uint32_t kind = env->revoke_kind, from = 0;
    if (env->revoke_count > 1)
        page_unmap_begin(env);
    for (; env->revoke_count > 0; env->revoke_count--) {
        uint32_t instance = kinds[kind]->take(env, from);
        if (instance == AEGIS_ANY)
            break;
        record_loss(env, kind, instance);
        from = instance + 1;
    }
    page_unmap_end();
    end_demand(env);
    env_post(env, AEGIS_PENDING_REPOSSESSED);
    trace_repossess_end(env->id, kind);
}

/*
 * An environment that did not let itself be stopped in an emergency is destroyed: without its upage
 * there is nowhere to tell it of the loss. Does not return when it is the current one.
 */
static void abort_dialogue(struct aegis_env *env)
{
    if (env->revoke_kind == AEGIS_KIND_ENV) {
        env_destroy(env, AEGIS_REASON_REVOKED, 0);
        return;
    }
    trace_repossess_begin(env->id, env->revoke_kind);
    repossess(env);
}

/*
 * The environment is about to get a slice: a request that it leaves open for too many of them
 * becomes an imperative, and an imperative ends.
 */
void revoke_slice(struct aegis_env *env)
{
    if (env->revoke_stage == AEGIS_REVOKE_NONE)
        return;
    absence[env->id & (AEGIS_ENV_COUNT - 1)] = 0;
    if (env->revoke_slices > 0)
        env->revoke_slices--;
    else if (env->revoke_stage == AEGIS_REVOKE_ASKED)
        tell(env, 0);
    else
        abort_dialogue(env);
    env->upcall_due = 0; /* this very upcall announces it */
}

/*
 * A tick of 64 Hz: who was given no slice in two rounds of the vector, having none or being away in a
 * transfer, cannot be waited for.
 */
void revoke_tick(void)
{
    if (open_demands == 0)
        return;
    for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++) {
        struct aegis_env *env = &envs[slot];
        if (env->revoke_stage != AEGIS_REVOKE_NONE && ++absence[slot] >= ABSENCE_LIMIT)
            abort_dialogue(env);
    }
}

/* A tick of 8192 Hz while the environment runs and its imperative is open. */
void revoke_deadline_tick(struct aegis_env *env)
{
    ASSERT(env->revoke_stage == AEGIS_REVOKE_TOLD);
    if (env->revoke_ticks > 0)
        env->revoke_ticks--;
    env_upage(env)->revoke_deadline = env->revoke_ticks;
    if (env->revoke_ticks == 0)
        abort_dialogue(env);
}

static int32_t check(const struct aegis_env *env, uint32_t kind, uint32_t count, uint32_t server)
{
    if (kind == AEGIS_KIND_ENV) {
        if (count != 1)
            return -E_RANGE;
        return env_find(server) && server != env->id ? 0 : -E_ENVIRONMENT;
    }
    if (kind >= AEGIS_KIND_COUNT || !kinds[kind])
        return -E_RANGE;
    return count == 0 || count > kinds[kind]->held(env) ? -E_RANGE : 0;
}

int32_t call_revoke(uint32_t envid, uint32_t kind, uint32_t count, uint32_t server)
{
    struct aegis_env *env = env_find(envid);
    int32_t error;
    if (!current_env->privileges)
        return -E_RIGHTS;
    if (!env || !env->upage)
        return -E_ENVIRONMENT;
    if (env->revoke_stage != AEGIS_REVOKE_NONE)
        return -E_BUSY;
    error = check(env, kind, count, server);
    if (error)
        return error;
    open_demands++;
    absence[env->id & (AEGIS_ENV_COUNT - 1)] = 0;
    env->revoke_stage = AEGIS_REVOKE_ASKED;
    env->revoke_kind = kind;
    env->revoke_count = count;
    env->revoke_slices = AEGIS_ASK_SLICES;
    env_upage(env)->revoke_kind = kind;
    env_upage(env)->revoke_count = count;
    if (kind == AEGIS_KIND_ENV) {
        env_upage(env)->revoke_server = server;
        env_post(env, AEGIS_PENDING_EMERGENCY);
        trace_emergency(env->id, server);
    } else {
        env_post(env, AEGIS_PENDING_REVOKE);
        trace_revoke_ask(env->id, count, kind);
    }
    return 0;
}

int32_t call_revoke_refuse(void)
{
    struct aegis_env *env = current_env;
    if (env->revoke_stage != AEGIS_REVOKE_ASKED)
        return -E_AGAIN;
    tell(env, 1);
    clock_set_fast(1);
    return 0;
}
