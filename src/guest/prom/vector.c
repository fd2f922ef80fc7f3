/*
 * The REX call vector: the services that DECstation kernels find in a3. Every offset up to 0xd4 holds a function in
 * ROM; what this firmware has no use for answers 0. Offsets after the DECstation 5000 firmware specification.
 */
#include "prom.h"

static int no_service(void)
{
    return 0;
}

int vector_puts(const char *text)
{
    while (*text != 0)
        console_put(*text++);
    return 0;
}

char *vector_gets(char *line)
{
    return console_gets(line, 128);
}

static int vector_getsysid(void)
{
    return (int)BOARD_SYSTEM_ID;
}

static int vector_wbflush(void)
{
    board_flush();
    return 0;
}

static int vector_leds(uint32_t value)
{
    board_leds(value);
    return 0;
}

/* Kernels call this with anything in the arguments: only the low bits and a bounded length are used, as cache indices. */
int vector_clear_cache(uint32_t address, uint32_t length)
{
    uint32_t swap;
    for (swap = 0; swap <= SR_SWC; swap += SR_SWC) {
        uint32_t bytes = cache_size(swap);
        uint32_t first = address & (bytes - 1) & ~63u;
        uint32_t size = length >= bytes ? bytes : (length + 63 + (address & 63)) & ~63u;
        cache_invalidate(KSEG0 + first, size, swap);
    }
    return 0;
}

static int vector_console_init(void)
{
    serial_init();
    return 0;
}

static int vector_rex(int action)
{
    if (action == 'b')
        prom_reinitialise();
    boot_halt();
}

static uint32_t vector_time(void)
{
    return clock_read(0) + 60 * (clock_read(2) + 60 * clock_read(4));
}

#define ENTRY(function) (uint32_t)(function)
#define NONE ENTRY(no_service)

const uint32_t call_vector[] = {
    /* 00 */ ENTRY(memcpy), ENTRY(memset), ENTRY(prom_strcat), ENTRY(prom_strcmp),
    /* 10 */ ENTRY(prom_strcpy), ENTRY(prom_strlen), ENTRY(prom_strncat), ENTRY(prom_strncpy),
    /* 20 */ ENTRY(prom_strncmp), ENTRY(console_get), ENTRY(vector_gets), ENTRY(vector_puts),
    /* 30 */ ENTRY(prom_printf), ENTRY(prom_sprintf), ENTRY(serial_has_input), ENTRY(prom_strtol),
    /* 40 signal, raise, time, setjmp */ NONE, NONE, ENTRY(vector_time), ENTRY(prom_setjmp),
    /* 50 */ ENTRY(prom_longjmp), ENTRY(boot_init), ENTRY(boot_read), /* bootwrite */ NONE,
    /* 60 */ ENTRY(environment_set), ENTRY(environment_get), ENTRY(environment_unset), ENTRY(board_slot_address),
    /* 70 */ ENTRY(vector_wbflush), ENTRY(board_delay), ENTRY(vector_leds), ENTRY(vector_clear_cache),
    /* 80 */ ENTRY(vector_getsysid), ENTRY(memory_bitmap), /* disableintr, enableintr */ NONE, NONE,
    /* 90 testintr, reserved */ NONE, NONE, ENTRY(vector_console_init), ENTRY(boot_halt),
    /* a0 showfault */ NONE, ENTRY(board_tc_info), ENTRY(prompt_execute), ENTRY(vector_rex),
    /* b0 reserved */ NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
};
