/*
 * Application-specific handlers (SOSP'95 section 5.5.2): untrusted code that an environment hands
 * over, which runs in the kernel when a packet of its filter arrives, whether or not the
 * environment is scheduled. It can put the message where it likes in its own pages (vectoring),
 * have it summed on the way (integrated layer processing), send (message initiation), and compute
 * (control initiation). What it may be is ash-sandbox.c's affair; here stand who owns it, its
 * pages, and the helpers. A run that uses up its budget is cut off and reported, and its message
 * treated as if there were no handler.
 */
#include "ash.h"
#include "network.h"
#include "aegis.h"

#define CODE(number)                                                                               \
    ((uint32_t *)(KSEG0 + NETWORK_ASH_CODE + (number) * NETWORK_ASH_CODE_BYTES))
#define HELPER_COST 64 /* instructions charged for a helper, and 8 for each word that it moves */
#define WORD_COST 8

struct ash_state ash_state;
static struct aegis_ash *running;
static uint32_t sends;
/* Instructions that all handlers have used since the last tick. */
static uint32_t tick, tick_used;

_Static_assert(__builtin_offsetof(struct ash_state, length) == ASH_LENGTH, "ash.h");
_Static_assert(NETWORK_ASH_CODE + AEGIS_ASH_COUNT * NETWORK_ASH_CODE_BYTES <= NETWORK_CLASSIFIER,
               "handler code");

static struct aegis_env *owner_of(const struct aegis_ash *ash)
{
    struct aegis_env *env = &envs[ash->owner % AEGIS_ENV_COUNT];
    ASSERT(ash->owner != 0 && env->id == ash->owner);
    return env;
}

/* Page `index` of a handler, when it is still what was bound: its kseg0 address, or 0. */
static uint32_t page_at(const struct aegis_ash *ash, uint32_t index)
{
    if (index >= ash->page_count ||
        !network_page_holds(ash->page[index], ash->page_epoch[index], owner_of(ash)->slot_mask))
        return 0;
    return KSEG0 + ash->page[index] * AEGIS_PAGE_SIZE;
}

static void report(struct aegis_ash *ash, uint32_t reason)
{
    ash->aborted++;
    ash->abort_reason = reason;
    trace_ash_abort(ash->owner, (uint32_t)(ash - ashs), reason);
}

/*
 * What a run may take besides its code once, negative: not even that. A flood of packets
 * must not keep the processor in handlers, so both they and each have a share of every tick.
 */
static int32_t budget_of(struct aegis_ash *ash)
{
    uint32_t left;
    if (tick != header->tick_count) {
        tick = header->tick_count;
        tick_used = 0;
    }
    if (ash->tick != tick) {
        ash->tick = tick;
        ash->tick_used = 0;
    }
    left = AEGIS_ASH_TICK_BUDGET - ash->tick_used;
    if (AEGIS_ASH_TICK_TOTAL - tick_used < left)
        left = AEGIS_ASH_TICK_TOTAL - tick_used;
    if (left > AEGIS_ASH_BUDGET)
        left = AEGIS_ASH_BUDGET;
    return (int32_t)(left - ash->run_cost);
}

/* A run that was cut off has used somewhat more than it had. */
static void account(struct aegis_ash *ash, uint32_t used)
{
    ash->runs++;
    ash->instructions += used;
    ash->tick_used += used;
    if (ash->tick_used > AEGIS_ASH_TICK_BUDGET)
        ash->tick_used = AEGIS_ASH_TICK_BUDGET;
    tick_used += used;
    if (tick_used > AEGIS_ASH_TICK_TOTAL)
        tick_used = AEGIS_ASH_TICK_TOTAL;
}

int ash_run(uint32_t number, uint32_t frame, uint32_t length, uint32_t filter)
{
    struct aegis_ash *ash = &ashs[number];
    uint32_t page = page_at(ash, 0);
    int32_t budget = budget_of(ash), result;
    if (page == 0 || budget < 0) {
        report(ash, page == 0 ? AEGIS_ASH_ABORT_PAGE : AEGIS_ASH_ABORT_TICK);
        return 0;
    }
    running = ash;
    sends = 0;
    ash_state.budget = budget;
    ash_state.frame = frame;
    ash_state.length = length;
    result = ash_enter(length, filter, CODE(number), page);
    account(ash, ash->run_cost + (uint32_t)(budget - ash_state.budget));
    if (result < 0)
        report(ash, result == ASH_ENDED_BUDGET ? AEGIS_ASH_ABORT_BUDGET : AEGIS_ASH_ABORT_END);
    return result == AEGIS_ASH_CONSUMED;
}

static int32_t refuse(void)
{
    running->refused++;
    return -E_RANGE;
}

/* Takes a helper's cost off the budget; false when there is none left. */
static kernel_bool charge(uint32_t bytes)
{
    ash_state.budget -= HELPER_COST + (int32_t)(bytes / 4 * WORD_COST);
    return ash_state.budget >= 0;
}

/* Memory of the handler at a place of its pages, all in one page; 0: not its own. */
static uint32_t memory_at(uint32_t place, uint32_t bytes)
{
    uint32_t offset = place % AEGIS_PAGE_SIZE, page;
    if (place % 4 != 0 || bytes > AEGIS_PAGE_SIZE || offset + bytes > AEGIS_PAGE_SIZE)
        return 0;
    page = page_at(running, place / AEGIS_PAGE_SIZE);
    return page ? page + offset : 0;
}

/*
 * Where a copy of the message goes; 0: refused. What follows its last byte up to a word is its
 * FCS.
 */
static uint32_t *vector(uint32_t offset, uint32_t place, uint32_t bytes)
{
    if (offset % 4 != 0 || offset > ash_state.length || bytes > ash_state.length - offset)
        return 0;
    return (uint32_t *)memory_at(place, bytes);
}

