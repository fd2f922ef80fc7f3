/*
 * The KN01: system registers, its own parts of the self test, and how kernels are entered. A kernel finds the services
 * in the ROM's jump table and gets argc and argv ("rz(0,0,0)vmunix", arguments...). An image that was made for the REX
 * protocol says so by the word "TCF0", aligned, among the first 64 words from its entry: it then gets what the
 * firmware of later DECstations gives, "boot" and the path, the magic in a2 and the call vector in a3.
 */
#include "prom.h"

#define RTC_A 10
#define RTC_C 12
#define RTC_A_1024_HZ 0x26
#define RTC_A_64_HZ 0x2a
#define RTC_PERIODIC 0x40
#define TICK_LIMIT 4000u
#define HEADER_WORDS 64u
#define LANCE_BUFFER_WORDS 0x8000u
#define LANCE_STRIDE 0x421u /* a sample: every part of the buffer, every bit of the address */
#define BITMAP_WORDS (BOARD_MEMORY_LIMIT / 4096 / 32)

static uint32_t pauses_per_ms;
static uint32_t bitmap[1 + BITMAP_WORDS];

static const char *csr_test(void)
{
    uint16_t on, off;
    REGISTER16(CSR) = CSR_SELF_TEST_DONE | CSR_LEDS_OFF;
    on = REGISTER16(CSR);
    REGISTER16(CSR) = CSR_PARITY_OFF | CSR_LEDS_OFF;
    off = REGISTER16(CSR);
    if ((on & (CSR_SELF_TEST_DONE | CSR_PARITY_OFF)) != CSR_SELF_TEST_DONE ||
        (off & (CSR_SELF_TEST_DONE | CSR_PARITY_OFF)) != CSR_PARITY_OFF)
        return "system register";
    return NULL;
}

/* The network's memory, 16 bits to a word. */
static const char *lance_buffer_test(void)
{
    uint32_t i;
    for (i = 0; i < LANCE_BUFFER_WORDS; i += LANCE_STRIDE)
        REGISTER16(LANCE_BUFFER + 4 * i) = (uint16_t)(i * 0x9d + 0x5a);
    for (i = 0; i < LANCE_BUFFER_WORDS; i += LANCE_STRIDE)
        if (REGISTER16(LANCE_BUFFER + 4 * i) != (uint16_t)(i * 0x9d + 0x5a))
            return "buffer memory";
    return NULL;
}

/*
 * How many pauses a millisecond has on this model, by the clock chip. Delays are counted in them; called by a kernel they
 * run uncached, which makes them about a sixth longer.
 */
static const char *calibrate(void)
{
    uint32_t count, tick;
    clock_write(RTC_A, RTC_A_1024_HZ);
    (void)clock_read(RTC_C);
    for (tick = 0; tick < 2; tick++) {
        for (count = 0; count < TICK_LIMIT && (clock_read(RTC_C) & RTC_PERIODIC) == 0; count++)
            PAUSE();
        if (count == TICK_LIMIT)
            return "does not tick";
    }
    clock_write(RTC_A, RTC_A_64_HZ);
    (void)clock_read(RTC_C);
    pauses_per_ms = count + count / 42;
    return NULL;
}

static const char *rtc_test(void)
{
    const char *failure = clock_test();
    return failure == NULL ? calibrate() : failure;
}

const struct board_part board_parts[] = {{"CSR", csr_test},          {"RTC", rtc_test},      {"DZ", serial_test},
                                         {"NET", lance_buffer_test}, {"SCSI", scsi_test}, {"ESAR", station_test}, {NULL, NULL}};

void board_passed(void)
{
    REGISTER16(CSR) = CSR_SELF_TEST_DONE | CSR_PARITY_OFF | CSR_LEDS_OFF;
}

void board_memory_sized(uint32_t bytes)
{
    (void)bytes;
}

void board_clear_errors(void)
{
    REGISTER16(CSR) = (uint16_t)((REGISTER16(CSR) & (CSR_SELF_TEST_DONE | CSR_PARITY_OFF)) | CSR_MEMORY_ERROR |
                                 CSR_VIDEO | CSR_LEDS_OFF);
}

/* There is no halt button. */
int board_wants_prompt(void)
{
    return 0;
}

void board_environment(void)
{
    char text[12];
    int words = memory_bitmap(bitmap) / 4;
    environment_default("bootmode", "a");
    environment_default("console", "s");
    environment_default("osconsole", "3"); /* the serial line; NetBSD looks here */
    environment_default("systype", BOARD_SYSTEM_TYPE);
    environment_default("scsiid", "7");
    prom_sprintf(text, "0x%x", (uint32_t)(bitmap + 1));
    environment_default("bitmap", text);
    prom_sprintf(text, "0x%x", (uint32_t)words);
    environment_default("bitmaplen", text);
}

/* "rz(0,N,0)", with or without a file behind it; the first number is the controller, the last a partition. */
int board_disk(const char *path)
{
    char *end;
    long unit;
    if (prom_strncmp(path, "rz(0,", 5) != 0 || path[5] < '0' || path[5] > '9')
        return -1;
    unit = prom_strtol(path + 5, &end, 10);
    if (unit < 0 || unit > 6 || end[0] != ',' || end[1] < '0' || end[1] > '7' || end[2] != ')')
        return -1;
    return (int)unit;
}

void board_configuration(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    prom_printf(" KN01 (%u MB, enet ", memory_size() >> 20);
    station_print();
    prom_printf(", SCSI id 7)\n");
    configuration_print_scsi();
}

static int wants_rex(uint32_t entry)
{
    uint32_t physical = entry & KSEG_OFFSET_MASK, i;
    if (memory_size() < 4 * HEADER_WORDS || physical > memory_size() - 4 * HEADER_WORDS || (physical & 3) != 0)
        return 0;
    for (i = 0; i < HEADER_WORDS; i++)
        if (REGISTER(KSEG1 + physical + 4 * i) == REX_MAGIC)
            return 1;
    return 0;
}

void board_start_kernel(uint32_t entry, int argc, char **argv)
{
    if (wants_rex(entry))
        prom_enter(entry, argc, argv, REX_MAGIC, call_vector);
    prom_enter(entry, argc > 0 ? argc - 1 : 0, argc > 0 ? argv + 1 : argv, 0, NULL);
}

void board_delay(uint32_t milliseconds)
{
    uint32_t count;
    while (milliseconds-- > 0)
        for (count = pauses_per_ms; count > 0; count--) {
            console_poll();
            PAUSE();
        }
}

void board_leds(uint32_t value)
{
    REGISTER16(CSR) = (uint16_t)((REGISTER16(CSR) & (CSR_SELF_TEST_DONE | CSR_PARITY_OFF)) | (~value & CSR_LEDS_OFF));
}

/* A read waits for the write buffer. */
void board_flush(void)
{
    (void)REGISTER16(CSR);
}

/* No TURBOchannel. */
uint32_t board_slot_address(uint32_t slot)
{
    (void)slot;
    return 0;
}

const void *board_tc_info(void)
{
    return NULL;
}
