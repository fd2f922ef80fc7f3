/*
 * The root disk as blocks of 1 KB behind a small cache, and raw transfers into pages, for ext2 and
 * the loader.
 */
#ifndef LIBOS_DISK_H
#define LIBOS_DISK_H

#include <stdint.h>

#define DISK_BLOCK_SECTORS 2

/* Binds the capabilities of the start page. */
void disk_start(void);

/*
 * The file systems's `get` (ext2.h): a block of the root disk, valid until the next call; NULL on
 * errors.
 */
const uint8_t *disk_block(void *context, uint32_t block);

/* A page for a transfer that is used up at once; the cache forgets what it held there. */
uint8_t *disk_scratch(void);

/* Reads sectors of disk 0 or 1 to a physical address within one page; 0, or -1. */
int disk_read(int disk, uint32_t sector, uint32_t count, uint32_t physical);

#endif
