/* What the parts of vsnprintf share: where text goes, and how a conversion wants it. */
#ifndef LIB_FORMAT_H
#define LIB_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

struct sink {
    char *next;
    char *end; /* last byte is kept for the terminator */
    int length;
};

struct conversion {
    bool is_left;
    bool is_zero_padded;
    bool has_plus;
    int width;
    int precision; /* -1: none given */
    int long_count;
};

/* format.c */
void emit(struct sink *sink, char byte);
void emit_padding(struct sink *sink, char byte, int count);

/*
 * real.c: %e, %f, %g and their capitals, of the bits of a double. Every digit is the exact one. Programs
 * have it (start.S asks for it); init and the library OSes, which print no such numbers, do not.
 */
void emit_real(struct sink *sink, const struct conversion *how, uint64_t bits, char kind)
    __attribute__((weak));

#endif
