/*
 * A child that makes the calls its parent writes into the shared page: word 32 = 1 when there is
 * one, then number, a0-a3, t0; result and a0-a3 come back in the same places, and word 32 is 0
 * again. Takes the place of child_fuzz in a copy of the children's page.
 */
#include "abi-asm.h"
    .set noreorder
    .set noat
    .section .text.caller, "ax"
    .globl caller_code, caller_code_end
caller_code:
    lui     $s0, 0x7f00
    ori     $s0, $s0, 0x3080
1:  lw      $t0, 0($s0)
    nop
    beqz    $t0, 1b
     lw     $v0, 4($s0)
    lw      $a0, 8($s0)
    lw      $a1, 12($s0)
    lw      $a2, 16($s0)
    lw      $a3, 20($s0)
    lw      $t0, 24($s0)
    syscall
    sw      $v0, 4($s0)
    sw      $a0, 8($s0)
    sw      $a1, 12($s0)
    sw      $a2, 16($s0)
    sw      $a3, 20($s0)
    b       1b
     sw     $zero, 0($s0)
caller_code_end:
