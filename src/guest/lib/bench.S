/*
 * bench_begin, bench_end: marks for a host (bench.h). a0 = experiment; no register changes. On a
 * page of their own: a host that waits for an instruction looks at every fetch from its page.
 */
    .set noreorder
    .section .marks, "ax"
    .balign 4096

    .globl bench_begin
bench_begin:
    jr    $31
     nop

    .globl bench_end
bench_end:
    jr    $31
     nop
