/*
 * First instruction of the kernel image. The firmware enters here by the REX protocol: a0 argc, a1
 * argv, a2 0x30464354, a3 call vector; unmapped, interrupts off.
 */
#include "kernel-asm.h"

    .set noreorder
    .section .text.start, "ax"
    .globl _start
_start:
    mtc0    $zero, C0_STATUS            /* BEV off: vectors in RAM; interrupts off */
    la      $t0, __bss_start
    la      $t1, __bss_end
1:  sw      $zero, 0($t0)
    addiu   $t0, $t0, 4
    bne     $t0, $t1, 1b
     nop
    la      $sp, kernel_stack_top - 32
    move    $a0, $a3
    jal     boot
     move   $a1, $a2
2:  b       2b
     nop
    .ascii  "TCF0"                      /* asks firmware that knows others for this protocol */
    /* The vectors at physical 0 share cache lines with the first 512 bytes: hot code starts behind them. */
    .balign 512
