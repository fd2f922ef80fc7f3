/*
 * SCSI: the DC7061 ("SII"), polled, no disconnection. It moves data to and from its own memory only, at most 8 KB at a
 * time; the CPU copies. The target leads: every phase that it asks for is served until it lets go of the bus. After the
 * chip's registers and sequences as NetBSD's siireg.h and sii.c tell them.
 */
#include "prom.h"

#define SII(offset) REGISTER16(SII_BASE + (offset))
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
#define BUFFER(halfword) REGISTER16(SII_BUFFER + 4 * (halfword))
#define BUFFER_HALFWORDS 0x10000u
#define BUFFER_STRIDE 0x421u /* a sample: every part of the memory, every bit of the address */

#define CSR_ARBITRATE_PARITY 0x12 /* and no interrupts */
#define ID_7 0x8007
#define PORT_ENABLE 0x0004
#define COUNT_PATTERN 0x1555

#define CONNECTION_BUS_RESET 0x2000u
#define CONNECTION_CONNECTED 0x0040u
#define TRANSFER_PENDING 0xc000u
#define TRANSFER_CONNECTION 0x8000u
#define TRANSFER_DONE 0x2000u
#define TRANSFER_INPUT_FULL 0x0400u
#define TRANSFER_MISMATCH 0x0010u

#define COMMAND_DMA 0x8000u
#define COMMAND_TRANSFER 0x0800u
#define COMMAND_SELECT 0x0400u
#define COMMAND_DISCONNECT 0x0100u
#define COMMAND_RESET_CHIP 0x0080u
#define COMMAND_CONNECTED 0x0040u
#define COMMAND_ATTENTION 0x0008u

#define PHASE_LINES 7u
#define PHASE_DATA_IN 1u
#define PHASE_COMMAND 2u
#define PHASE_STATUS 3u
#define PHASE_MESSAGE_OUT 6u
#define PHASE_MESSAGE_IN 7u
#define IDENTIFY 0x80

/* The chip's memory: data, then the command block. */
#define DATA_BYTES 8192u
#define BLOCK_AT DATA_BYTES
#define SELECT_LIMIT 2500u /* of pauses: about 26 ms at 16.67 MHz */
#define SPIN_LIMIT 500000u

static void sii_init(void)
{
    SII_COMMAND = COMMAND_RESET_CHIP;
    SII_ID = ID_7;
    SII_DMA_CONTROL = 0;
    SII_DIAGNOSIS = PORT_ENABLE;
    SII_CSR = CSR_ARBITRATE_PARITY;
}

const char *scsi_test(void)
{
    uint32_t i, word;
    if (!prom_probe_word(SII_BASE, &word))
        return "no answer";
    sii_init();
    SII_COUNT = COUNT_PATTERN;
    if (SII_COUNT != COUNT_PATTERN || SII_ID != ID_7 || SII_TRANSFER & TRANSFER_PENDING)
        return "register";
    for (i = 0; i < BUFFER_HALFWORDS; i += BUFFER_STRIDE)
        BUFFER(i) = (uint16_t)(i * 0x9d + 0xa5);
    for (i = 0; i < BUFFER_HALFWORDS; i += BUFFER_STRIDE)
        if (BUFFER(i) != (uint16_t)(i * 0x9d + 0xa5))
            return "buffer memory";
    return NULL;
}

/* Waits until the chip wants something; the transfer register, or 0 when it never did. */
static uint32_t wait_event(uint32_t limit)
{
    uint32_t spins;
    for (spins = 0; spins < limit; spins++) {
        uint32_t status = SII_TRANSFER;
        if ((status & TRANSFER_PENDING) != 0)
            return status;
        console_poll();
        PAUSE();
    }
    return 0;
}

static void start_dma(uint32_t phase, uint32_t at, uint32_t bytes)
{
    SII_ADDRESS_LOW = (uint16_t)at;
    SII_ADDRESS_HIGH = 0;
    SII_COUNT = (uint16_t)bytes;
    SII_COMMAND = (uint16_t)(COMMAND_DMA | COMMAND_TRANSFER | COMMAND_CONNECTED | phase);
}

