/*
 * The clock chip (DS1287): register access, its test, and delays, which are timed by the IOASIC's free-running
 * counter at 12.5 MHz where it counts, else by a loop.
 */
#include "prom.h"

#define REGISTER_A 10
#define REGISTER_B 11
#define REGISTER_D 13
#define A_OSCILLATOR_64_HZ 0x2a
#define B_BINARY_24_HOURS 0x06
#define D_VALID 0x80
#define SCRATCH 0x3d
#define COUNTS_PER_MS 12500u

uint32_t clock_read(uint32_t index)
{
    return REGISTER(RTC_BASE + 4 * index) & 0xff;
}

void clock_write(uint32_t index, uint32_t value)
{
    REGISTER(RTC_BASE + 4 * index) = value;
}

void clock_init(void)
{
    clock_write(REGISTER_A, A_OSCILLATOR_64_HZ);
    clock_write(REGISTER_B, B_BINARY_24_HOURS);
    (void)clock_read(12);
}

const char *clock_test(void)
{
    uint32_t saved = clock_read(SCRATCH);
    uint32_t pattern;
    if ((clock_read(REGISTER_D) & D_VALID) == 0)
        return "battery";
    if ((clock_read(REGISTER_A) & 0x7f) != A_OSCILLATOR_64_HZ)
        return "register A";
    for (pattern = 0x55; pattern <= 0xaa; pattern += 0x55) {
        clock_write(SCRATCH, pattern);
        if (clock_read(SCRATCH) != pattern) {
            clock_write(SCRATCH, saved);
            return "RAM";
        }
    }
    clock_write(SCRATCH, saved);
    return NULL;
}

void clock_delay(uint32_t milliseconds)
{
    uint32_t start = REGISTER(IOASIC_FCTR);
    volatile uint32_t loops;
    for (loops = 0; loops < 8; loops++)
        ;
    if (REGISTER(IOASIC_FCTR) == start) {
        while (milliseconds-- > 0)
            for (loops = 0; loops < 500; loops++)
                ;
        return;
    }
    while (milliseconds-- > 0) {
        while (REGISTER(IOASIC_FCTR) - start < COUNTS_PER_MS)
            console_poll();
        start += COUNTS_PER_MS;
    }
}
