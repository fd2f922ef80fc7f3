/* The SCSI controller: one command at a time, driven by interrupts. */
#ifndef AEGIS_SCSI_H
#define AEGIS_SCSI_H

#include <stdint.h>

#define SCSI_BUSY 0
#define SCSI_GOOD 1
#define SCSI_FAILED (-1)

void scsi_reset(void);
/* Sectors of a disk, 0 when there is none. Polled, at boot only; uses 512 bytes at `physical`. */
uint32_t scsi_capacity(uint32_t id, uint32_t physical);
/* Starts a READ(10) or WRITE(10) of at most one page. */
void scsi_start(uint32_t id, uint32_t sector, uint32_t count, uint32_t physical, int is_write);
/* Serves the chip: SCSI_BUSY until the command has ended. */
int32_t scsi_interrupt(void);
/* The rest of the command's data goes to (or comes from) the same offset in another page. */
void scsi_divert(uint32_t page_physical);

#endif
