/*
 * Editing the line that is being typed: left, right, home (^A), end (^E), backspace, delete, ^W (a
 * word), ^U (the line), and up and down through the lines that were read before. Other escape
 * sequences are swallowed, with a bell.
 */
#ifndef LIBOS_EDIT_H
#define LIBOS_EDIT_H

#include <stdint.h>

/*
 * Reads a line of at most `size` bytes, its newline included; `next` gives the bytes. How many there
 * are; 0 at the end of input (^D on an empty line; elsewhere it ends the line without a newline);
 * negative: what `next` failed with.
 */
int edit_line(char *to, uint32_t size, int (*next)(void));

#endif
