/* Heap, number parsing, leaving. malloc takes its memory from the library OS by sbrk. */
#ifndef LIB_STDLIB_H
#define LIB_STDLIB_H

#include <stddef.h>
#include <stdint.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void free(void *block);

int atoi(const char *text);
long strtol(const char *text, char **end, int base);
unsigned long strtoul(const char *text, char **end, int base);
int abs(int value);

/* A decimal number from low to high, of nine digits at most, and nothing else: 1, or 0 when not. */
int parse_count(const char *text, uint32_t low, uint32_t high, uint32_t *count);

void exit(int status) __attribute__((noreturn));
void abort(void) __attribute__((noreturn));

#endif
