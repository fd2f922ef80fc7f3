/* What the jump table in reset.S names. Descriptors are small numbers, -1 is failure. */
#ifndef PROM_SERVICES_H
#define PROM_SERVICES_H

#include "types.h"

/* services.c */
int service_none(void);
int service_putchar(int c);
int service_showchar(int c);
int service_flush_cache(void);
const char *service_number(const char *text, uint32_t *value);

/* files.c */
int file_open(const char *path, int mode);
int file_read(int descriptor, void *into, int size);
int file_write(int descriptor, const void *from, int size);
int file_seek(int descriptor, int32_t offset, int whence);
int file_close(int descriptor);

#endif
