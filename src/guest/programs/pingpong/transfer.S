/*
 * The paper's Table 6: calls and replies that save no register; the figure is half of a round, the loop's counter and
 * branch included. Registers are the message: the server has the client's, and finds in s2 whom to transfer back to.
 */
#include <bench.h>
#include <generated/abi-asm.h>
#include "transfer.h"

    .set noreorder
    .text
    /* Behind the first 4 KB of the instruction cache, where the kernel's hot paths are. */
    .balign 4096

/* 9 instructions a round besides Aegis's two transfers. */
    .globl loop_transfer, bare_reply, bare_entry
loop_transfer:
    addiu   $sp, $sp, -32
    sw      $ra, 28($sp)
    sw      $s0, 24($sp)
    sw      $s1, 20($sp)
    sw      $s2, 16($sp)
    move    $s1, $a0
    move    $s2, $a1
    jal     bench_begin
     li     $a0, BENCH_TRANSFER
    li      $s0, BARE_COUNT
1:  move    $a0, $s1
    li      $v0, AEGIS_CALL_SCALL
    syscall
    /* Only a refusal comes back here. */
    b       2f
     nop
bare_reply:
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     nop
    move    $v0, $zero
2:  move    $s1, $v0
    jal     bench_end
     li     $a0, BENCH_TRANSFER
    move    $v0, $s1
    lw      $ra, 28($sp)
    lw      $s0, 24($sp)
    lw      $s1, 20($sp)
    lw      $s2, 16($sp)
    jr      $ra
     addiu  $sp, $sp, 32

/* Again when refused: by nobody but a client that is being destroyed. */
bare_entry:
    move    $a0, $s2
    li      $v0, AEGIS_CALL_SCALL
    syscall
    b       bare_entry
     nop
