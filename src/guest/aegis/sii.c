/*
 * DC7061 ("SII") on the KN01. Its DMA reaches its own memory only, so data is copied: to it before
 * a write, from it when a read's status has come. The target leads: whatever phase it asks for is
 * served, until it lets go of the bus. After the chip's registers and sequences as NetBSD's
 * siireg.h and sii.c tell them.
 */
#include "aegis.h"
#include "kn01.h"
#include "scsi.h"

#define SII_CSR SII(0x0c)
#define SII_ID SII(0x10)
#define SII_SELECT SII(0x14)
#define SII_DATA SII(0x20)
#define SII_DMA_CONTROL SII(0x24)
#define SII_COUNT SII(0x28)
#define SII_ADDRESS_LOW SII(0x2c)
#define SII_ADDRESS_HIGH SII(0x30)
#define SII_CONNECTION SII(0x48)
#define SII_TRANSFER SII(0x4c)
#define SII_COMMAND SII(0x50)
#define SII_DIAGNOSIS SII(0x54)

#define CSR_ARBITRATE_PARITY_INTERRUPTS 0x13
#define ID_7 0x8007
#define PORT_ENABLE 0x0004

#define CONNECTION_BUS_RESET 0x2000u
#define CONNECTION_CONNECTED 0x0040u
#define CONNECTION_SELECTING 0x0004u
#define TRANSFER_PENDING 0xc000u
#define TRANSFER_CONNECTION 0x8000u
#define TRANSFER_DONE 0x2000u
#define TRANSFER_INPUT_FULL 0x0400u
#define TRANSFER_MISMATCH 0x0010u
#define PHASE(transfer) ((transfer) & 7)

#define COMMAND_DMA 0x8000
#define COMMAND_TRANSFER 0x0800
#define COMMAND_SELECT 0x0400
#define COMMAND_DISCONNECT 0x0100
#define COMMAND_RESET_CHIP 0x0080
#define COMMAND_CONNECTED 0x0040
#define COMMAND_ATTENTION 0x0008

#define PHASE_DATA_OUT 0
#define PHASE_DATA_IN 1
#define PHASE_COMMAND 2
#define PHASE_STATUS 3
#define PHASE_MESSAGE_OUT 6
#define PHASE_MESSAGE_IN 7
#define IDENTIFY 0x80

/* The chip's memory: a page of data, then the command block. */
#define DATA_AT 0u
#define BLOCK_AT AEGIS_PAGE_SIZE

#define NO_STATUS (-1)
#define SELECTION_POLLS 16000u /* about 26 ms at 16.67 MHz */
#define SHORT_POLLS 16u        /* a message or a command block is over by then */

static struct scsi_command running;
static int32_t target_status;
static uint32_t selection_polls;
static kernel_bool is_abandoned;

static void reset(void)
{
    SII_COMMAND = COMMAND_RESET_CHIP;
    SII_ID = ID_7;
    SII_DMA_CONTROL = 0;
    SII_DIAGNOSIS = PORT_ENABLE;
    SII_CSR = CSR_ARBITRATE_PARITY_INTERRUPTS;
}

static void copy_in(uint32_t at, const uint8_t *from, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i += 2)
        SII_BUFFER((at + i) / 2) = (uint16_t)(from[i] | from[i + 1] << 8);
}

/* Whole words, as sectors and what a capacity is are. */
static void copy_page_in(uint32_t physical, uint32_t bytes)
{
    const uint32_t *from = (const uint32_t *)(KSEG0 + physical);
    for (uint32_t i = 0; i < bytes / 4; i++) {
        uint32_t word = from[i];
        SII_BUFFER(DATA_AT / 2 + 2 * i) = (uint16_t)word;
        SII_BUFFER(DATA_AT / 2 + 2 * i + 1) = (uint16_t)(word >> 16);
    }
}

/* Through the data cache, which writes through: nobody need invalidate anything. */
static void copy_page_out(uint32_t physical, uint32_t bytes)
{
    uint32_t *to = (uint32_t *)(KSEG0 + physical);
    for (uint32_t i = 0; i < (bytes + 3) / 4; i++) {
        uint32_t low = SII_BUFFER(DATA_AT / 2 + 2 * i);
        to[i] = low | (uint32_t)SII_BUFFER(DATA_AT / 2 + 2 * i + 1) << 16;
    }
}

