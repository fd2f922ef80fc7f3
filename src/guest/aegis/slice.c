/*
 * The processor as a linear vector of time slices (SOSP'95 section 5.1.1), one tick of 1/64 s each,
 * served round robin. A slice's end is announced by an upcall, in which the environment saves what
 * it needs and yields; ticks it lets pass meanwhile are excess time, paid with later slices, and
 * above a limit it is destroyed. An environment that waits is skipped until its word changes.
 */
#include "aegis.h"

/* What a gate holds while it is closed: no envid that leads to this slot ends in another's number. */
#define GATE_CLOSED(slot) ((slot) ^ 1)
#define GATE_NAMELESS(slot) ((slot) ^ 2)

/* envid of who had the processor last, for telling that it changed hands. */
static uint32_t previous;
/*
 * The position being served began in the middle of a tick, when the one before was given up: that
 * tick's rest comes on top of its own, or whoever gives up just before the tick would take the next
 * one's slice away.
 */
static kernel_bool has_rest;
/*
 * A tick ended the current slice, and saving has not taken a fast tick yet: what follows begins with
 * that tick. Later it begins in the middle of one, or whoever saves until just before the next tick
 * would take that.
 */
static kernel_bool is_saving_promptly;

void slice_settle(void)
{
    if (!kernel_state.is_lent && current_env != &nobody)
        slices->runner[header->current_position] = current_env->id;
}

void slice_gate(struct aegis_env *env, kernel_bool is_open)
{
    uint32_t slot = env->id & (AEGIS_ENV_COUNT - 1);
    if (!is_open || !env->scall_entry)
        kernel_state.gates[slot] = GATE_CLOSED(slot);
    else
        kernel_state.gates[slot] = env->entry_hi ? env->id : GATE_NAMELESS(slot);
}

void slice_gate_again(struct aegis_env *env)
{
    uint32_t slot = env->id & (AEGIS_ENV_COUNT - 1);
    slice_gate(env, kernel_state.gates[slot] != GATE_CLOSED(slot));
}

static kernel_bool wait_is_over(const struct aegis_env *env)
{
    if (env->upcall_due || (env->upage && env_upage(env)->pending != 0))
        return 1;
    /* When the page was taken, there is no peeping at its next owner's words. */
    if (!page_allows(env, env->wait_address - KSEG0, 4, 0))
        return 1;
    if (*(const volatile uint32_t *)env->wait_address != env->wait_value)
        return 1;
    return env->wait_deadline != 0 && (int32_t)(header->tick_count - env->wait_deadline) >= 0;
}

static kernel_bool is_runnable(const struct aegis_env *env)
{
    if (env->state == AEGIS_ENV_READY)
        return 1;
    return env->state == AEGIS_ENV_WAITING && wait_is_over(env);
}

/* Who serves a position; 0 when nobody can. Without `may_pay` only looks. */
static struct aegis_env *candidate(uint32_t position, kernel_bool may_pay)
{
    struct aegis_env *env = env_find(slices->runner[position]);
    if (!env)
        return 0;
    if (env->excess > 0) {
        if (may_pay) {
            env->excess--;
            env->forfeited++;
            trace_slice_forfeit(env->id, position);
        }
        return 0;
    }
    if (env == current_env)
        return env;
    return is_runnable(env) ? env : 0;
}

static void vacate(void)
{
    if (current_env != &nobody)
        previous = current_env->id;
    header->current = (uint32_t)&nobody;
}

/*
 * Gives the processor to an environment: the repossession exception first, else the start-of-slice
 * upcall. One whose callee was destroyed comes back by its own entry instead.
 */
static void dispatch(struct aegis_env *env, kernel_bool is_lent) __attribute__((noreturn));
static void dispatch(struct aegis_env *env, kernel_bool is_lent)
{
    uint32_t pc = env->slice_start;
    kernel_bool is_reply = env->is_bereft && env->frame_depth == 0;
    env->state = is_reply ? AEGIS_ENV_RUNNING : AEGIS_ENV_RESTORING;
    kernel_state.vectors[8] = is_reply ? syscall_entry : syscall_in_upcall;
    kernel_state.is_lent = is_lent;
    slice_gate(env, 1);
    env->dispatch_count++;
    if (!is_reply)
        revoke_slice(env);
    if (env->state == AEGIS_ENV_DEAD)
        slice_schedule(); /* its time to answer an emergency is over */
    clock_set_fast(env->revoke_stage == AEGIS_REVOKE_TOLD);
    header->current = (uint32_t)env;
    if (previous != env->id) {
        header->switch_count++;
        trace_env_switch((int32_t)(env->id & (AEGIS_ENV_COUNT - 1)));
    }
    previous = env->id;
    context_name(env->context);
    if (is_reply) {
        env->is_bereft = 0;
        env_enter(env, env->scall_entry, (uint32_t)-E_ENVIRONMENT);
    }
    env->wait_address = 0;
    env->upcall_due = 0;
    env_upage(env)->frame_depth = env->frame_depth;
    if (env->repossession && (env_upage(env)->pending & AEGIS_PENDING_REPOSSESSED))
        pc = env->repossession;
    env_enter(env, pc, 0);
}

