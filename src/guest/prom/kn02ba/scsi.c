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

#define SECTOR_SIZE 512u
#define PAGE_SIZE 4096u
#define MAX_SECTORS_PER_COMMAND 128u
#define ATTEMPTS 3
#define SPIN_LIMIT 500000u

void scsi_init(void)
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

/*
 * One command with data from the target (bytes may be 0). `physical` is a multiple of 8.
 * Returns the SCSI status byte, or -1 when there is no such device or it misbehaved.
 */
static int scsi_command(uint32_t id, const uint8_t *cdb, uint32_t cdb_size, uint32_t physical, uint32_t bytes)
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

static uint8_t short_data[64] __attribute__((aligned(8)));

static uint32_t physical_of(const void *pointer)
{
    return (uint32_t)pointer & KSEG_OFFSET_MASK;
}

int scsi_inquire(uint32_t id, uint8_t *answer)
{
    static const uint8_t inquiry[6] = {0x12, 0, 0, 0, 36, 0};
    const volatile uint8_t *data = (const volatile uint8_t *)(KSEG1 + physical_of(short_data));
    int i;
    if (scsi_command(id, inquiry, sizeof inquiry, physical_of(short_data), 36) != 0)
        return 0;
    for (i = 0; i < 36; i++)
        answer[i] = data[i];
    return 1;
}

/* READ(10). A device that reports a condition (such as a reset) is asked for its sense data and tried again. */
int scsi_read(uint32_t id, uint32_t sector, uint32_t count, uint32_t physical)
{
    static const uint8_t request_sense[6] = {0x03, 0, 0, 0, 18, 0};
    while (count > 0) {
        uint32_t now = count > MAX_SECTORS_PER_COMMAND ? MAX_SECTORS_PER_COMMAND : count;
        uint8_t cdb[10] = {0x28, 0, (uint8_t)(sector >> 24), (uint8_t)(sector >> 16), (uint8_t)(sector >> 8),
                           (uint8_t)sector, 0, (uint8_t)(now >> 8), (uint8_t)now, 0};
        int attempt, status = -1;
        for (attempt = 0; attempt < ATTEMPTS && status != 0; attempt++) {
            status = scsi_command(id, cdb, sizeof cdb, physical, now * SECTOR_SIZE);
            if (status < 0)
                return 0;
            if (status != 0)
                (void)scsi_command(id, request_sense, sizeof request_sense, physical_of(short_data), 18);
        }
        if (status != 0)
            return 0;
        sector += now;
        count -= now;
        physical += now * SECTOR_SIZE;
    }
    return 1;
}
