/*
 * The console's line: line 3 of the DZ (DC7085), 9600 8N1. The chip's scanner names a line that may send; as long as the
 * firmware runs alone that is line 3 only. Called by a kernel that has enabled others, it turns those off while it
 * sends, and the transmit interrupt with them.
 */
#include "prom.h"

#define CSR_READY 0x8000
#define CSR_TRANSMIT_INTERRUPT 0x4000
#define CSR_LINE 0x0300
#define CSR_RECEIVED 0x0080
#define CSR_SCAN 0x0020
#define CSR_CLEAR 0x0010
#define LPR_9600_8_BITS 0x0e18
#define LPR_RECEIVER 0x1000
#define RBUF_VALID 0x8000
#define TCR_LINES 0x000f
#define CONSOLE 3u
#define LINE_COUNT 4

#define READY_SPINS 400
#define CHARACTER_PAUSES 160 /* one character at 9600 takes at most 17400 cycles */

static int is_receiving;
static int has_received, received;
static int is_borrowed; /* a kernel's settings are kept in the next two, until a character is sent */
static uint16_t callers_lines, callers_control;

static int is_ready(void)
{
    return (REGISTER16(DZ_CSR) & (CSR_READY | CSR_LINE)) == (CSR_READY | CONSOLE << 8);
}

/* Until the transmit buffer is free, and then as long as the character that it held needs to go out. */
void serial_drain(void)
{
    uint32_t count;
    for (count = 0; count < READY_SPINS && !is_ready(); count++)
        PAUSE();
    for (count = 0; count < CHARACTER_PAUSES; count++)
        PAUSE();
}

void serial_init(void)
{
    uint32_t line;
    if (REGISTER16(DZ_CSR) & CSR_SCAN) {
        /* What a kernel said last is still on its way. */
        REGISTER16(DZ_CSR) = CSR_SCAN;
        REGISTER16(DZ_TCR) = 1 << CONSOLE;
        serial_drain();
    }
    REGISTER16(DZ_CSR) = CSR_CLEAR;
    while (REGISTER16(DZ_CSR) & CSR_CLEAR)
        ;
    for (line = 0; line < LINE_COUNT; line++)
        REGISTER16(DZ_LPR) = (uint16_t)(LPR_9600_8_BITS | line);
    REGISTER16(DZ_TCR) = 1 << CONSOLE;
    REGISTER16(DZ_CSR) = CSR_SCAN;
    is_receiving = 0;
    has_received = 0;
    is_borrowed = 0;
}

/* The transmit control register can be read back, and the scanner finds the line that it enables. */
const char *serial_test(void)
{
    uint32_t line, count;
    const char *failure = NULL;
    for (line = 0; line < LINE_COUNT && failure == NULL; line++) {
        REGISTER16(DZ_TCR) = (uint16_t)(0x0500 | 1u << line);
        if (REGISTER16(DZ_TCR) != (0x0500 | 1u << line))
            failure = "line enable register";
        /* The console has a character going out and perhaps one waiting: it may take two to be ready. */
        for (count = 0; count < READY_SPINS; count++) {
            if ((REGISTER16(DZ_CSR) & (CSR_READY | CSR_LINE)) == (CSR_READY | line << 8))
                break;
            PAUSE();
        }
        if (count == READY_SPINS && failure == NULL)
            failure = "scanner";
    }
    REGISTER16(DZ_TCR) = 1 << CONSOLE;
    return failure;
}

int serial_can_send(void)
{
    uint16_t enabled = REGISTER16(DZ_TCR), control = REGISTER16(DZ_CSR);
    if ((enabled & TCR_LINES) != 1 << CONSOLE || (control & (CSR_TRANSMIT_INTERRUPT | CSR_SCAN)) != CSR_SCAN) {
        callers_lines = enabled;
        callers_control = control;
        is_borrowed = 1;
        REGISTER16(DZ_CSR) = (uint16_t)((control & ~CSR_TRANSMIT_INTERRUPT) | CSR_SCAN);
        REGISTER16(DZ_TCR) = (uint16_t)((enabled & ~TCR_LINES) | 1 << CONSOLE);
    }
    return is_ready();
}

void serial_send(int c)
{
    REGISTER16(DZ_TDR) = (uint16_t)(c & 0xff);
    if (is_borrowed) {
        REGISTER16(DZ_TCR) = callers_lines;
        REGISTER16(DZ_CSR) = callers_control;
        is_borrowed = 0;
    }
}

/* What comes on other lines is lost. */
int serial_has_input(void)
{
    if (!is_receiving) {
        is_receiving = 1;
        REGISTER16(DZ_LPR) = LPR_9600_8_BITS | LPR_RECEIVER | CONSOLE;
    }
    while (!has_received && (REGISTER16(DZ_CSR) & CSR_RECEIVED) != 0) {
        uint16_t word = REGISTER16(DZ_RBUF);
        if ((word & RBUF_VALID) != 0 && ((word >> 8) & 3) == CONSOLE) {
            received = word & 0xff;
            has_received = 1;
        }
    }
    return has_received;
}

int serial_receive(void)
{
    has_received = 0;
    return received;
}
