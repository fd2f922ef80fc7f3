/*
 * Protected control transfers (SOSP'95 section 5.4) and the return from a slice upcall. No
 * application register
 * changes: the register file is the message. Access control is the callee's own business; it finds
 *          the caller in its
 * exported record.
 */
#include "kernel-asm.h"

    .set noreorder
    .set noat
    .section .text.hot, "ax"

    .macro transfer_restore
    lw      $t0, %lo(kernel_state) + K_T0($k1)
    lw      $t1, %lo(kernel_state) + K_T1($k1)
    lw      $t2, %lo(kernel_state) + K_T2($k1)
    lw      $t3, %lo(kernel_state) + K_T3($k1)
    lw      $k1, %lo(kernel_state) + K_K1($k1)
    .endm

/*
 * The questions in full, for acall and for whatever the straight path of scall does not like.
 * Leaves t0 = caller, t1 = callee, t2 = entry PC, t0-t3 saved, K_EPC = EPC + 4. The envid must name
 * a live environment with such an entry, the caller must not be inside of a slice upcall, and the
 * callee must have no computation that the transfer would
 * trample: it is away, or its frame can be set aside (READY or WAITING, and not set aside already).
 */
    .macro transfer_head entry_offset
    sw      $t0, %lo(kernel_state) + K_T0($k1)
    sw      $t1, %lo(kernel_state) + K_T1($k1)
    sw      $t2, %lo(kernel_state) + K_T2($k1)
    sw      $t3, %lo(kernel_state) + K_T3($k1)
    addiu   $k0, $k0, 4
    sw      $k0, %lo(kernel_state) + K_EPC($k1)
    andi    $t1, $a0, AEGIS_ENV_COUNT - 1
    lui     $t2, LUI_PAGES
    sll     $t1, $t1, 10
    addu    $t1, $t1, $t2
    lw      $t3, ENVS_AT + OFFSET_ENV_ID($t1)
    lw      $t0, %lo(kernel_state) + K_CURRENT($k1)
    bne     $t3, $a0, transfer_no_environment
     addiu  $t1, $t1, ENVS_AT
    lw      $t2, \entry_offset($t1)
    lw      $t3, OFFSET_ENV_STATE($t0)
    beqz    $t2, transfer_no_entry
     addiu  $t3, $t3, -AEGIS_ENV_RUNNING
    bnez    $t3, transfer_busy
     lw     $t3, OFFSET_ENV_STATE($t1)
    nop
    addiu   $t3, $t3, -AEGIS_ENV_AWAY
    beqz    $t3, 1f
     addiu  $k0, $t3, AEGIS_ENV_AWAY - AEGIS_ENV_WAITING
    beqz    $k0, 2f
     addiu  $k0, $t3, AEGIS_ENV_AWAY - AEGIS_ENV_READY
    bnez    $k0, transfer_busy
2:   lw     $t3, OFFSET_ENV_FRAME_DEPTH($t1)
    nop
    bnez    $t3, transfer_busy
     li     $t3, 1
    sw      $t3, OFFSET_ENV_FRAME_DEPTH($t1)
1:
    .endm

/*
 * call_scall: synchronous. a0 = callee. The callee has this position of the slice vector until it
 *             transfers it back.
 * An environment that leaves from its own frame is away afterwards; one that had been entered while
 * its frame was in use goes back to that (READY or WAITING). Refusals take the way through
 * transfer_head, which names the reason.
 * Cost: 65 instructions, 84 from the vector; 12 stores, which the write buffer drains at 6 cycles
 *       each, set the pace (the paper: 30 instructions, 1.4 us = 35 cycles; it says improvable).
 */
    .globl call_scall
