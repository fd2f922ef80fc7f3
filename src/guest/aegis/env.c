/*
 * Processor environments (SOSP'95 section 5.1): creation, the four contexts, destruction.
 * Everything that the kernel later uses without looking is validated here when it is set: handler
 * PCs lie in user space, save areas in a page that the environment owns, guaranteed mappings name
 * pages it is bound to, the status word is the kernel's own.
 */
#include "aegis.h"
#include "network.h"

#define GENERATION_SHIFT 8
#define SAVE_AREA_BYTES 12u

struct aegis_env *env_find(uint32_t envid)
{
    struct aegis_env *env = &envs[envid & (AEGIS_ENV_COUNT - 1)];
    return envid != 0 && env->id == envid && env->state != AEGIS_ENV_DEAD ? env : 0;
}

struct aegis_env *env_controlled(uint32_t envid, int32_t *error)
{
    struct aegis_env *caller = current_env, *env;
    if (envid == 0 || envid == caller->id)
        return caller;
    env = env_find(envid);
    if (!env) {
        *error = -E_ENVIRONMENT;
        return 0;
    }
    if ((env->controllers & caller->slot_mask) == 0 && !caller->privileges) {
        *error = -E_RIGHTS;
        return 0;
    }
    return env;
}

struct aegis_env *env_make(struct aegis_env *parent)
{
    static uint32_t generation;
    uint32_t slot;
    struct aegis_env *env;
    for (slot = 0; slot < AEGIS_ENV_COUNT; slot++) {
        env = &envs[slot];
        /* A record that nobody is left to reap counts as free. */
        if (env->id == 0 || (env->state == AEGIS_ENV_DEAD && !env_find(env->parent)))
            break;
    }
    if (slot == AEGIS_ENV_COUNT)
        return 0;
    generation = (generation + 1) & 0x7fffff; /* an envid is no error */
    if (generation == 0)
        generation = 1;
    uint32_t epoch = env->epoch;
    for (uint32_t i = 0; i < sizeof *env / 4; i++)
        ((uint32_t *)env)[i] = 0;
    env->id = slot | generation << GENERATION_SHIFT;
    env->parent = parent ? parent->id : 0;
    env->state = AEGIS_ENV_NEW;
    env->status = board.status | STATUS_USER;
    env->slot_mask = 1u << slot;
    context_make_first(env);
    env->page_limit = parent && parent->page_limit != AEGIS_ANY ? 0 : AEGIS_ANY;
    env->controllers = parent ? parent->slot_mask : 0;
    env->epoch = epoch + 1;
    for (uint32_t cause = 0; cause < AEGIS_CAUSE_COUNT; cause++)
        env_no_handler(env, cause);
    if (parent)
        parent->child_count++;
    trace_env_create(env->id, env->parent);
    return env;
}

int32_t call_env_create(void)
{
    struct aegis_env *parent = current_env, *env;
    if (parent->child_count >= AEGIS_CHILD_QUOTA && !parent->privileges)
        return -E_QUOTA;
    env = env_make(parent);
    if (!env)
        return -E_NONE;
    capability_make(&kernel_state.result, AEGIS_KIND_ENV, env->id & (AEGIS_ENV_COUNT - 1),
                    AEGIS_RIGHT_CONTROL);
    return (int32_t)env->id;
}

/* Tells an environment of something; it sees the bits in its upage at its next slice upcall. */
void env_post(struct aegis_env *env, uint32_t pending)
{
    env->events++;
    if (!env->upage)
        return;
    env_upage(env)->pending |= pending;
    env->upcall_due = 1;
}

static void release_resources(struct aegis_env *env)
{
    uint32_t keep = ~env->slot_mask, i;
    for (i = 0; i < env->linear_count; i++)
        page_records[env->linear_page + i].pins--;
    env->linear_count = 0;
    if (env->upage)
        page_records[(env->upage - KSEG0) / AEGIS_PAGE_SIZE].pins--;
    env->upage = 0;
    page_unpin_all(env);
    page_unmap_begin(env);
    page_unmap_sweep(1);
    for (i = 0; i < kernel_state.page_count; i++) {
        struct aegis_page *page = &page_records[i];
        if (((page->readers | page->writers) & env->slot_mask) == 0 ||
            page->owner == AEGIS_OWNER_KERNEL)
            continue;
        page->readers &= keep;
        page->writers &= keep;
        if (page->owner == env->id)
            page_release(i);
    }
    page_unmap_end();
    context_forget(env);
    tile_forget(env);
    colour_forget(env);
    for (i = 0; i < AEGIS_LINE_COUNT; i++) {
        lines[i].readers &= keep;
        lines[i].writers &= keep;
    }
    for (i = 0; i < AEGIS_EXTENT_COUNT; i++) {
        extents[i].readers &= keep;
        extents[i].writers &= keep;
        if (extents[i].owner == env->id)
            extent_drop(i);
    }
}