/*
 * Serves the vector from the next position on. Nobody has the processor when it is called. Whoever
 * cannot run is asked once, not at each of its positions: this stands between an interrupt and the
 * one it wakes.
 */
static void serve(kernel_bool is_in_tick) __attribute__((noreturn));
static void serve(kernel_bool is_in_tick)
{
    uint32_t position = header->current_position, resting = 0;
    vacate();
    has_rest = is_in_tick && !is_saving_promptly;
    is_saving_promptly = 0;
    for (uint32_t i = 0; i < AEGIS_SLICE_COUNT; i++) {
        struct aegis_env *env;
        uint32_t runner, slot;
        position = (position + 1) % AEGIS_SLICE_COUNT;
        runner = slices->runner[position];
        slot = runner % AEGIS_ENV_COUNT;
        if (runner == 0 || (resting & (1u << slot)))
            continue;
        if (envs[slot].id == runner && envs[slot].excess == 0)
            resting |= 1u << slot; /* unless it is the one */
        env = candidate(position, 1);
        if (env) {
            header->current_position = position;
            dispatch(env, 0);
        }
    }
    clock_set_fast(0);
    if (previous != 0)
        trace_env_switch(-1);
    previous = 0;
    idle(board.status | STATUS_IDLE);
}

void slice_schedule(void)
{
    serve(current_env != &nobody);
}

/*
 * True when the next position that anybody can serve is the current environment's own: then its
 * slices just join.
 */
static kernel_bool next_is_same(struct aegis_env *current, uint32_t *next)
{
    uint32_t position = header->current_position;
    for (uint32_t i = 0; i < AEGIS_SLICE_COUNT; i++) {
        struct aegis_env *env =
            env_find(slices->runner[position = (position + 1) % AEGIS_SLICE_COUNT]);
        if (env && env->excess > 0)
            return 0;
        if (env == current || candidate(position, 0)) {
            *next = position;
            return env == current;
        }
    }
    *next = header->current_position;
    return 1;
}

static void set_frame(struct aegis_env *env, uint32_t pc, uint32_t v0)
{
    uint32_t *frame = env_frame(env);
    frame[0] = pc;
    frame[1] = kernel_state.k1;
    frame[2] = v0;
}

/* The frame for an interruption: 1 when the environment was entered while frame 0 is in use. */
static void choose_frame(struct aegis_env *env)
{
    env->frame_depth = env->state != AEGIS_ENV_RUNNING;
}

kernel_bool slice_is_interruptible(const struct aegis_env *env)
{
    return env != &nobody && env->state != AEGIS_ENV_SAVING && env->state != AEGIS_ENV_RESTORING;
}

void slice_fast_tick(void)
{
    is_saving_promptly = 0;
}

/* Announces the end of the slice to the running environment: the upcall's PC. */
uint32_t slice_announce_end(struct aegis_env *env, uint32_t epc)
{
    choose_frame(env);
    kernel_state.vectors[8] = syscall_in_upcall;
    set_frame(env, epc, kernel_state.frame[1]);
    env_upage(env)->frame_depth = env->frame_depth;
    env->state = AEGIS_ENV_SAVING;
    return env->slice_end;
}

/* A tick of 64 Hz; `epc` is where the current environment was. Returns where it goes on. */
uint32_t slice_tick(uint32_t epc)
{
    struct aegis_env *env = current_env;
    kernel_bool is_rest = has_rest;
    uint32_t next;
    has_rest = 0;
    header->tick_count++;
    slice_settle();
    revoke_tick();
    if (env == &nobody) {
        header->idle_ticks++;
        slice_schedule();
    }
    env->tick_count++;
    if (is_rest && env->state != AEGIS_ENV_SAVING) {
        if (env->state != AEGIS_ENV_RESTORING && !env->upcall_due &&
            env->revoke_stage == AEGIS_REVOKE_NONE)
            return epc;
        /* An upcall is due: this same position is the next one. */
        header->current_position = (header->current_position - 1) % AEGIS_SLICE_COUNT;
        kernel_state.is_lent = 1;
    }
    switch (env->state) {
    case AEGIS_ENV_RUNNING:
    case AEGIS_ENV_READY: /* entered by a transfer while frame 0 is in use */
    case AEGIS_ENV_WAITING:
        if (!env->upcall_due && env->revoke_stage == AEGIS_REVOKE_NONE &&
            next_is_same(env, &next)) {
            header->current_position = next;
            kernel_state.is_lent = slices->runner[next] != env->id;
            return epc;
        }
        is_saving_promptly = 1;
        clock_set_fast(1);
        return slice_announce_end(env, epc);
    case AEGIS_ENV_SAVING:
        env->excess++;
        env->excess_total++;
        trace_slice_overrun(env->id, env->excess);
        if (env->excess >= AEGIS_EXCESS_LIMIT)
            env_destroy(env, AEGIS_REASON_EXCESS_TIME, 0);
        return epc;
    case AEGIS_ENV_RESTORING: /* its frame is whole: it starts over at its next slice */
        env->state = AEGIS_ENV_READY;
        slice_gate(env, env->frame_depth == 0);
        serve(0);
    default:
        panic("tick in a state that does not run");
    }
}