call_scall:
    sw      $t0, %lo(kernel_state) + K_T0($k1)
    andi    $t0, $a0, AEGIS_ENV_COUNT - 1
    sll     $t0, $t0, 10
    lui     $k0, LUI_PAGES
    addu    $t0, $t0, $k0               /* callee's record - ENVS_AT */
    sw      $t1, %lo(kernel_state) + K_T1($k1)
    lw      $k0, ENVS_AT + OFFSET_ENV_ID($t0)
    lw      $t1, ENVS_AT + OFFSET_ENV_STATE($t0)
    bne     $k0, $a0, scall_refuse
     addiu  $k0, $t1, -AEGIS_ENV_AWAY
    beqz    $k0, 1f
     addiu  $k0, $t1, -AEGIS_ENV_WAITING
    beqz    $k0, 1f
     addiu  $k0, $t1, -AEGIS_ENV_READY
    bnez    $k0, scall_refuse
1:   lw     $k0, ENVS_AT + OFFSET_ENV_FRAME_DEPTH($t0)
    lw      $t1, %lo(kernel_state) + K_CURRENT($k1)
    bnez    $k0, scall_refuse
     lw     $k0, ENVS_AT + OFFSET_ENV_SCALL_ENTRY($t0)
    lw      $k1, OFFSET_ENV_STATE($t1)
    beqz    $k0, scall_refuse
     addiu  $k1, $k1, -AEGIS_ENV_RUNNING
    bnez    $k1, scall_refuse
     lw     $k1, OFFSET_ENV_FRAME_DEPTH($t1)
    mfc0    $k0, C0_EPC
    bnez    $k1, leave_inner
     lw     $k1, OFFSET_ENV_FRAME($t1)
    addiu   $k0, $k0, 4
    sw      $k0, 0($k1)                 /* where it would go on if the callee were destroyed */
    li      $k0, AEGIS_ENV_AWAY
2:  sw      $k0, OFFSET_ENV_STATE($t1)
    lw      $k0, OFFSET_ENV_ID($t1)
    sw      $a0, OFFSET_ENV_CALLEE($t1)
    lui     $k1, LUI_EXPORT
    lw      $t1, HEADER_AT + OFFSET_HEADER_CURRENT_POSITION($k1)
    sw      $k0, ENVS_AT + OFFSET_ENV_CALLER($t0)
    sll     $t1, $t1, 2
    addu    $t1, $t1, $k1
    lw      $k0, ENVS_AT + OFFSET_ENV_ENTRY_HI($t0)
    sw      $a0, SLICES_AT + OFFSET_SLICES_RUNNER($t1)
    mtc0    $k0, C0_ENTRYHI
    lw      $k0, ENVS_AT + OFFSET_ENV_STLB_TAG($t0)
    sw      $a0, HEADER_AT + OFFSET_HEADER_CURRENT_ENVID($k1)
    mtc0    $k0, C0_CONTEXT
    lw      $t1, ENVS_AT + OFFSET_ENV_STATE($t0)
    lw      $k0, ENVS_AT + OFFSET_ENV_STATUS($t0)
    xori    $t1, $t1, AEGIS_ENV_AWAY
    sltu    $t1, $zero, $t1             /* its frame is set aside unless it was away */
    sw      $t1, ENVS_AT + OFFSET_ENV_FRAME_DEPTH($t0)
    li      $t1, AEGIS_ENV_RUNNING
    mtc0    $k0, C0_STATUS
    sw      $t1, ENVS_AT + OFFSET_ENV_STATE($t0)
    lui     $k1, %hi(kernel_state)
    addiu   $t1, $t0, ENVS_AT
    lw      $k0, ENVS_AT + OFFSET_ENV_SCALL_ENTRY($t0)
    lw      $t0, %lo(kernel_state) + K_T0($k1)
    .globl trace_transfer
trace_transfer:                         /* t1 = callee's record */
    sw      $t1, %lo(kernel_state) + K_CURRENT($k1)
    lw      $t1, %lo(kernel_state) + K_T1($k1)
    lw      $k1, %lo(kernel_state) + K_K1($k1)
    jr      $k0
     rfe

