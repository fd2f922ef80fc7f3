/* SCSI commands for disks, whatever the chip that carries them out. */
#include "aegis.h"
#include "scsi.h"

#define SCSI_REQUEST_SENSE 0x03
#define SCSI_READ_CAPACITY 0x25
#define SCSI_READ 0x28
#define SCSI_WRITE 0x2a
#define CAPACITY_BYTES 8u
#define SENSE_BYTES 18u
#define SPIN_LIMIT 1000000u

void scsi_start(uint32_t id, uint32_t sector, uint32_t count, uint32_t physical, int is_write)
{
    uint8_t block[10] = {is_write ? SCSI_WRITE : SCSI_READ,
                         0,
                         (uint8_t)(sector >> 24),
                         (uint8_t)(sector >> 16),
                         (uint8_t)(sector >> 8),
                         (uint8_t)sector,
                         0,
                         0,
                         (uint8_t)count,
                         0};
    struct scsi_command command = {id, block, sizeof block, physical, count * 512, is_write};
    board.scsi->start(&command);
}

static int32_t run_polled(uint32_t id, const uint8_t *block, uint32_t block_bytes,
                          uint32_t physical, uint32_t bytes)
{
    struct scsi_command command = {id, block, block_bytes, physical, bytes, 0};
    board.scsi->start(&command);
    for (uint32_t spins = 0; spins < SPIN_LIMIT; spins++) {
        int32_t result;
        if (!board.scsi->is_pending())
            continue;
        result = board.scsi->serve();
        if (result != SCSI_BUSY)
            return result;
    }
    board.scsi->reset();
    return SCSI_FAILED;
}

/*
 * A disk that reports a condition first (such as a reset) is asked for its sense data and tried
 * once more.
 */
uint32_t scsi_capacity(uint32_t id, uint32_t physical)
{
    static const uint8_t capacity[10] = {SCSI_READ_CAPACITY};
    static const uint8_t sense[6] = {SCSI_REQUEST_SENSE, 0, 0, 0, SENSE_BYTES, 0};
    const volatile uint8_t *data = (const volatile uint8_t *)(KSEG1 + physical);
    int32_t result = run_polled(id, capacity, sizeof capacity, physical, CAPACITY_BYTES);
    if (result == SCSI_REFUSED) {
        run_polled(id, sense, sizeof sense, physical, SENSE_BYTES);
        result = run_polled(id, capacity, sizeof capacity, physical, CAPACITY_BYTES);
    }
    if (result != SCSI_GOOD)
        return 0;
    return ((uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3]) +
           1;
}