static void start(const struct scsi_command *command)
{
    running = *command;
    target_status = NO_STATUS;
    selection_polls = 0;
    is_abandoned = 0;
    copy_in(BLOCK_AT, command->block, command->block_bytes);
    if (command->is_write)
        copy_page_in(command->physical, command->bytes);
    SII_DATA = IDENTIFY;
    SII_SELECT = (uint16_t)command->id;
    SII_COMMAND = COMMAND_TRANSFER | COMMAND_SELECT | COMMAND_ATTENTION | COMMAND_CONNECTED |
                  PHASE_MESSAGE_OUT;
}

static void transfer(uint32_t phase, uint32_t at, uint32_t bytes)
{
    SII_ADDRESS_LOW = (uint16_t)at;
    SII_ADDRESS_HIGH = 0;
    SII_COUNT = (uint16_t)bytes;
    SII_COMMAND = (uint16_t)(COMMAND_DMA | COMMAND_TRANSFER | COMMAND_CONNECTED | phase);
}

static int32_t fail(void)
{
    reset();
    return SCSI_FAILED;
}

static int32_t serve_phase(uint32_t phase)
{
    switch (phase) {
    case PHASE_COMMAND:
        transfer(phase, BLOCK_AT, running.block_bytes);
        return SCSI_BUSY;
    case PHASE_DATA_IN:
    case PHASE_DATA_OUT:
        if (running.bytes == 0 || running.is_write != (phase == PHASE_DATA_OUT))
            return fail();
        transfer(phase, DATA_AT, running.bytes);
        return SCSI_BUSY;
    case PHASE_STATUS:
    case PHASE_MESSAGE_IN:
        SII_COMMAND = (uint16_t)(COMMAND_CONNECTED | phase);
        return SCSI_BUSY;
    default:
        return fail();
    }
}

/* The target has let go of the bus: after its status, as it should, or before. */
static int32_t end(void)
{
    if (target_status == NO_STATUS)
        return SCSI_FAILED;
    if (target_status != 0)
        return SCSI_REFUSED;
    if (!running.is_write)
        copy_page_out(running.physical, running.bytes);
    return SCSI_GOOD;
}

static int32_t serve_once(void)
{
    uint32_t status = SII_TRANSFER;
    if (status & TRANSFER_CONNECTION) {
        uint32_t connection = SII_CONNECTION;
        SII_CONNECTION = (uint16_t)connection;
        if (connection & CONNECTION_BUS_RESET)
            return fail();
        if (!(connection & CONNECTION_CONNECTED))
            return end();
    }
    if (status & TRANSFER_DONE)
        SII_TRANSFER = TRANSFER_DONE;
    if (status & TRANSFER_MISMATCH)
        return serve_phase(PHASE(status));
    if (status & TRANSFER_INPUT_FULL) {
        uint32_t byte = SII_DATA & 0xff;
        if (PHASE(status) == PHASE_STATUS)
            target_status = (int32_t)byte;
        SII_COMMAND = (uint16_t)(COMMAND_TRANSFER | COMMAND_CONNECTED | PHASE(status));
    }
    return SCSI_BUSY;
}

static int has_event(void)
{
    return (SII_TRANSFER & TRANSFER_PENDING) != 0;
}

/* Steps that follow at once are waited for: an interrupt each would take longer. */
static int32_t serve(void)
{
    if (is_abandoned)
        return SCSI_FAILED;
    for (;;) {
        uint32_t polls = 0;
        int32_t result = serve_once();
        if (result != SCSI_BUSY)
            return result;
        while (!has_event())
            if (++polls == SHORT_POLLS)
                return SCSI_BUSY;
    }
}

/* The chip selects for as long as it is let. */
static int is_pending(void)
{
    if (has_event())
        return 1;
    if (!(SII_CONNECTION & CONNECTION_SELECTING) || ++selection_polls < SELECTION_POLLS)
        return 0;
    SII_COMMAND = COMMAND_DISCONNECT;
    is_abandoned = 1;
    return 1;
}

/* A read's data is still to be copied; a write's has been. */
static void divert(uint32_t page_physical)
{
    running.physical = page_physical + running.physical % AEGIS_PAGE_SIZE;
}

const struct scsi_chip scsi_sii = {0, reset, start, serve, is_pending, divert};
