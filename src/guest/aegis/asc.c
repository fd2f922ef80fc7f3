/*
 * NCR53C94 at 25 MHz behind the IOASIC's DMA engine. A command runs in four steps, each ended by an
 * interrupt: select (IDENTIFY and command block from the FIFO), data by DMA, status and message,
 * message accepted and bus free. Data manual of the 53C94; IOCTL ASIC specification: memory is
 * written in units of 8 bytes, the rest of the last unit stays in the engine's data registers.
 */
#include "aegis.h"
#include "kn02ba.h"
#include "scsi.h"

#define ASC_TCL ASC(0)
#define ASC_TCM ASC(1)
#define ASC_FIFO ASC(2)
#define ASC_COMMAND ASC(3)
#define ASC_STATUS ASC(4)
#define ASC_SELECT_ID ASC(4)
#define ASC_INTERRUPT ASC(5)
#define ASC_TIMEOUT ASC(5)
#define ASC_SYNC_PERIOD ASC(6)
#define ASC_SYNC_OFFSET ASC(7)
#define ASC_CONFIG1 ASC(8)
#define ASC_CLOCK_FACTOR ASC(9)

#define COMMAND_NOP 0x00
#define COMMAND_FLUSH 0x01
#define COMMAND_RESET 0x02
#define COMMAND_TRANSFER_DMA 0x90
#define COMMAND_COMPLETE 0x11
#define COMMAND_ACCEPT 0x12
#define COMMAND_SELECT_ATN 0x42
#define STATUS_INTERRUPT 0x80
#define INTERRUPT_DISCONNECT 0x20
#define INTERRUPT_SERVICE_OR_DONE 0x18
#define PHASE(status) ((status) & 7)
#define PHASE_DATA_OUT 0
#define PHASE_DATA_IN 1
#define PHASE_STATUS 3
#define IDENTIFY 0x80

#define CONFIG1_HOST_7_QUIET_RESET 0x47
#define CLOCK_FACTOR_25_MHZ 5
#define TIMEOUT_26_MS 16

enum step { STEP_IDLE, STEP_SELECT, STEP_DATA, STEP_COMPLETE, STEP_ACCEPT };

static enum step step;
static uint32_t data_physical, data_bytes;
static int data_is_write;
static uint32_t target_status;

static void reset(void)
{
    ASC_COMMAND = COMMAND_RESET;
    ASC_COMMAND = COMMAND_NOP;
    ASC_CONFIG1 = CONFIG1_HOST_7_QUIET_RESET;
    ASC_CLOCK_FACTOR = CLOCK_FACTOR_25_MHZ;
    ASC_TIMEOUT = TIMEOUT_26_MS;
    ASC_SYNC_PERIOD = 0;
    ASC_SYNC_OFFSET = 0;
    (void)ASC_INTERRUPT;
    step = STEP_IDLE;
}

static void start(const struct scsi_command *command)
{
    data_physical = command->physical;
    data_bytes = command->bytes;
    data_is_write = command->is_write;
    ASC_COMMAND = COMMAND_FLUSH;
    (void)ASC_INTERRUPT;
    ASC_SELECT_ID = command->id;
    ASC_FIFO = IDENTIFY;
    for (uint32_t i = 0; i < command->block_bytes; i++)
        ASC_FIFO = command->block[i];
    step = STEP_SELECT;
    ASC_COMMAND = COMMAND_SELECT_ATN;
}

static void dma_start(void)
{
    uint32_t direction = data_is_write ? 0 : SSR_SCSI_DIR;
    IOASIC_SSR &= ~SSR_SCSI_DMA_EN;
    IOASIC_SCSI_SCR = 0;
    IOASIC_SCSI_DMAPTR = data_physical << 3;
    IOASIC_SCSI_NEXTPTR = ((data_physical & ~(AEGIS_PAGE_SIZE - 1u)) + AEGIS_PAGE_SIZE) << 3;
    IOASIC_SIR = ~SIR_SCSI_DMA_LATCHES;
    IOASIC_SSR = (IOASIC_SSR & ~SSR_SCSI_DIR) | direction | SSR_SCSI_DMA_EN;
    ASC_TCL = data_bytes & 0xff;
    ASC_TCM = data_bytes >> 8;
    step = STEP_DATA;
    ASC_COMMAND = COMMAND_TRANSFER_DMA;
}

