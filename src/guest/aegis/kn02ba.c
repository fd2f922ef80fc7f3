/*
 * The KN02-BA's interrupts: the terminal multiplexer on IP2, and everything on the board behind the
 * IOASIC on IP5, where SIMR says who may be heard.
 */
#include "kn02ba.h"
#include "network.h"
#include "scsi.h"

#define LINES_IP 2
#define IOASIC_IP 5

static void start_interrupts(void)
{
    IOASIC_SIMR = SIR_RTC | SIR_SCSI | SIR_LANCE | SIR_SCC1;
}

static uint32_t requests(uint32_t cause)
{
    uint32_t found = cause & STATUS_IP(LINES_IP) ? REQUEST_LINES : 0, raised;
    if (!(cause & STATUS_IP(IOASIC_IP)))
        return found;
    raised = IOASIC_SIR & IOASIC_SIMR;
    if (raised & SIR_RTC)
        found |= REQUEST_CLOCK;
    if (raised & SIR_SCSI)
        found |= REQUEST_DISK;
    if (raised & SIR_LANCE)
        found |= REQUEST_NETWORK;
    if (raised & SIR_SCC1)
        found |= REQUEST_CONSOLE;
    if (raised & SIR_BUS) {
        MEMORY_INTERRUPT = 0;
        found |= REQUEST_ERROR;
    }
    return found;
}

static void start_lance(void)
{
    IOASIC_SSR &= ~(SSR_LANCE_RUN | SSR_LANCE_DMA_EN);
    IOASIC_LANCE_DMAPTR = NETWORK_REGION << 3;
    IOASIC_SSR |= SSR_LANCE_RUN | SSR_LANCE_DMA_EN;
}

/* The ASIC maps what the chip does to 128 KB of RAM. */
static const struct lance_wiring lance = {
    .registers = &REGISTER16(0xbc0c0000u),
    .station = &REGISTER8(0xbc080000u),
    .memory = KSEG1 + NETWORK_REGION,
    .is_apart = 0,
    .start = start_lance,
};

const struct board board_kn02ba = {
    .system_type = 3,
    .status = STATUS_IP(LINES_IP) | STATUS_IP(IOASIC_IP) | STATUS_IP(FPU_IP),
    .clock = &REGISTER(0xbc200000u),
    .multiplexer = &REGISTER(0xb0000000u),
    .lance = &lance,
    .console = &console_scc,
    .scsi = &scsi_53c94,
    .screen = &screen_pmag_ba,
    .start_interrupts = start_interrupts,
    .requests = requests,
};
