/*
 * SCSI: one command at a time, driven by interrupts. scsi.c makes commands, a chip's driver carries
 * them out.
 */
#ifndef AEGIS_SCSI_H
#define AEGIS_SCSI_H

#include <stdint.h>

#define SCSI_BUSY 0
#define SCSI_GOOD 1
#define SCSI_FAILED (-1)  /* nobody there, or not as the bus wants it */
#define SCSI_REFUSED (-2) /* a status other than good: there is sense data */

struct scsi_command {
    uint32_t id;
    const uint8_t *block;
    uint32_t block_bytes;
    /* Data, within one page. */
    uint32_t physical, bytes;
    int is_write;
};

struct scsi_chip {
    /* Data reaches memory behind the data cache's back; else the CPU has stored it. */
    int has_memory_access;
    void (*reset)(void);
    void (*start)(const struct scsi_command *command);
    /* Serves the chip: SCSI_BUSY until the command has ended. */
    int32_t (*serve)(void);
    /* For polling: `serve` has something to do. Ends a selection that nobody answers. */
    int (*is_pending)(void);
    /* The rest of the command's data goes to (or comes from) the same offset in another page. */
    void (*divert)(uint32_t page_physical);
};

extern const struct scsi_chip scsi_53c94, scsi_sii;

/* Sectors of a disk, 0 when there is none. Polled, at boot only; uses 512 bytes at `physical`. */
uint32_t scsi_capacity(uint32_t id, uint32_t physical);
/* Starts a READ(10) or WRITE(10) of at most one page. */
void scsi_start(uint32_t id, uint32_t sector, uint32_t count, uint32_t physical, int is_write);

#endif