/* Leaves the current environment; what it runs next is in its frame. */
static void leave(struct aegis_env *env, uint32_t state)
{
    slice_settle();
    if (slice_is_interruptible(env)) {
        choose_frame(env);
        set_frame(env, call_return_pc(), 0);
    }
    env->state = state;
    slice_gate(env, env->frame_depth == 0);
    vacate();
}

int32_t call_yield(uint32_t envid)
{
    struct aegis_env *env = current_env, *to = 0;
    if (envid != 0) {
        to = env_find(envid);
        if (!to)
            return -E_ENVIRONMENT;
    }
    leave(env, AEGIS_ENV_READY);
    if (to && to->excess == 0 && is_runnable(to))
        dispatch(to, 1);
    serve(1);
}

int32_t call_wait(uint32_t address, uint32_t old, uint32_t deadline)
{
    struct aegis_env *env = current_env;
    if (address % 4 != 0)
        return -E_RANGE;
    if (!page_allows(env, address, 4, 0))
        return -E_RIGHTS;
    env->wait_address = KSEG0 + address;
    env->wait_value = old;
    env->wait_deadline = deadline;
    if (env->state != AEGIS_ENV_SAVING && wait_is_over(env)) {
        env->wait_address = 0;
        if (!env->upcall_due)
            return 0;
    }
    leave(env, env->wait_address ? AEGIS_ENV_WAITING : AEGIS_ENV_READY);
    serve(1);
}

static void set_owner(uint32_t position, struct aegis_env *env)
{
    struct aegis_env *old = env_find(slices->owner[position]);
    slice_settle();
    if (position == header->current_position) /* whoever runs has the rest of it, and no more */
        kernel_state.is_lent = 1;
    if (old)
        old->slice_count--;
    if (env)
        env->slice_count++;
    slices->owner[position] = env ? env->id : 0;
    slices->runner[position] = env ? env->id : 0;
}

/* A destroyed environment's positions go to its parent; what it was lent goes back. */
void slice_forget(struct aegis_env *env)
{
    struct aegis_env *parent = env_find(env->parent);
    if (env == current_env)
        kernel_state.is_lent = 1; /* the position it dies on must not be settled as its own */
    for (uint32_t i = 0; i < AEGIS_SLICE_COUNT; i++) {
        if (slices->owner[i] == env->id)
            set_owner(i, parent);
        if (slices->runner[i] == env->id)
            slices->runner[i] = slices->owner[i];
    }
}

int32_t call_slice_alloc(uint32_t position)
{
    struct aegis_env *env = current_env;
    if (env->slice_count >= AEGIS_SLICE_QUOTA && !env->privileges)
        return -E_QUOTA;
    if (position == AEGIS_ANY) {
        for (position = 0; position < AEGIS_SLICE_COUNT; position++)
            if (slices->owner[position] == 0)
                break;
        if (position == AEGIS_SLICE_COUNT)
            return -E_NONE;
    }
    if (position >= AEGIS_SLICE_COUNT)
        return -E_RANGE;
    if (slices->owner[position] != 0)
        return -E_BUSY;
    set_owner(position, env);
    return (int32_t)position;
}

static int32_t check_owned(uint32_t position)
{
    if (position >= AEGIS_SLICE_COUNT)
        return -E_RANGE;
    return slices->owner[position] == current_env->id ? 0 : -E_OWNER;
}

int32_t call_slice_free(uint32_t position)
{
    int32_t error = check_owned(position);
    if (error)
        return error;
    set_owner(position, 0);
    revoke_answered(current_env, AEGIS_KIND_SLICE);
    return 0;
}

int32_t call_slice_give(uint32_t position, uint32_t envid)
{
    int32_t error = check_owned(position);
    struct aegis_env *to = env_find(envid);
    if (error)
        return error;
    if (!to)
        return -E_ENVIRONMENT;
    set_owner(position, to);
    if (to != current_env)
        revoke_answered(current_env, AEGIS_KIND_SLICE);
    return 0;
}

int32_t call_slice_set(uint32_t position, uint32_t envid)
{
    struct aegis_env *to = env_find(envid);
    if (!current_env->privileges)
        return -E_RIGHTS;
    if (position >= AEGIS_SLICE_COUNT)
        return -E_RANGE;
    if (envid != 0 && !to)
        return -E_ENVIRONMENT;
    set_owner(position, to);
    return 0;
}

static uint32_t held(const struct aegis_env *env)
{
    return env->slice_count;
}

/* All but the last: without it the environment could not even learn of its loss. */
static uint32_t take_back(struct aegis_env *env, uint32_t from)
{
    for (uint32_t i = from; i < AEGIS_SLICE_COUNT && env->slice_count > 1; i++) {
        if (slices->owner[i] != env->id)
            continue;
        set_owner(i, 0);
        return i;
    }
    return AEGIS_ANY;
}

const struct revocable slice_revocable = {held, take_back};
