/* The loops and handlers in assembly, and how often the loops go round. */
#ifndef BENCH_LOOPS_H
#define BENCH_LOOPS_H

#define LOOP_COUNT      1000
#define EXCEPTION_COUNT 256

#ifndef __ASSEMBLER__
#include <stdint.h>

/* Each does its operation LOOP_COUNT times. */
void loop_procedure(void);
void loop_null(void);
void loop_null_stack(void);
/* From one addressing context of the caller's to another and back. */
void loop_switch(uint32_t installed, uint32_t other);

/* Each raises its exception EXCEPTION_COUNT times; returns how many came to the handler. */
uint32_t loop_unaligned(void);
uint32_t loop_overflow(void);
uint32_t loop_coprocessor(void);
uint32_t loop_protection(void);

/* Handlers: count in s7, and go on after the faulting instruction, by way of the save area of their ExcCode. */
extern char skip_unaligned[], skip_overflow[], skip_coprocessor[], skip_protection[];

/* Loads a word from each of `count` addresses, `stride` bytes apart, as `experiment`. */
void loop_load(uint32_t experiment, const uint32_t *from, uint32_t stride, uint32_t count);
#endif
#endif