void env_destroy(struct aegis_env *env, uint32_t reason, uint32_t status)
{
    struct aegis_env *parent = env_find(env->parent);
    ASSERT(env->state != AEGIS_ENV_DEAD && env->id != 0);
    trace_env_destroy(env->id, reason, status);
    slice_settle();
    disk_forget(env);
    ash_forget(env->id);
    filter_forget(env->id, env->slot_mask);
    slice_forget(env);
    slice_gate(env, 0);
    release_resources(env);
    env->state = AEGIS_ENV_DEAD;
    env->reason = reason;
    env->exit_status = status;
    env->privileges = 0;
    if (header->fpu_owner == env->id)
        header->fpu_owner = 0;
    revoke_forget(env);
    for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++) {
        struct aegis_env *other = &envs[slot];
        other->controllers &= ~env->slot_mask;
        /* Whoever is away awaiting it comes back by its own entry, from nobody. */
        if (other->state == AEGIS_ENV_RUNNING && other != current_env &&
            other->callee == env->id && other->scall_entry) {
            other->caller = 0;
            other->is_bereft = 1;
            other->state = AEGIS_ENV_READY;
        }
    }
    ASSERT(env->page_count == 0 && env->slice_count == 0 && env->extent_count == 0);
    if (parent) {
        if (parent->page_limit != AEGIS_ANY && env->page_limit != AEGIS_ANY)
            parent->page_limit += env->page_limit;
        env->controllers = parent->slot_mask;
        env_post(parent, AEGIS_PENDING_CHILD);
    }
    if (env == current_env)
        slice_schedule();
}

int32_t call_env_destroy(uint32_t envid, uint32_t status)
{
    int32_t error = 0;
    struct aegis_env *env = env_controlled(envid, &error);
    if (!env)
        return error;
    env_destroy(env, env == current_env ? AEGIS_REASON_EXIT : AEGIS_REASON_KILLED, status);
    return 0;
}

int32_t call_env_reap(uint32_t envid)
{
    struct aegis_env *parent, *env = &envs[envid & (AEGIS_ENV_COUNT - 1)];
    if (envid == 0 || env->id != envid)
        return -E_ENVIRONMENT;
    if ((env->controllers & current_env->slot_mask) == 0 &&
        !current_env->privileges)
        return -E_RIGHTS;
    if (env->state != AEGIS_ENV_DEAD)
        return -E_BUSY;
    parent = env_find(env->parent);
    if (parent)
        parent->child_count--;
    env->id = 0;
    env->state = AEGIS_ENV_FREE;
    return (int32_t)(env->exit_status & 0x7fffffff);
}

/* An exception that has no handler, or that found no environment. */
void env_fault(uint32_t cause, uint32_t epc, uint32_t address)
{
    struct aegis_env *env = current_env;
    if (env == &nobody)
        kernel_fault(cause, epc, address);
    env->fault_cause = cause;
    env->fault_epc = epc;
    env->fault_address = address;
    trace_fault(env->id, cause, epc, address);
    env_destroy(env, AEGIS_REASON_FAULT, 128 + CAUSE_CODE(cause));
    panic("a destroyed environment goes on");
}

/*
 * Sets guaranteed mapping `index` (0: removes it), and forgets what the TLBs held there. A page's
 * record does not say that it is mapped there: whoever breaks all mappings of a page unpins it.
 */
int32_t env_pin(struct aegis_env *env, uint32_t index, uint32_t entry_lo)
{
    uint32_t old = env->guaranteed[index], page = entry_lo >> 12;
    if (entry_lo != 0) {
        uint32_t writable = entry_lo & AEGIS_ENTRYLO_WRITABLE;
        if (page >= kernel_state.page_count || (entry_lo & 0x100) != 0 ||
            !(entry_lo & AEGIS_ENTRYLO_VALID))
            return -E_RANGE;
        if (((writable ? page_records[page].writers : page_records[page].readers) &
             env->slot_mask) == 0)
            return -E_RIGHTS;
        page_records[page].pins++;
    }
    env->guaranteed[index] = entry_lo;
    if (old != 0) {
        page_records[old >> 12].pins--;
        context_purge(env, AEGIS_GUARANTEED_BASE + index * AEGIS_PAGE_SIZE);
    }
    return 0;
}

/*
 * Stops an environment that neither runs nor is away in a transfer: it gives up its upage and all
 * that refers to it, and is as before its start. Whoever controls it can take its pages, and start
 * it again with a upage that holds the same, at another place perhaps. Nothing that is under way may
 * still write to the old one.
 */
static int32_t stop(struct aegis_env *env)
{
    if (!env->upage)
        return -E_RANGE;
    if (env == current_env || env->linear_count > 0 || header->fpu_owner == env->id ||
        (env->state != AEGIS_ENV_READY && env->state != AEGIS_ENV_WAITING) || disk_is_used_by(env))
        return -E_BUSY;
    revoke_stopped(env);
    slice_gate(env, 0);
    for (uint32_t cause = 0; cause < AEGIS_CAUSE_COUNT; cause++)
        env_no_handler(env, cause);
    page_records[(env->upage - KSEG0) / AEGIS_PAGE_SIZE].pins--;
    env->upage = 0;
    env->frame = 0;
    env->fpu_save = 0;
    env->wait_address = 0;
    env->state = AEGIS_ENV_NEW;
    trace_env_stop(env->id, current_env->id);
    return 0;
}

