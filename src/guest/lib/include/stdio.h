/*
 * Formatted output. There are no streams: stdout is descriptor 1 behind one line-sized buffer,
 * which is flushed at a newline, when full, before reading a line, and at exit. Conversions: %d i u
 * x X o c s p % with l and ll, -, 0, +, width, precision and *.
 */
#ifndef LIB_STDIO_H
#define LIB_STDIO_H

#include <stdarg.h>
#include <stddef.h>

#define EOF (-1)

int printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
int dprintf(int descriptor, const char *format, ...) __attribute__((format(printf, 2, 3)));
int snprintf(char *to, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int vsnprintf(char *to, size_t size, const char *format, va_list arguments);
int puts(const char *text);
int putchar(int byte);
void flush(void);

/*
 * Reads one line of descriptor 0 without its newline; returns its length, or -1 at the end of
 * input.
 */
int read_line(char *to, size_t size);

#endif
