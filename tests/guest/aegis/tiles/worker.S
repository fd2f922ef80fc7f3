/*
 * A child without privileges that does what its parent writes into the shared page: word 32 = 1 when
 * there is something, then a call's number and a0 to a2; the result and a0 to a3 come back in
 * the same places, and word 32 is 0 again. Numbers of no call: WORK_LOAD loads from a0, WORK_STORE stores a1
 * there. It has no exception handlers: an access without a mapping destroys it. A page of its own.
 */
#include "abi-asm.h"
#include "tiles.h"
    .set noreorder
    .set noat
    .section .text.worker, "ax"
    .globl worker_code, worker_code_end
worker_code:
    lui     $s0, 0x7f00
    ori     $s0, $s0, 0x3080
1:  lw      $t0, 0($s0)
    nop
    beqz    $t0, 1b
     lw     $v0, 4($s0)
    lw      $a0, 8($s0)
    lw      $a1, 12($s0)
    lw      $a2, 16($s0)
    li      $t0, WORK_LOAD
    beq     $v0, $t0, 2f
     li     $t0, WORK_STORE
    beq     $v0, $t0, 3f
     nop
    syscall
    sw      $a0, 8($s0)
    sw      $a1, 12($s0)
    sw      $a2, 16($s0)
    b       4f
     sw     $a3, 20($s0)
2:  lw      $v0, 0($a0)
    b       4f
     nop
3:  sw      $a1, 0($a0)
4:  sw      $v0, 4($s0)
    b       1b
     sw     $zero, 0($s0)
worker_code_end:
