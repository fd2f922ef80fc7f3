/*
 * The loops, between marks, and five more instructions as in `bench`. Nothing in them but what their names say, a
 * counter and a branch; loads are used two instructions later at the earliest.
 */
#include <bench.h>
#include "loops.h"

    .set noreorder
    .set noat
    .text
    /* Behind the first 4 KB of the instruction cache, where the kernel's hot paths are. */
    .balign 4096

    /* Keeps a0 and a1 in s2 and s3. */
    .macro loop_head experiment
    addiu   $sp, $sp, -32
    sw      $ra, 28($sp)
    sw      $s0, 24($sp)
    sw      $s2, 20($sp)
    sw      $s3, 16($sp)
    move    $s2, $a0
    move    $s3, $a1
    jal     bench_begin
     li     $a0, \experiment
    .endm

    .macro loop_tail experiment
    jal     bench_end
     li     $a0, \experiment
    lw      $ra, 28($sp)
    lw      $s0, 24($sp)
    lw      $s2, 20($sp)
    lw      $s3, 16($sp)
    jr      $ra
     addiu  $sp, $sp, 32
    .endm

    .globl loop_call
loop_call:
    loop_head BENCH_PROCEDURE
    li      $s0, CALL_COUNT
1:  jal     empty
     nop
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     nop
    loop_tail BENCH_PROCEDURE
empty:
    jr      $ra
     nop

    .globl loop_delay
loop_delay:
    loop_head BENCH_DELAY
    li      $s0, DELAY_COUNT - 1
1:  bnez    $s0, 1b
     addiu  $s0, $s0, -1
    loop_tail BENCH_DELAY

    .globl loop_copy
loop_copy:
    loop_head BENCH_COPY
    li      $s0, MEMORY_BYTES / 32
1:
    .irp    at, 0, 8, 16, 24
    lw      $t0, \at($s3)
    lw      $t1, \at + 4($s3)
    sw      $t0, \at($s2)
    sw      $t1, \at + 4($s2)
    .endr
    addiu   $s3, $s3, 32
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     addiu  $s2, $s2, 32
    loop_tail BENCH_COPY

    .globl loop_read
loop_read:
    loop_head BENCH_READ
    li      $s0, MEMORY_BYTES / 32
1:
    .irp    at, 0, 4, 8, 12, 16, 20, 24, 28
    lw      $t0, \at($s2)
    .endr
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     addiu  $s2, $s2, 32
    loop_tail BENCH_READ

    .globl loop_write
loop_write:
    loop_head BENCH_WRITE
    li      $s0, MEMORY_BYTES / 32
1:
    .irp    at, 0, 4, 8, 12, 16, 20, 24, 28
    sw      $zero, \at($s2)
    .endr
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     addiu  $s2, $s2, 32
    loop_tail BENCH_WRITE
