/*
 * Loops of the paper's Tables 4 and 5, of CIDswitch and of its TLB refill, and handlers of Table 5. A loop holds nothing but the
 * operation, a counter and a branch, as the paper's do. Between the marks lie five more instructions: the return from
 * bench_begin, the counter's first value, the call of bench_end.
 */
#include <generated/abi-asm.h>
#include <bench.h>
#include "loops.h"

    .set noreorder
    .set noat
    .text
    /*
     * The kernel's hot paths fill the first 3 KB of the direct-mapped instruction cache; a loop that shares their lines
     * measures conflicts instead of calls (the paper met factors of three).
     */
    .balign 4096

    .macro loop_head experiment, count
    addiu   $sp, $sp, -32
    sw      $ra, 28($sp)
    sw      $s0, 24($sp)
    sw      $s1, 20($sp)
    sw      $s7, 16($sp)
    move    $s7, $zero
    jal     bench_begin
     li     $a0, \experiment
    li      $s0, \count
    .endm

    .macro loop_tail experiment
    jal     bench_end
     li     $a0, \experiment
    move    $v0, $s7
    lw      $ra, 28($sp)
    lw      $s0, 24($sp)
    lw      $s1, 20($sp)
    lw      $s7, 16($sp)
    jr      $ra
     addiu  $sp, $sp, 32
    .endm

/* 7 instructions a round: jal, nop, jr, nop, and the loop's three. */
    .globl loop_procedure
loop_procedure:
    loop_head BENCH_PROCEDURE, LOOP_COUNT
1:  jal     empty
     nop
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     nop
    loop_tail BENCH_PROCEDURE
empty:
    jr      $ra
     nop

/* 5 instructions a round besides Aegis's. */
    .macro call_loop name, experiment, call
    .globl \name
\name:
    loop_head \experiment, LOOP_COUNT
1:  li      $v0, \call
    syscall
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     nop
    loop_tail \experiment
    .endm

    call_loop loop_null, BENCH_NULL, AEGIS_CALL_NULL
    call_loop loop_null_stack, BENCH_NULL_STACK, AEGIS_CALL_NULL_STACK

/* Two more instructions after the first mark; 6 a round besides Aegis's. */
    .globl loop_switch
loop_switch:
    xor     $a1, $a0, $a1
    sw      $a0, 0($sp)
    sw      $a1, 4($sp)
    loop_head BENCH_CID_SWITCH, LOOP_COUNT
    lw      $a0, 32($sp)
    lw      $s1, 36($sp)
1:  li      $v0, AEGIS_CALL_CID_SWITCH
    xor     $a0, $a0, $s1
    syscall
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     nop
    loop_tail BENCH_CID_SWITCH

/* 12 instructions a round besides Aegis's: the one that faults, eight of the handler, the loop's three. */
    .macro exception_loop name, experiment, operand, instruction:vararg
    .globl \name
\name:
    loop_head \experiment, EXCEPTION_COUNT
    la      $s1, \operand
1:  \instruction
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     nop
    loop_tail \experiment
    .endm

    exception_loop loop_unaligned, BENCH_UNALIGNED, 0x00400001, lw $t3, 0($s1)
    exception_loop loop_overflow, BENCH_OVERFLOW, 0x7fffffff, addi $t3, $s1, 1
    exception_loop loop_coprocessor, BENCH_COPROCESSOR, 0, mtc1 $zero, $f0
    /* A store to the program's own text, which is mapped read-only. */
    exception_loop loop_protection, BENCH_PROTECTION, loop_protection, sw $zero, 0($s1)

/*
 * Entry: t0 = EPC, t1 = BadVAddr, t2 = Cause; the user's t0-t2 in the upage's save area of this ExcCode.
 * Exit:  at EPC + 4 with all registers but k1 as they were, without a system call; counted in s7.
 */
    .macro skip_handler name, code
    .globl \name
\name:
    lui     $t1, AEGIS_GUARANTEED_BASE >> 16
    lw      $t2, OFFSET_UPAGE_EXCEPTION_SAVE + 16 * \code + 8($t1)
    addiu   $k1, $t0, 4
    lw      $t0, OFFSET_UPAGE_EXCEPTION_SAVE + 16 * \code + 0($t1)
    addiu   $s7, $s7, 1
    lw      $t1, OFFSET_UPAGE_EXCEPTION_SAVE + 16 * \code + 4($t1)
    jr      $k1
     nop
    .endm

    skip_handler skip_protection, 1
    skip_handler skip_unaligned, 4
    skip_handler skip_coprocessor, 11
    skip_handler skip_overflow, 12

/*
 * 4 instructions a round besides the refill's, and one of them, the load, is begun twice. In all it must have no factor
 * in common with 56: Random counts instructions, and the refills would replace the same few entries for ever.
 */
    .globl loop_load
loop_load:
    addiu   $sp, $sp, -40
    sw      $ra, 36($sp)
    sw      $s0, 32($sp)
    sw      $s1, 28($sp)
    sw      $s2, 24($sp)
    sw      $s3, 20($sp)
    move    $s1, $a1
    move    $s2, $a2
    move    $s0, $a3
    jal     bench_begin
     move   $s3, $a0
1:  lw      $t3, 0($s1)
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     addu   $s1, $s1, $s2
    jal     bench_end
     move   $a0, $s3
    lw      $ra, 36($sp)
    lw      $s0, 32($sp)
    lw      $s1, 28($sp)
    lw      $s2, 24($sp)
    lw      $s3, 20($sp)
    jr      $ra
     addiu  $sp, $sp, 40
