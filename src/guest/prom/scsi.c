/* SCSI commands that the firmware needs, whatever the chip: `scsi_command` is the board's. */
#include "prom.h"

#define SECTOR_SIZE 512u
#define MAX_SECTORS_PER_COMMAND 128u
#define ATTEMPTS 3
#define INQUIRY_BYTES 36
#define SENSE_BYTES 18

static uint8_t short_data[64] __attribute__((aligned(8)));

static uint32_t physical_of(const void *pointer)
{
    return (uint32_t)pointer & KSEG_OFFSET_MASK;
}

int scsi_inquire(uint32_t id, uint8_t *answer)
{
    static const uint8_t inquiry[6] = {0x12, 0, 0, 0, INQUIRY_BYTES, 0};
    const volatile uint8_t *data = (const volatile uint8_t *)(KSEG1 + physical_of(short_data));
    int i;
    if (scsi_command(id, inquiry, sizeof inquiry, physical_of(short_data), INQUIRY_BYTES) != 0)
        return 0;
    for (i = 0; i < INQUIRY_BYTES; i++)
        answer[i] = data[i];
    return 1;
}

/* READ(10). A device that reports a condition (such as a reset) is asked for its sense data and tried again. */
int scsi_read(uint32_t id, uint32_t sector, uint32_t count, uint32_t physical)
{
    static const uint8_t request_sense[6] = {0x03, 0, 0, 0, SENSE_BYTES, 0};
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
                (void)scsi_command(id, request_sense, sizeof request_sense, physical_of(short_data), SENSE_BYTES);
        }
        if (status != 0)
            return 0;
        sector += now;
        count -= now;
        physical += now * SECTOR_SIZE;
    }
    return 1;
}
