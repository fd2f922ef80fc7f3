/* The loops, and how often they go round. */
#ifndef CALIBRATE_LOOPS_H
#define CALIBRATE_LOOPS_H

#define CALL_COUNT   1000
#define DELAY_COUNT  100000
/* Sixteen caches' worth: nothing that is read is in the cache any more. */
#define MEMORY_BYTES (1024 * 1024)

#ifndef __ASSEMBLER__
#include <stdint.h>

/* CALL_COUNT calls of a procedure that does nothing. */
void loop_call(void);
/* DELAY_COUNT rounds of a branch with a subtraction in its delay slot. */
void loop_delay(void);
/* MEMORY_BYTES, word by word, eight words a round. */
void loop_copy(uint32_t *to, const uint32_t *from);
void loop_read(const uint32_t *from);
void loop_write(uint32_t *to);
#endif
#endif
