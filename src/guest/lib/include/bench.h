/*
 * Marks for a host that measures (src/bench). A program calls bench_begin and bench_end around a
 * loop, with the number of the experiment; the host reads the cycle counter when the first
 * instruction of either is about to execute. To the program they are two procedures that do nothing.
 */
#ifndef BENCH_H
#define BENCH_H

#define BENCH_PROCEDURE        1
#define BENCH_NULL             2
#define BENCH_NULL_STACK       3
#define BENCH_UNALIGNED        4
#define BENCH_OVERFLOW         5
#define BENCH_COPROCESSOR      6
#define BENCH_PROTECTION       7
#define BENCH_STLB_HIT         8
#define BENCH_STLB_MISS        9
#define BENCH_TRANSFER         10
#define BENCH_TRANSFER_LIBRARY 11
#define BENCH_CLASSIFY_WARM    12
#define BENCH_CLASSIFY_COLD    13
#define BENCH_CLASSIFY_EMPTY   14
#define BENCH_MATRIX           15
#define BENCH_TOUCH            16
#define BENCH_DELAY            17
#define BENCH_COPY             18
#define BENCH_READ             19
#define BENCH_WRITE            20
#define BENCH_CID_SWITCH       21

#ifndef __ASSEMBLER__
#include <stdint.h>

void bench_begin(uint32_t experiment);
void bench_end(uint32_t experiment);
#endif
#endif