/* What has arrived at address 0 of the chip's memory, in whole words. */
static void copy_out(uint32_t physical, uint32_t bytes)
{
    uint32_t i;
    for (i = 0; i < (bytes + 3) / 4; i++) {
        uint32_t low = BUFFER(2 * i);
        REGISTER(KSEG1 + physical + 4 * i) = low | (uint32_t)BUFFER(2 * i + 1) << 16;
    }
}

static void select(uint32_t id, const uint8_t *cdb, uint32_t cdb_size)
{
    uint32_t i;
    for (i = 0; i < cdb_size; i += 2)
        BUFFER((BLOCK_AT + i) / 2) = (uint16_t)(cdb[i] | cdb[i + 1] << 8);
    SII_DATA = IDENTIFY;
    SII_SELECT = (uint16_t)id;
    SII_COMMAND = COMMAND_TRANSFER | COMMAND_SELECT | COMMAND_ATTENTION | COMMAND_CONNECTED | PHASE_MESSAGE_OUT;
}

/* The command under way. */
static struct {
    uint32_t cdb_size;
    uint32_t physical, bytes; /* where data goes, and how much of it may still come */
    uint32_t moving;          /* what DMA was asked for */
    int status;               /* -1: not there yet */
} running;

static void start_data(void)
{
    running.moving = running.bytes < DATA_BYTES ? running.bytes : DATA_BYTES;
    start_dma(PHASE_DATA_IN, 0, running.moving);
}

/* DMA has ended: at its count, or because the target went on to something else. */
static void end_data(uint32_t event)
{
    uint32_t arrived = (event & TRANSFER_DONE) != 0 ? running.moving : running.moving - SII_COUNT;
    copy_out(running.physical, arrived);
    running.physical += arrived;
    running.bytes -= arrived;
    running.moving = 0;
    if ((event & TRANSFER_MISMATCH) == 0 && running.bytes != 0)
        start_data();
}

/* The target asks for another phase than the one it was in; 0 when nobody expects that. */
static int begin_phase(uint32_t phase)
{
    if (phase == PHASE_COMMAND)
        start_dma(phase, BLOCK_AT, running.cdb_size);
    else if (phase == PHASE_DATA_IN && running.bytes != 0)
        start_data();
    else if (phase == PHASE_STATUS || phase == PHASE_MESSAGE_IN)
        SII_COMMAND = (uint16_t)(COMMAND_CONNECTED | phase);
    else
        return 0;
    return 1;
}

static void take_byte(uint32_t phase)
{
    uint32_t byte = SII_DATA & 0xff;
    if (phase == PHASE_STATUS)
        running.status = (int)byte;
    SII_COMMAND = (uint16_t)(COMMAND_TRANSFER | COMMAND_CONNECTED | phase);
}

int scsi_command(uint32_t id, const uint8_t *cdb, uint32_t cdb_size, uint32_t physical, uint32_t bytes)
{
    uint32_t limit = SELECT_LIMIT, event;
    running.cdb_size = cdb_size;
    running.physical = physical;
    running.bytes = bytes;
    running.moving = 0;
    running.status = -1;
    sii_init();
    select(id, cdb, cdb_size);
    while ((event = wait_event(limit)) != 0) {
        limit = SPIN_LIMIT;
        if ((event & TRANSFER_CONNECTION) != 0) {
            uint32_t connection = SII_CONNECTION;
            SII_CONNECTION = (uint16_t)connection;
            if ((connection & (CONNECTION_BUS_RESET | CONNECTION_CONNECTED)) != CONNECTION_CONNECTED)
                return running.status;
        }
        if ((event & TRANSFER_DONE) != 0)
            SII_TRANSFER = TRANSFER_DONE;
        if (running.moving != 0 && (event & (TRANSFER_DONE | TRANSFER_MISMATCH)) != 0)
            end_data(event);
        if ((event & TRANSFER_MISMATCH) != 0) {
            if (!begin_phase(event & PHASE_LINES))
                break;
        } else if ((event & TRANSFER_INPUT_FULL) != 0)
            take_byte(event & PHASE_LINES);
    }
    SII_COMMAND = COMMAND_DISCONNECT;
    return -1;
}