int32_t ash_copy(uint32_t offset, uint32_t place, uint32_t bytes)
{
    uint32_t *to = vector(offset, place, bytes);
    if (!to)
        return refuse();
    if (charge(bytes))
        frame_read(ash_state.frame, offset, to, bytes);
    return 0;
}

/* The sum goes back in v1, the upper half of the result. */
uint64_t ash_copy_sum(uint32_t offset, uint32_t place, uint32_t bytes)
{
    uint32_t *to = vector(offset, place, bytes), sum = 0;
    if (!to)
        return (uint32_t)refuse();
    if (!charge(2 * bytes))
        return 0;
    for (; bytes > 0; offset += 4, bytes = bytes > 4 ? bytes - 4 : 0) {
        uint32_t word = *(const volatile uint32_t *)(ash_state.frame + frame_place(offset));
        *to++ = word;
        if (bytes < 4)
            word &= (1u << (8 * bytes)) - 1;
        sum += word;
        sum += sum < word;
    }
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint64_t)sum << 32;
}

int32_t ash_send(uint32_t place, uint32_t bytes)
{
    uint32_t from, frame;
    if (!network_length_is_good(bytes))
        return refuse();
    from = memory_at(place, bytes);
    if (from == 0 || sends == AEGIS_ASH_SENDS)
        return refuse();
    frame = lance_transmit_buffer();
    if (frame == 0) {
        running->refused++;
        return -E_AGAIN;
    }
    if (!charge(bytes))
        return 0;
    frame_write(frame, 0, (const uint8_t *)from, bytes);
    network_finish_frame(frame, bytes);
    sends++;
    running->sent++;
    return 0;
}

int32_t ash_wake(void)
{
    charge(0);
    owner_of(running)->events++;
    return 0;
}

static void drop(struct aegis_ash *ash)
{
    for (uint32_t i = 0; i < AEGIS_FILTER_COUNT && ash->filter_count > 0; i++)
        if (filters[i].ash == (uint32_t)(ash - ashs) + 1) {
            filters[i].ash = 0;
            ash->filter_count--;
        }
    for (uint32_t i = 0; i < sizeof *ash / 4; i++)
        ((raw_word *)ash)[i] = 0;
}

void ash_forget(uint32_t envid)
{
    for (uint32_t i = 0; i < AEGIS_ASH_COUNT; i++)
        if (ashs[i].owner == envid)
            drop(&ashs[i]);
}

int32_t call_ash_download(uint32_t address, uint32_t count, uint32_t origin)
{
    static uint32_t copy[AEGIS_ASH_INSTRUCTIONS]; /* nobody can change it once it is inspected */
    struct aegis_env *env = current_env;
    uint32_t number = AEGIS_ASH_COUNT, owned = 0, time_or_bad = 0;
    int32_t length;
    if (count == 0 || count > AEGIS_ASH_INSTRUCTIONS || address % 4 != 0 || origin % 4 != 0 ||
        address % AEGIS_PAGE_SIZE + 4 * count > AEGIS_PAGE_SIZE)
        return -E_RANGE;
    if (!page_allows(env, address, 4 * count, 0))
        return -E_RIGHTS;
    for (uint32_t i = AEGIS_ASH_COUNT; i-- > 0;) {
        owned += ashs[i].owner == env->id;
        if (ashs[i].owner == 0)
            number = i;
    }
    if (owned >= AEGIS_ASH_QUOTA && !env->privileges)
        return -E_QUOTA;
    if (number == AEGIS_ASH_COUNT)
        return -E_NONE;
    for (uint32_t i = 0; i < count; i++)
        copy[i] = ((const uint32_t *)(KSEG0 + address))[i];
    length = ash_sandbox(copy, count, origin, CODE(number), NETWORK_ASH_CODE_BYTES / 4,
                         &time_or_bad);
    if (length < 0) {
        network->refused++;
        network->bad_index = time_or_bad;
        trace_ash_refuse(env->id, time_or_bad, copy[time_or_bad]);
        return -E_CODE;
    }
    cache_invalidate(KSEG0 + NETWORK_ASH_CODE + number * NETWORK_ASH_CODE_BYTES,
                     ((uint32_t)length * 4 + 63) & ~63u, CACHE_SWAP);
    ashs[number].owner = env->id;
    ashs[number].source_count = count;
    ashs[number].code_count = (uint32_t)length;
    ashs[number].run_cost = time_or_bad;
    trace_ash_download(env->id, number, count, (uint32_t)length);
    return (int32_t)number;
}

static int32_t check_owned(uint32_t ash)
{
    if (ash >= AEGIS_ASH_COUNT || ashs[ash].owner == 0)
        return -E_RANGE;
    return ashs[ash].owner == current_env->id ? 0 : -E_OWNER;
}

int32_t call_ash_remove(uint32_t ash)
{
    int32_t error = check_owned(ash);
    if (error)
        return error;
    drop(&ashs[ash]);
    return 0;
}

int32_t call_ash_page(uint32_t ash, uint32_t index, uint32_t page)
{
    int32_t error = check_owned(ash);
    struct aegis_ash *a = &ashs[ash];
    if (error)
        return error;
    if (index >= AEGIS_ASH_PAGES || index > a->page_count || page >= kernel_state.page_count)
        return -E_RANGE;
    if (page_records[page].owner == AEGIS_OWNER_KERNEL ||
        !page_allows(current_env, page * AEGIS_PAGE_SIZE, AEGIS_PAGE_SIZE, 1))
        return -E_RIGHTS;
    a->page[index] = page;
    a->page_epoch[index] = page_records[page].epoch;
    if (index == a->page_count)
        a->page_count++;
    return 0;
}
