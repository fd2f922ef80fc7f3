/* The clock chip (DS1287): register access and its test. */
#include "prom.h"

#define REGISTER_A 10
#define REGISTER_B 11
#define REGISTER_D 13
#define A_OSCILLATOR_64_HZ 0x2a
#define B_BINARY_24_HOURS 0x06
#define D_VALID 0x80
#define SCRATCH 0x3d

uint32_t clock_read(uint32_t index)
{
    return REGISTER8(RTC_BASE + 4 * index);
}

void clock_write(uint32_t index, uint32_t value)
{
    REGISTER8(RTC_BASE + 4 * index) = (uint8_t)value;
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
