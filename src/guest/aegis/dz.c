/*
 * The console on the KN01: line 3 of the DC7085 ("DZ"), polled, 9600 8N1. The chip scans its lines;
 * a transmitter that is enabled and empty shows in the CSR with its number. Bytes of the other
 * lines, keyboard and mouse, are dropped.
 */
#include "kn01.h"

#define LINE 3u
#define CSR_TRANSMIT_READY 0x8000u
#define CSR_TRANSMIT_LINE(csr) ((csr) >> 8 & 3)
#define CSR_RECEIVE_INTERRUPT 0x0040u
#define CSR_SCAN 0x0020u
#define RBUF_VALID 0x8000u
#define RBUF_LINE(word) ((word) >> 8 & 3)
#define LPR_RECEIVE_9600_8N1 0x1e18u

static void init(void)
{
    DZ_CSR = CSR_SCAN;
    DZ_LPR = LPR_RECEIVE_9600_8N1 | LINE;
    DZ_TCR = 1u << LINE;
}

static void send(uint32_t byte)
{
    for (;;) {
        uint32_t csr = DZ_CSR;
        if ((csr & CSR_TRANSMIT_READY) && CSR_TRANSMIT_LINE(csr) == LINE)
            break;
    }
    DZ_TDR = (uint16_t)byte;
}

static int32_t receive(void)
{
    for (;;) {
        uint32_t word = DZ_RBUF;
        if (!(word & RBUF_VALID))
            return -1;
        if (RBUF_LINE(word) == LINE)
            return (int32_t)(word & 0xff);
    }
}

static void listen(int is_on)
{
    DZ_CSR = (uint16_t)(is_on ? CSR_SCAN | CSR_RECEIVE_INTERRUPT : CSR_SCAN);
}

const struct console_chip console_dz = {init, send, receive, listen};
