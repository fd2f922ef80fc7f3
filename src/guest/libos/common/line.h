/*
 * The terminal line of the process: cooked input (echo, erase with backspace, erase the line with
 * ^U, drop it with ^C, end of input with ^D, line end with return), output as it is.
 */
#ifndef LIBOS_LINE_H
#define LIBOS_LINE_H

#include <stdint.h>

void line_start(void);
int line_read(void *to, uint32_t count);
int line_write(const void *from, uint32_t count);

#endif