leave_inner:
    lw      $k0, OFFSET_ENV_WAIT_ADDRESS($t1)
    sw      $zero, OFFSET_ENV_FRAME_DEPTH($t1)
    beqz    $k0, 2b
     li     $k0, AEGIS_ENV_READY
    b       2b
     li     $k0, AEGIS_ENV_WAITING

scall_refuse:
    lui     $k1, %hi(kernel_state)
    lw      $t0, %lo(kernel_state) + K_T0($k1)
    lw      $t1, %lo(kernel_state) + K_T1($k1)
    mfc0    $k0, C0_EPC
    nop
    transfer_head OFFSET_ENV_SCALL_ENTRY
    b       transfer_busy               /* not reached: one of the questions has an answer */
     nop

/*
 * call_acall: asynchronous. The callee has the rest of this slice; the caller goes on at its next
 * one.
 */
    .globl call_acall
call_acall:
    transfer_head OFFSET_ENV_ACALL_ENTRY
    lw      $k0, OFFSET_ENV_FRAME_DEPTH($t0)
    lw      $t3, OFFSET_ENV_FRAME($t0)
    sll     $k0, $k0, 4
    addu    $k0, $k0, $t3
    lw      $t3, %lo(kernel_state) + K_EPC($k1)
    nop
    sw      $t3, 0($k0)
    lw      $t3, %lo(kernel_state) + K_K1($k1)
    sw      $zero, 8($k0)
    sw      $t3, 4($k0)
    li      $t3, AEGIS_ENV_READY
    sw      $t3, OFFSET_ENV_STATE($t0)
    lw      $k0, OFFSET_ENV_ID($t0)
    li      $t3, AEGIS_ENV_RUNNING
    sw      $k0, OFFSET_ENV_CALLER($t1)
    sw      $t3, OFFSET_ENV_STATE($t1)
    lui     $t3, LUI_EXPORT
    sw      $a0, HEADER_AT + OFFSET_HEADER_CURRENT_ENVID($t3)
    lw      $k0, OFFSET_ENV_ENTRY_HI($t1)
    lw      $t3, OFFSET_ENV_STLB_TAG($t1)
    lw      $t0, OFFSET_ENV_STATUS($t1)
    mtc0    $k0, C0_ENTRYHI
    mtc0    $t3, C0_CONTEXT
    mtc0    $t0, C0_STATUS
    move    $k0, $t2
    lw      $t0, %lo(kernel_state) + K_T0($k1)
    lw      $t2, %lo(kernel_state) + K_T2($k1)
    b       trace_transfer
     lw     $t3, %lo(kernel_state) + K_T3($k1)

transfer_no_environment:
    b       transfer_refuse
     li     $v0, -E_ENVIRONMENT
transfer_no_entry:
    b       transfer_refuse
     li     $v0, -E_ENTRY
transfer_busy:
    li      $v0, -E_BUSY
transfer_refuse:
    lw      $k0, %lo(kernel_state) + K_EPC($k1)
    transfer_restore
    jr      $k0
     rfe

/*
 * call_resume: ends a start-of-slice handler (section 5.1.1): v0, k1 and PC from the current
 *              interrupt frame.
 * 19 instructions, 38 from the vector.
 */
    .globl call_resume
call_resume:
    lw      $k1, %lo(kernel_state) + K_CURRENT($k1)
    nop
    lw      $k0, OFFSET_ENV_STATE($k1)
    nop
    addiu   $k0, $k0, -AEGIS_ENV_RESTORING
    bnez    $k0, 1f                     /* inside of an end-of-slice handler time still counts as excess */
     li     $k0, AEGIS_ENV_RUNNING
    sw      $k0, OFFSET_ENV_STATE($k1)
1:  lw      $k0, OFFSET_ENV_FRAME_DEPTH($k1)
    lw      $v0, OFFSET_ENV_FRAME($k1)
    sll     $k0, $k0, 4
    addu    $k0, $k0, $v0
    lw      $v0, 8($k0)
    lw      $k1, 4($k0)
    lw      $k0, 0($k0)
    nop
    jr      $k0
     rfe
