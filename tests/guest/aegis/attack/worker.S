/*
 * What runs in the environments of the attack suite, put over child_fuzz (the attacker) and cost_null (the bystander) of
 * a copy of the children's page.
 *
 * The attacker does what the records in its batch say, at 0x7f004000: word 0 is the number of the next record, word 1
 * their count; record n is 64 bytes from 64 * (n + 1) on: number, a0-a3, t0-t3; the result and a0-a3 follow. Numbers
 * from 256 on are no calls: 256 loads from a0, 257 stores a1 there, 258 jumps there (a page of code ends with a break).
 * Whatever becomes of it (an upcall, a fault, a transfer in), it goes on with the next record, and gives its slice away
 * when there is none.
 */
#include "abi-asm.h"
    .set noreorder
    .set noat
    .section .text.worker, "ax"
    .globl worker_code, worker_code_end, worker_loop, worker_fault
worker_code:
worker_loop:
    lui     $s0, 0x7f00
    ori     $s0, $s0, 0x4000
    lw      $s1, 0($s0)
    lw      $s2, 4($s0)
    nop
    beq     $s1, $s2, 3f
     addiu  $t0, $s1, 1
    sw      $t0, 0($s0)
    sll     $s1, $t0, 6
    addu    $s1, $s1, $s0
    sw      $s1, 8($s0)
    lw      $v0, 0($s1)
    lw      $a0, 4($s1)
    lw      $a1, 8($s1)
    lw      $a2, 12($s1)
    lw      $a3, 16($s1)
    lw      $t0, 20($s1)
    lw      $t1, 24($s1)
    lw      $t2, 28($s1)
    lw      $t3, 32($s1)
    sltiu   $s2, $v0, 256
    beqz    $s2, 4f
     andi   $s2, $v0, 1
    syscall
1:  lui     $s0, 0x7f00                 /* registers may be another's by now */
    ori     $s0, $s0, 0x4000
    lw      $s1, 8($s0)
    nop
    sw      $v0, 36($s1)
    sw      $a0, 40($s1)
    sw      $a1, 44($s1)
    sw      $a2, 48($s1)
    b       worker_loop
     sw     $a3, 52($s1)
3:  li      $v0, AEGIS_CALL_YIELD
    move    $a0, $zero
    syscall
    b       worker_loop
     nop
4:  bnez    $s2, 5f
     andi   $s2, $v0, 2
    bnez    $s2, 6f
     nop
    lw      $v0, 0($a0)
    b       1b
     nop
5:  sw      $a1, 0($a0)
    b       1b
     nop
6:  jr      $a0
     nop
worker_fault:                           /* t2 = Cause; the result is 0xfa000000 + ExcCode */
    andi    $t2, $t2, 0x7c
    srl     $t2, $t2, 2
    lui     $v0, 0xfa00
    b       1b
     or     $v0, $v0, $t2
worker_code_end:

/*
 * Honest: counts in word 0 of its page (0x7f004000), and in word 1 whatever is not as it must be: its registers, and
 * words 16 to 1023, which all hold s7.
 */
    .globl bystander_code, bystander_code_end
bystander_code:
    lui     $s7, 0xb157
    ori     $s7, $s7, 0xa9de
    move    $s6, $s7
    move    $t8, $s7
    move    $gp, $s7
    mthi    $s7
    lui     $s0, 0x7f00
    ori     $s0, $s0, 0x4000
1:  addiu   $s1, $s0, 64
    addiu   $s2, $s0, 4096
2:  lw      $t0, 0($s1)
    addiu   $s1, $s1, 4
    bne     $t0, $s7, 3f
     nop
    bne     $s1, $s2, 2b
     nop
    mfhi    $t0
    bne     $t0, $s7, 3f
     nop
    bne     $s6, $s7, 3f
     nop
    bne     $t8, $s7, 3f
     nop
    bne     $gp, $s7, 3f
     nop
    lw      $t0, 0($s0)
    nop
    addiu   $t0, $t0, 1
    b       1b
     sw     $t0, 0($s0)
3:  lw      $t0, 4($s0)
    nop
    addiu   $t0, $t0, 1
    b       bystander_code
     sw     $t0, 4($s0)
bystander_code_end:

/*
 * Entries of init's, which is in slot 0. The first one is entered while frame 0 is in use: it transfers asynchronously
 * to attacker 0, and when frame 1 goes on, synchronously to attacker 1, for good: frame 0 comes back at a slice of its
 * own. The other one is to be entered by nobody meanwhile.
 */
    .text
    .globl entered_twice, entered_thrice, entered_count
entered_thrice:
    li      $t0, 16
    b       1f
     nop
entered_twice:
    li      $t0, 1
1:  lui     $t1, %hi(entered_count)
    lw      $t2, %lo(entered_count)($t1)
    nop
    addu    $t2, $t2, $t0
    sw      $t2, %lo(entered_count)($t1)
    lui     $a0, %hi(attacker)
    lw      $a0, %lo(attacker)($a0)
    li      $v0, AEGIS_CALL_ACALL
    syscall
    lui     $a0, %hi(attacker)
    lw      $a0, %lo(attacker) + 4($a0)
    li      $v0, AEGIS_CALL_SCALL
    syscall
2:  b       2b
     nop

    .data
    .balign 4
entered_count:
    .word   0
