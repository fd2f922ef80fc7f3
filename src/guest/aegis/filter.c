/*
 * Packet filters as resources (SOSP'95 section 5.5.1): who owns which, who may install what. A
 * filter that could claim a frame of another's filter is refused, so that none can lie, unless the
 * owner of that one has allowed it by capability, or the machine's owner installs it. Every change
 * compiles all filters anew.
 */
#include "network.h"
#include "aegis.h"

#define atoms_of(filter)                                                                           \
    ((struct aegis_atom *)(KSEG0 + AEGIS_EXPORT_ATOMS) + (filter) * AEGIS_FILTER_ATOM_COUNT)

struct filter_form filter_forms[AEGIS_FILTER_COUNT];
uint32_t filter_overlaps[AEGIS_FILTER_COUNT][2];
static uint32_t order;

/* What a compilation that came to no end has left in place of the code. */
static kernel_bool is_code_torn;

/* Merges and compiles what there is; false when it is too large. */
static kernel_bool rebuild(void)
{
    uint16_t root;
    int32_t length;
    if (trie_build(&root, &network->node_count) < 0)
        return 0;
    length = filter_compile(root);
    is_code_torn = length < 0;
    if (is_code_torn)
        return 0;
    network->code_count = (uint32_t)length;
    return 1;
}

void filter_init(void)
{
    network->code_address = NETWORK_CLASSIFIER;
    network->layout = FRAME_LAYOUT;
    ASSERT(rebuild());
}

static inline kernel_bool is_set(const uint32_t bits[2], uint32_t filter)
{
    return (bits[filter / 32] & (1u << filter % 32)) != 0;
}

static void set_overlap(uint32_t filter, uint32_t other, kernel_bool is_overlap)
{
    uint32_t bit = 1u << other % 32;
    if (is_overlap)
        filter_overlaps[filter][other / 32] |= bit;
    else
        filter_overlaps[filter][other / 32] &= ~bit;
}

/* Takes note of what a filter has in common with each of the others. */
static void find_overlaps(uint32_t filter)
{
    for (uint32_t i = 0; i < AEGIS_FILTER_COUNT; i++) {
        kernel_bool is_overlap = i != filter && filters[i].owner != 0 &&
                                 filter_forms_overlap(&filter_forms[i], &filter_forms[filter]);
        set_overlap(filter, i, is_overlap);
        set_overlap(i, filter, is_overlap);
    }
}

/* A filter that this one overlaps without leave; AEGIS_ANY: none. */
static uint32_t find_wronged(uint32_t filter, uint32_t flags)
{
    const struct aegis_env *env = current_env;
    if (env->privileges || (flags & AEGIS_FILTER_LAST))
        return AEGIS_ANY;
    for (uint32_t i = 0; i < AEGIS_FILTER_COUNT; i++)
        if (is_set(filter_overlaps[filter], i) && !(filters[i].writers & env->slot_mask) &&
            !(filters[i].flags & AEGIS_FILTER_LAST))
            return i;
    return AEGIS_ANY;
}

static void clear_record(struct aegis_filter *filter)
{
    uint32_t epoch = filter->epoch + 1;
    for (uint32_t i = 0; i < sizeof *filter / 4; i++)
        ((raw_word *)filter)[i] = 0;
    filter->epoch = epoch;
}

static int32_t refuse(int32_t error, uint32_t wronged)
{
    network->refused++;
    trace_filter_refuse(current_env->id, (uint32_t)-error, wronged);
    return error;
}

static uint32_t count_owned(uint32_t envid)
{
    uint32_t owned = 0;
    for (uint32_t i = 0; i < AEGIS_FILTER_COUNT; i++)
        owned += filters[i].owner == envid;
    return owned;
}

int32_t call_filter_install(uint32_t address, uint32_t count, uint32_t flags)
{
    struct aegis_env *env = current_env;
    uint32_t number = 0, wronged;
    int32_t error;
    struct aegis_filter *filter = filters;
    if (count > AEGIS_FILTER_ATOM_COUNT || address % 4 != 0 ||
        address % AEGIS_PAGE_SIZE + count * SIZEOF_ATOM > AEGIS_PAGE_SIZE ||
        (flags & ~(uint32_t)(AEGIS_FILTER_UPCALL | AEGIS_FILTER_LAST)))
        return refuse(-E_RANGE, AEGIS_ANY);
    if (count > 0 && !page_allows(env, address, count * SIZEOF_ATOM, 0))
        return refuse(-E_RIGHTS, AEGIS_ANY);
    if ((flags & AEGIS_FILTER_LAST) && !env->privileges)
        return refuse(-E_RIGHTS, AEGIS_ANY);
    if (!env->privileges && count_owned(env->id) >= AEGIS_FILTER_QUOTA)
        return refuse(-E_QUOTA, AEGIS_ANY);
    for (; filters[number].owner != 0; number++)
        if (number == AEGIS_FILTER_COUNT - 1)
            return refuse(-E_NONE, AEGIS_ANY);
    filter += number;
    for (uint32_t i = 0; i < count * SIZEOF_ATOM / 4; i++)
        ((raw_word *)atoms_of(number))[i] = ((const raw_word *)(KSEG0 + address))[i];
    error = filter_form_make(&filter_forms[number], atoms_of(number), count);
    if (error)
        return refuse(error, AEGIS_ANY);
    find_overlaps(number);
    wronged = find_wronged(number, flags);
    if (wronged != AEGIS_ANY)
        return refuse(-E_OVERLAP, wronged);
    filter->owner = env->id;
    filter->readers = filter->writers = env->slot_mask;
    filter->flags = flags;
    filter->atom_count = count;
    filter->order = order++;
    if (!rebuild()) {
        clear_record(filter);
        if (is_code_torn)
            ASSERT(rebuild());
        return refuse(-E_NONE, AEGIS_ANY);
    }
    network->filter_count++;
    trace_filter_install(env->id, number, count, network->code_count);
    capability_make(&kernel_state.result, AEGIS_KIND_FILTER, number,
                    AEGIS_RIGHT_READ | AEGIS_RIGHT_WRITE);
    return (int32_t)number;
}

