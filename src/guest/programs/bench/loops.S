/*
 * Loops of the paper's Table 4 and handlers of Table 5. The loops hold nothing but the operation, a counter and a
 * branch, as the paper's do.
 */
#include "abi-asm.h"
#include "bench.h"

    .set noreorder
    .set noat
    .text
    /*
     * The kernel's hot paths fill the first 3 KB of the direct-mapped instruction cache; a loop that shares their lines
     * measures conflicts instead of calls (the paper met factors of three).
     */
    .balign 4096

    .macro mark_now
    li      $v0, AEGIS_CALL_ENV_SELF
    syscall
    .endm

    .macro loop_head
    addiu   $sp, $sp, -24
    sw      $ra, 20($sp)
    sw      $s0, 16($sp)
    sw      $s1, 12($sp)
    lui     $at, MARK >> 16
    or      $s1, $a0, $at
    move    $a0, $s1
    mark_now
    li      $s0, LOOP_COUNT
    .endm

    .macro loop_tail
    addiu   $a0, $s1, 1
    mark_now
    lw      $ra, 20($sp)
    lw      $s0, 16($sp)
    lw      $s1, 12($sp)
    jr      $ra
     addiu  $sp, $sp, 24
    .endm

/* 7 instructions a round: jal, nop, jr, nop, and the loop's three. */
    .globl loop_procedure
loop_procedure:
    loop_head
1:  jal     empty
     nop
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     nop
    loop_tail
empty:
    jr      $ra
     nop

    .globl loop_null
loop_null:
    loop_head
1:  li      $v0, AEGIS_CALL_NULL
    syscall
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     nop
    loop_tail

    .globl loop_null_stack
loop_null_stack:
    loop_head
1:  li      $v0, AEGIS_CALL_NULL_STACK
    syscall
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     nop
    loop_tail

    .globl raise_unaligned, raise_overflow, raise_coprocessor, raise_protection
raise_unaligned:
    li      $t0, 0x00400001
    lw      $t1, 0($t0)
    jr      $ra
     nop
raise_overflow:
    li      $t0, 0x7fffffff
    addi    $t1, $t0, 1
    jr      $ra
     nop
raise_coprocessor:
    mtc1    $zero, $f0
    nop
    jr      $ra
     nop
/* A store to the program's own text, which is mapped read-only. */
raise_protection:
    la      $t0, raise_protection
    sw      $zero, 0($t0)
    jr      $ra
     nop

/*
 * Entry: t0 = EPC, t1 = BadVAddr, t2 = Cause; the user's t0-t2 in the upage's save area of this ExcCode.
 * Exit:  at EPC + 4 with all registers but k1 as they were, without a system call.
 */
    .macro skip_handler name, code
    .globl \name
\name:
    lui     $t1, %hi(skip_count)
    lw      $t2, %lo(skip_count)($t1)
    addiu   $k1, $t0, 4
    addiu   $t2, $t2, 1
    sw      $t2, %lo(skip_count)($t1)
    lui     $t0, AEGIS_GUARANTEED_BASE >> 16
    lw      $t1, OFFSET_UPAGE_EXCEPTION_SAVE + 16 * \code + 4($t0)
    lw      $t2, OFFSET_UPAGE_EXCEPTION_SAVE + 16 * \code + 8($t0)
    lw      $t0, OFFSET_UPAGE_EXCEPTION_SAVE + 16 * \code + 0($t0)
    jr      $k1
     nop
    .endm

    skip_handler skip_protection, 1
    skip_handler skip_unaligned, 4
    skip_handler skip_coprocessor, 11
    skip_handler skip_overflow, 12

    .bss
    .balign 4
    .globl skip_count
skip_count:
    .space 4
