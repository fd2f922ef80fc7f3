/* The KN02-BA: memory controller, IOASIC, halt button, TURBOchannel, and how kernels are entered (REX). */
#include "prom.h"

#define COUNTS_PER_MS 12500u

static const struct tc_info {
    int revision, clock_period_ns, slot_size_mb, io_timeout_cycles, dma_range_mb, max_dma_burst_words, parity;
    int reserved[4];
} tc_info = {0, 80, 64, 127, 128, 128, 0, {0}};

static const char *ioasic_test(void)
{
    uint32_t saved = REGISTER(IOASIC_SCSI_DMAPTR);
    uint32_t pattern;
    for (pattern = 0x00555540; pattern <= 0x00aaaa80; pattern += 0x00555540) {
        REGISTER(IOASIC_SCSI_DMAPTR) = pattern;
        if (REGISTER(IOASIC_SCSI_DMAPTR) != pattern)
            return "DMA pointer";
    }
    REGISTER(IOASIC_SCSI_DMAPTR) = saved;
    if ((REGISTER(IOASIC_SSR) & SSR_RELEASE_RESETS) != SSR_RELEASE_RESETS)
        return "status register";
    return NULL;
}

const struct board_part board_parts[] = {{"RTC", clock_test}, {"SCC", serial_test},    {"IOASIC", ioasic_test},
                                         {"SCSI", scsi_test}, {"ESAR", station_test}, {NULL, NULL}};

void board_passed(void)
{
    board_leds(0);
}

void board_memory_sized(uint32_t bytes)
{
    REGISTER(MEMORY_MSR) = bytes > 0x02000000 ? MEMORY_MSR_STRIDE_16M : 0;
}

void board_clear_errors(void)
{
    REGISTER(MEMORY_INTERRUPT) = 0;
}

/* The halt button is held. */
int board_wants_prompt(void)
{
    return (REGISTER(IOASIC_SIR) & SIR_HALT_BUTTON) != 0;
}

void board_environment(void)
{
    environment_default("console", "s");
    environment_default("osconsole", "3");
    environment_default("more", "24");
    environment_default("scsiid0", "7");
    environment_default("#", "3");
}

/* "3/rzN" or "3/rzN/file". */
int board_disk(const char *path)
{
    if (prom_strncmp(path, "3/rz", 4) != 0 || path[4] < '0' || path[4] > '6' || (path[5] != 0 && path[5] != '/'))
        return -1;
    return path[4] - '0';
}

void board_start_kernel(uint32_t entry, int argc, char **argv)
{
    prom_enter(entry, argc, argv, REX_MAGIC, call_vector);
}

/* Timed by the IOASIC's free-running counter at 12.5 MHz where it counts, else by a loop. */
void board_delay(uint32_t milliseconds)
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

void board_leds(uint32_t value)
{
    REGISTER(IOASIC_SSR) = (REGISTER(IOASIC_SSR) & ~0xffu) | (value & 0xff);
}

void board_flush(void)
{
    (void)REGISTER(IOASIC_SIMR);
}

uint32_t board_slot_address(uint32_t slot)
{
    return SLOT_ADDRESS(slot);
}

const void *board_tc_info(void)
{
    return &tc_info;
}