static void drop(uint32_t number, kernel_bool is_taken)
{
    struct aegis_filter *filter = &filters[number];
    trace_filter_remove(filter->owner, number, (uint32_t)is_taken);
    if (filter->ash != 0)
        ashs[filter->ash - 1].filter_count--;
    clear_record(filter);
    network->filter_count--;
}

/*
 * Compiles what is left. Fewer filters can be merged worse and then not fit: if ever so, the latest
 * ones go too, and their owners are told.
 */
static void rebuild_after_drop(void)
{
    while (!rebuild()) {
        uint32_t latest = AEGIS_ANY;
        struct aegis_env *owner;
        for (uint32_t i = 0; i < AEGIS_FILTER_COUNT; i++)
            if (filters[i].owner != 0 &&
                (latest == AEGIS_ANY || (int32_t)(filters[i].order - filters[latest].order) > 0))
                latest = i;
        ASSERT(latest != AEGIS_ANY);
        owner = env_find(filters[latest].owner);
        drop(latest, 1);
        if (owner)
            env_post(owner, AEGIS_PENDING_FILTER);
    }
}

static int32_t check_owned(uint32_t filter)
{
    if (filter >= AEGIS_FILTER_COUNT || filters[filter].owner == 0)
        return -E_RANGE;
    return filters[filter].owner == current_env->id ? 0 : -E_OWNER;
}

int32_t call_filter_remove(uint32_t filter)
{
    int32_t error = check_owned(filter);
    if (error)
        return error;
    drop(filter, 0);
    rebuild_after_drop();
    revoke_answered(current_env, AEGIS_KIND_FILTER);
    return 0;
}

/* All of a destroyed environment's. */
void filter_forget(uint32_t envid, uint32_t slot_mask)
{
    uint32_t before = network->filter_count;
    for (uint32_t i = 0; i < AEGIS_FILTER_COUNT; i++) {
        filters[i].readers &= ~slot_mask;
        filters[i].writers &= ~slot_mask;
        if (filters[i].owner == envid)
            drop(i, 0);
    }
    if (network->filter_count != before)
        rebuild_after_drop();
}

int32_t call_filter_ring(uint32_t filter, uint32_t index, uint32_t page)
{
    int32_t error = check_owned(filter);
    struct aegis_filter *f = &filters[filter];
    if (error)
        return error;
    if (index >= AEGIS_FILTER_RING_PAGES || index > f->ring_count ||
        page >= kernel_state.page_count)
        return -E_RANGE;
    if (page_records[page].owner == AEGIS_OWNER_KERNEL ||
        !page_allows(current_env, page * AEGIS_PAGE_SIZE, AEGIS_PAGE_SIZE, 1))
        return -E_RIGHTS;
    f->ring_page[index] = page;
    f->ring_epoch[index] = page_records[page].epoch;
    if (index == f->ring_count)
        f->ring_count++;
    return 0;
}

int32_t call_filter_handler(uint32_t filter, uint32_t ash)
{
    int32_t error = check_owned(filter);
    if (error)
        return error;
    if (ash != AEGIS_ANY) {
        if (ash >= AEGIS_ASH_COUNT || ashs[ash].owner == 0)
            return -E_RANGE;
        if (ashs[ash].owner != current_env->id)
            return -E_OWNER;
        ashs[ash].filter_count++;
    }
    if (filters[filter].ash != 0)
        ashs[filters[filter].ash - 1].filter_count--;
    filters[filter].ash = ash == AEGIS_ANY ? 0 : ash + 1;
    return 0;
}

static uint32_t held(const struct aegis_env *env)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < AEGIS_FILTER_COUNT; i++)
        count += filters[i].owner == env->id;
    return count;
}

/* With the last one that is asked for, or that there is, what is left is compiled: once. */
static uint32_t take_back(struct aegis_env *env, uint32_t from)
{
    for (uint32_t i = from; i < AEGIS_FILTER_COUNT; i++) {
        if (filters[i].owner != env->id)
            continue;
        drop(i, 1);
        if (env->revoke_count == 1 || held(env) == 0)
            rebuild_after_drop();
        return i;
    }
    return AEGIS_ANY;
}

const struct revocable filter_revocable = {held, take_back};