static int32_t set_upage(struct aegis_env *env, uint32_t page)
{
    if (page == AEGIS_ANY)
        return stop(env);
    if (page >= kernel_state.page_count)
        return -E_RANGE;
    if (page_records[page].owner != env->id)
        return -E_OWNER;
    if (env->upage)
        return -E_RANGE;
    page_records[page].pins++;
    env->upage = KSEG0 + page * AEGIS_PAGE_SIZE;
    env->frame = env->upage + OFFSET_UPAGE_FRAMES;
    env_upage(env)->envid = env->id;
    return 0;
}

void env_no_handler(struct aegis_env *env, uint32_t cause)
{
    env->exceptions[cause * 4] = NO_HANDLER;
    env->exceptions[cause * 4 + 1] = (uint32_t)kernel_state.no_save_area;
}

static int32_t set_exception(struct aegis_env *env, uint32_t cause, uint32_t pc, uint32_t offset)
{
    uint32_t *entry = &env->exceptions[cause * 4];
    if (!env->upage || offset % 4 != 0 || offset > AEGIS_PAGE_SIZE - SAVE_AREA_BYTES)
        return -E_RANGE;
    entry[0] = pc;
    entry[1] = env->upage + offset;
    if (pc == 0)
        env_no_handler(env, cause);
    return 0;
}

/* Where the FPU's registers go when another takes it: 33 words within the upage. */
static int32_t set_fpu(struct aegis_env *env, uint32_t offset)
{
    if (!env->upage || offset % 4 != 0 || offset > AEGIS_PAGE_SIZE - AEGIS_FPU_SAVE_BYTES)
        return -E_RANGE;
    env->fpu_save = env->upage + offset;
    return 0;
}

/*
 * How many pages it may own: the caller hands them down out of what it may own itself, or takes them
 * back; without a limit of its own it says what it likes.
 */
static int32_t set_page_limit(struct aegis_env *env, uint32_t limit)
{
    struct aegis_env *from = current_env;
    uint32_t had = env->page_limit == AEGIS_ANY ? 0 : env->page_limit;
    if (env == from)
        return -E_RIGHTS;
    if (limit < env->page_count)
        return -E_RANGE;
    if (from->page_limit != AEGIS_ANY) {
        if (limit > had && (limit == AEGIS_ANY ||
                            limit - had > from->page_limit - from->page_count))
            return -E_QUOTA;
        from->page_limit -= limit - had;
    }
    env->page_limit = limit;
    return 0;
}

static int32_t set_running(struct aegis_env *env)
{
    if (env->state != AEGIS_ENV_NEW || !env->upage || !env->slice_start || !env->slice_end)
        return -E_RANGE;
    if (!env->fpu_save)
        env->fpu_saved = 0;
    env->state = AEGIS_ENV_READY;
    slice_gate(env, env->frame_depth == 0);
    trace_env_run(env->id);
    return 0;
}

static uint32_t *handler_field(struct aegis_env *env, uint32_t field)
{
    switch (field) {
    case AEGIS_FIELD_SLICE_START:
        return &env->slice_start;
    case AEGIS_FIELD_SLICE_END:
        return &env->slice_end;
    case AEGIS_FIELD_REPOSSESSION:
        return &env->repossession;
    case AEGIS_FIELD_SCALL:
        return &env->scall_entry;
    case AEGIS_FIELD_ACALL:
        return &env->acall_entry;
    default:
        return 0;
    }
}

int32_t call_env_set(uint32_t envid, uint32_t field, uint32_t value, uint32_t value2)
{
    int32_t error = 0;
    struct aegis_env *env = env_controlled(envid, &error);
    uint32_t *handler;
    if (!env)
        return error;
    if (field == AEGIS_FIELD_UPAGE)
        return set_upage(env, value);
    if (field == AEGIS_FIELD_RUN)
        return set_running(env);
    if (field == AEGIS_FIELD_FPU)
        return set_fpu(env, value);
    if (field == AEGIS_FIELD_PAGE_LIMIT)
        return set_page_limit(env, value);
    if (field - AEGIS_FIELD_GUARANTEED < AEGIS_GUARANTEED_COUNT)
        return env_pin(env, field - AEGIS_FIELD_GUARANTEED, value);
    if (field - AEGIS_FIELD_LABEL < sizeof env->label / 4) {
        ((uint32_t *)env->label)[field - AEGIS_FIELD_LABEL] = value;
        return 0;
    }
    if (value >= KUSEG_END || value % 4 != 0)
        return -E_RANGE;
    if (field - AEGIS_FIELD_EXCEPTION < AEGIS_CAUSE_COUNT)
        return set_exception(env, field - AEGIS_FIELD_EXCEPTION, value, value2);
    handler = handler_field(env, field);
    if (!handler)
        return -E_RANGE;
    *handler = value;
    if (field == AEGIS_FIELD_SCALL && env->state != AEGIS_ENV_NEW)
        slice_gate(env, env == current_env || env->frame_depth == 0);
    return 0;
}
