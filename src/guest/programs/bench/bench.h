/*
 * The loops and handlers in assembly, and the marks that a host sees: the system call env_self with 0xbe7c in the upper
 * half of a0 and a number in the lower. An even mark opens a loop, the next odd one closes it.
 */
#ifndef BENCH_H
#define BENCH_H

#define LOOP_COUNT      1000
#define EXCEPTION_COUNT 64
#define MARK            0xbe7c0000

#ifndef __ASSEMBLER__
#include <stdint.h>

/* Each runs LOOP_COUNT times between mark `mark` and `mark` + 1. */
void loop_procedure(uint32_t mark);
void loop_null(uint32_t mark);
void loop_null_stack(uint32_t mark);

/* Each raises one exception, which a skipping handler ends; returns what the handler counted. */
void raise_unaligned(void);
void raise_overflow(void);
void raise_coprocessor(void);
void raise_protection(void);

/* Handlers: count, and go on after the faulting instruction, by way of the save area of their ExcCode. */
extern char skip_unaligned[], skip_overflow[], skip_coprocessor[], skip_protection[];
extern volatile uint32_t skip_count;
#endif
#endif