/* Stops the engine; on input stores the 1 to 3 halfwords that did not fill a unit. */
static void dma_finish(void)
{
    uint32_t halfwords, at;
    IOASIC_SSR &= ~SSR_SCSI_DMA_EN;
    halfwords = data_is_write ? 0 : IOASIC_SCSI_SCR & 3;
    at = KSEG1 + (IOASIC_SCSI_DMAPTR >> 3);
    if (halfwords == 1)
        *(volatile uint16_t *)at = (uint16_t)IOASIC_SCSI_SDR0;
    if (halfwords >= 2)
        *(volatile uint32_t *)at = IOASIC_SCSI_SDR0;
    if (halfwords == 3)
        *(volatile uint16_t *)(at + 4) = (uint16_t)IOASIC_SCSI_SDR1;
    IOASIC_SIR = ~SIR_SCSI_DMA_LATCHES;
}

static void divert(uint32_t page_physical)
{
    uint32_t at;
    data_physical = page_physical + data_physical % AEGIS_PAGE_SIZE;
    if (step != STEP_DATA)
        return;
    IOASIC_SSR &= ~SSR_SCSI_DMA_EN;
    at = IOASIC_SCSI_DMAPTR >> 3;
    IOASIC_SCSI_DMAPTR = (page_physical + at % AEGIS_PAGE_SIZE) << 3;
    IOASIC_SCSI_NEXTPTR = page_physical << 3;
    IOASIC_SSR |= SSR_SCSI_DMA_EN;
}

static int32_t fail(void)
{
    IOASIC_SSR &= ~SSR_SCSI_DMA_EN;
    step = STEP_IDLE;
    return SCSI_FAILED;
}

/* The target asks for the next phase: data while there is some left to move, else status. */
static int32_t next_phase(uint32_t phase)
{
    if (phase == (uint32_t)(data_is_write ? PHASE_DATA_OUT : PHASE_DATA_IN) &&
        step == STEP_SELECT && data_bytes > 0) {
        dma_start();
        return SCSI_BUSY;
    }
    if (phase != PHASE_STATUS) {
        reset();
        return fail();
    }
    ASC_COMMAND = COMMAND_FLUSH;
    step = STEP_COMPLETE;
    ASC_COMMAND = COMMAND_COMPLETE;
    return SCSI_BUSY;
}

static int32_t serve(void)
{
    uint32_t phase = PHASE(ASC_STATUS), reason = ASC_INTERRUPT & 0xff;
    switch (step) {
    case STEP_SELECT:
        if ((reason & INTERRUPT_DISCONNECT) ||
            (reason & INTERRUPT_SERVICE_OR_DONE) != INTERRUPT_SERVICE_OR_DONE)
            return fail();
        return next_phase(phase);
    case STEP_DATA:
        dma_finish();
        if (reason & INTERRUPT_DISCONNECT)
            return fail();
        return next_phase(phase);
    case STEP_COMPLETE:
        if (reason & INTERRUPT_DISCONNECT)
            return fail();
        target_status = ASC_FIFO & 0xff;
        (void)ASC_FIFO;
        step = STEP_ACCEPT;
        ASC_COMMAND = COMMAND_ACCEPT;
        return SCSI_BUSY;
    case STEP_ACCEPT:
        step = STEP_IDLE;
        return target_status == 0 ? SCSI_GOOD : SCSI_REFUSED;
    default:
        return SCSI_BUSY; /* nothing was started: a reset's leftover */
    }
}

static int is_pending(void)
{
    return ASC_STATUS & STATUS_INTERRUPT;
}

const struct scsi_chip scsi_53c94 = {1, reset, start, serve, is_pending, divert};
