/*
 * SCSI: the NCR53C94 at 25 MHz behind the IOASIC's DMA engine, polled, no disconnection. After the chip's data
 * manual and the IOASIC specification: a transfer never crosses a 4 KB page, memory is written in units of 8 bytes
 * and what is left of the last unit is taken from the engine's data registers.
 */
#include "prom.h"

#define ASC(n) REGISTER(ASC_BASE + 4 * (n))
#define ASC_TCL ASC(0)
#define ASC_TCM ASC(1)
#define ASC_FIFO ASC(2)
#define ASC_COMMAND ASC(3)
#define ASC_STATUS ASC(4)
#define ASC_SELECT_ID ASC(4)
#define ASC_INTERRUPT ASC(5)
#define ASC_TIMEOUT ASC(5)
#define ASC_SYNC_PERIOD ASC(6)
#define ASC_FIFO_FLAGS ASC(7)
#define ASC_SYNC_OFFSET ASC(7)
#define ASC_CONFIG1 ASC(8)
#define ASC_CLOCK_FACTOR ASC(9)

#define COMMAND_NOP 0x00
#define COMMAND_FLUSH 0x01
#define COMMAND_CHIP_RESET 0x02
#define COMMAND_TRANSFER_DMA 0x90
#define COMMAND_COMPLETE 0x11
#define COMMAND_ACCEPT 0x12
#define COMMAND_PAD_DMA 0x98
#define COMMAND_SELECT_ATN 0x42

#define STATUS_INTERRUPT 0x80
#define STATUS_PHASE 0x07
#define PHASE_DATA_IN 1
#define PHASE_STATUS 3
#define INTERRUPT_DISCONNECT 0x20

#define CONFIG1_HOST_7_NO_RESET_INTERRUPT 0x47
#define CLOCK_FACTOR_25_MHZ 5
#define TIMEOUT_26_MS 16 /* 1.64 ms a unit */
#define IDENTIFY 0x80

#define PAGE_SIZE 4096u
#define SPIN_LIMIT 500000u

static void scsi_init(void)
{
    ASC_COMMAND = COMMAND_CHIP_RESET;
    ASC_COMMAND = COMMAND_NOP;
    ASC_CONFIG1 = CONFIG1_HOST_7_NO_RESET_INTERRUPT;
    ASC_CLOCK_FACTOR = CLOCK_FACTOR_25_MHZ;
    ASC_TIMEOUT = TIMEOUT_26_MS;
    ASC_SYNC_PERIOD = 0;
    ASC_SYNC_OFFSET = 0;
    (void)ASC_INTERRUPT;
}

const char *scsi_test(void)
{
    const char *failure = NULL;
    uint32_t word;
    if (!prom_probe_word(ASC_BASE, &word))
        return "no answer";
    scsi_init();
    if ((ASC_CONFIG1 & 0xff) != CONFIG1_HOST_7_NO_RESET_INTERRUPT)
        failure = "configuration register";
    ASC_COMMAND = COMMAND_FLUSH;
    ASC_FIFO = 0x5a;
    ASC_FIFO = 0xa5;
    if (failure == NULL && ((ASC_FIFO_FLAGS & 0x1f) != 2 || (ASC_FIFO & 0xff) != 0x5a || (ASC_FIFO & 0xff) != 0xa5))
        failure = "FIFO";
    ASC_COMMAND = COMMAND_FLUSH;
    return failure;
}

/* Waits for the chip's interrupt. Returns the interrupt register, or 0 when it never came; *phase from the status. */
static uint32_t wait_interrupt(uint32_t *phase)
{
    uint32_t spins;
    for (spins = 0; spins < SPIN_LIMIT; spins++) {
        uint32_t status = ASC_STATUS;
        if ((status & STATUS_INTERRUPT) != 0) {
            *phase = status & STATUS_PHASE;
            return ASC_INTERRUPT & 0xff;
        }
        console_poll();
        PAUSE();
    }
    return 0;
}

static void dma_start(uint32_t physical, uint32_t bytes)
{
    REGISTER(IOASIC_SSR) &= ~SSR_SCSI_DMA_EN;
    REGISTER(IOASIC_SCSI_SCR) = 0;
    REGISTER(IOASIC_SCSI_DMAPTR) = physical << 3;
    REGISTER(IOASIC_SCSI_NEXTPTR) = ((physical | (PAGE_SIZE - 1)) + 1) << 3;
    REGISTER(IOASIC_SIR) = ~SIR_SCSI_DMA_LATCHES;
    REGISTER(IOASIC_SSR) |= SSR_SCSI_DIR | SSR_SCSI_DMA_EN;
    ASC_TCL = bytes & 0xff;
    ASC_TCM = bytes >> 8;
    ASC_COMMAND = COMMAND_TRANSFER_DMA;
}

/* Stops the engine and stores the 1 to 3 halfwords that did not fill a unit of 8 bytes. */
static void dma_finish(void)
{
    uint32_t halfwords, address;
    REGISTER(IOASIC_SSR) &= ~SSR_SCSI_DMA_EN;
    halfwords = REGISTER(IOASIC_SCSI_SCR) & 3;
    if (halfwords != 0) {
        uint32_t low = REGISTER(IOASIC_SCSI_SDR0), high = REGISTER(IOASIC_SCSI_SDR1);
        address = KSEG1 + (REGISTER(IOASIC_SCSI_DMAPTR) >> 3);
        if (halfwords >= 2)
            REGISTER(address) = low;
        else
            *(volatile uint16_t *)address = (uint16_t)low;
        if (halfwords == 3)
            *(volatile uint16_t *)(address + 4) = (uint16_t)high;
    }
    REGISTER(IOASIC_SIR) = ~SIR_SCSI_DMA_LATCHES;
}

int scsi_command(uint32_t id, const uint8_t *cdb, uint32_t cdb_size, uint32_t physical, uint32_t bytes)
{
    uint32_t phase, i;
    int status;
    ASC_COMMAND = COMMAND_FLUSH;
    (void)ASC_INTERRUPT;
    ASC_SELECT_ID = id;
    ASC_FIFO = IDENTIFY;
    for (i = 0; i < cdb_size; i++)
        ASC_FIFO = cdb[i];
    ASC_COMMAND = COMMAND_SELECT_ATN;
    if ((wait_interrupt(&phase) & (INTERRUPT_DISCONNECT | 0x18)) != 0x18)
        return -1;
    while (phase == PHASE_DATA_IN) {
        uint32_t chunk = PAGE_SIZE - (physical & (PAGE_SIZE - 1));
        uint32_t interrupt;
        if (chunk > bytes)
            chunk = bytes;
        if (chunk == 0)
            return -1;
        dma_start(physical, chunk);
        interrupt = wait_interrupt(&phase);
        dma_finish();
        if (interrupt == 0 || (interrupt & INTERRUPT_DISCONNECT) != 0)
            return -1;
        physical += chunk;
        bytes -= chunk;
    }
    if (phase != PHASE_STATUS)
        return -1;
    ASC_COMMAND = COMMAND_FLUSH;
    ASC_COMMAND = COMMAND_COMPLETE;
    if (wait_interrupt(&phase) == 0)
        return -1;
    status = (int)(ASC_FIFO & 0xff);
    (void)ASC_FIFO;
    ASC_COMMAND = COMMAND_ACCEPT;
    (void)wait_interrupt(&phase);
    return status;
}
