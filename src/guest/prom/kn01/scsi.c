/*
 * SCSI by the SII chip (DC7061) and its own 128 KB of memory. The machine has no such chip yet, so this finds nothing;
 * what the other files of the firmware ask for is what a driver here will have to give.
 */
#include "prom.h"

int scsi_inquire(uint32_t id, uint8_t *answer)
{
    (void)id;
    (void)answer;
    return 0;
}

int scsi_read(uint32_t id, uint32_t sector, uint32_t count, uint32_t physical)
{
    (void)id;
    (void)sector;
    (void)count;
    (void)physical;
    return 0;
}
