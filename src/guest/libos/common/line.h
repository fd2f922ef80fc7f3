/*
 * The terminal line of the process: cooked input (edit.h, end of input with ^D, interrupt with ^C),
 * output as it is. Programs that never read are no readers of the line to Aegis: so a parent that
 * takes interrupts can tell when the keyboard is its own, and look for a ^C while it waits.
 */
#ifndef LIBOS_LINE_H
#define LIBOS_LINE_H

#include <stdbool.h>
#include <stdint.h>

void line_start(void);
int line_read(void *to, uint32_t count);
int line_write(const void *from, uint32_t count);

/* Shows input that is typed, unless nobody types it. */
void line_echo(const char *text, uint32_t count);

/* ^C has come: ends the process, unless it takes interrupts. */
void line_interrupt(void);

/* Whether this process alone reads the line, and takes interrupts. */
bool line_is_watched(void);

/* Takes what has come; true when there is a ^C in it. The rest is read later. */
bool line_watch(void);

#endif
