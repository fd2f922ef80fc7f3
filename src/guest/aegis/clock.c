/*
 * The DS1287 clock chip: 64 Hz is the slice clock. While an imperative is open for the environment
 * that runs, and while it saves at the end of its slice, the chip ticks at its fastest, 8192 Hz
 * (122 us), and 128 of those make a slice tick;
 * the paper's 50 us cannot be timed here. The chip's RAM holds the seed of the capability key until
 * boot reads and wipes it; no call reads the RAM.
 */
#include "aegis.h"

#define FAST_TICKS 128u /* of 8192 Hz in 1/64 s */
#define CLOCK_REGISTERS 14

static uint32_t fast_count;

void clock_init(uint8_t seed[16])
{
    for (uint32_t i = 0; i < RTC_SEED_BYTES; i++) {
        seed[i] = (uint8_t)RTC(RTC_SEED + i);
        RTC(RTC_SEED + i) = 0;
    }
    header->seconds_at_boot =
        (RTC(0) & 0xff) | (RTC(2) & 0xff) << 8 | (RTC(4) & 0xff) << 16 | (RTC(7) & 0xff) << 24;
    header->date_at_boot = (RTC(8) & 0xff) | (RTC(9) & 0xff) << 8;
    RTC(RTC_A) = RTC_A_64_HZ;
    RTC(RTC_B) = RTC_B_KEEP | RTC_B_PERIODIC;
    (void)RTC(RTC_C);
}

void clock_set_fast(kernel_bool is_fast)
{
    if (header->fast_clock == (uint32_t)is_fast)
        return;
    header->fast_clock = (uint32_t)is_fast;
    RTC(RTC_A) = is_fast ? RTC_A_8192_HZ : RTC_A_64_HZ;
    (void)RTC(RTC_C); /* a fast tick that came meanwhile is not one of 64 Hz */
}

/*
 * fast_count is kept from one fast period to the next, so that switching back and forth does not
 * stretch a slice.
 */
uint32_t clock_interrupt(uint32_t epc)
{
    struct aegis_env *env = current_env;
    (void)RTC(RTC_C);
    if (!header->fast_clock) {
        fast_count = 0;
        return slice_tick(epc);
    }
    slice_fast_tick();
    if (env->revoke_stage == AEGIS_REVOKE_TOLD)
        revoke_deadline_tick(env);
    /*
     * Pages were taken: the slice ends at once, so that the next one can begin with the
     * repossession exception.
     */
    if (slice_is_interruptible(env) && env->upcall_due &&
        env->revoke_stage == AEGIS_REVOKE_NONE)
        return slice_announce_end(env, epc);
    fast_count++;
    if (fast_count < FAST_TICKS)
        return epc;
    fast_count = 0;
    return slice_tick(epc);
}

int32_t call_clock_read(uint32_t index)
{
    if (index >= CLOCK_REGISTERS || index == RTC_C) /* reading C would eat the tick */
        return -E_RANGE;
    return (int32_t)(RTC(index) & 0xff);
}
