/*
 * The loops. Nothing in them but what their names say, a counter and a branch; loads are used two instructions later at
 * the earliest.
 */
#include "abi-asm.h"
#include "loops.h"

    .set noreorder
    .set noat
    .text
    /* Behind the first 4 KB of the instruction cache, where the kernel's hot paths are. */
    .balign 4096

    /* a0 = mark; keeps a1 and a2 in t2 and t3, and the mark's second half in s1. */
    .macro loop_head
    addiu   $sp, $sp, -24
    sw      $ra, 20($sp)
    sw      $s0, 16($sp)
    sw      $s1, 12($sp)
    sw      $s2, 8($sp)
    sw      $s3, 4($sp)
    lui     $at, MARK >> 16
    or      $s1, $a0, $at
    move    $s2, $a1
    move    $s3, $a2
    move    $a0, $s1
    li      $v0, AEGIS_CALL_ENV_SELF
    syscall
    .endm

    .macro loop_tail
    addiu   $a0, $s1, 1
    li      $v0, AEGIS_CALL_ENV_SELF
    syscall
    lw      $ra, 20($sp)
    lw      $s0, 16($sp)
    lw      $s1, 12($sp)
    lw      $s2, 8($sp)
    lw      $s3, 4($sp)
    jr      $ra
     addiu  $sp, $sp, 24
    .endm

    .globl loop_call
loop_call:
    loop_head
    li      $s0, CALL_COUNT
1:  jal     empty
     nop
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     nop
    loop_tail
empty:
    jr      $ra
     nop

    .globl loop_delay
loop_delay:
    loop_head
    li      $s0, DELAY_COUNT - 1
1:  bnez    $s0, 1b
     addiu  $s0, $s0, -1
    loop_tail

    .globl loop_copy
loop_copy:
    loop_head
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
    loop_tail

    .globl loop_read
loop_read:
    loop_head
    li      $s0, MEMORY_BYTES / 32
1:
    .irp    at, 0, 4, 8, 12, 16, 20, 24, 28
    lw      $t0, \at($s2)
    .endr
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     addiu  $s2, $s2, 32
    loop_tail

    .globl loop_write
loop_write:
    loop_head
    li      $s0, MEMORY_BYTES / 32
1:
    .irp    at, 0, 4, 8, 12, 16, 20, 24, 28
    sw      $zero, \at($s2)
    .endr
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     addiu  $s2, $s2, 32
    loop_tail
