/*
 * Protected control transfers (SOSP'95 section 5.4) and the return from a slice upcall. No application register
 * changes: the register file is the message. Access control is the callee's own business; it finds the caller in its
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
 * Common head. Leaves t0 = caller, t1 = callee, t2 = entry PC, t0-t3 saved, K_EPC = EPC + 4.
 * Checks: the envid names a live environment with such an entry, the caller is not inside of a slice upcall, the
 * callee has no computation that the transfer would trample (it is away, or its one interrupt frame can be set aside).
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
     nop
    set_aside
1:
    .endm

/* Callee not away: READY or WAITING with frame 0 in use; its upcalls use frame 1 until it transfers out again. */
    .macro set_aside
    addiu   $t3, $t3, -(AEGIS_ENV_WAITING - AEGIS_ENV_AWAY)
    beqz    $t3, 8f
     addiu  $t3, $t3, AEGIS_ENV_WAITING - AEGIS_ENV_READY
    bnez    $t3, transfer_busy
     nop
8:  lw      $t3, OFFSET_ENV_FRAME_DEPTH($t1)
    lw      $k0, OFFSET_ENV_FRAME($t1)
    bnez    $t3, transfer_busy
     li     $t3, 1
    sw      $t3, OFFSET_ENV_FRAME_DEPTH($t1)
    addiu   $k0, $k0, 16
    sw      $k0, OFFSET_ENV_FRAME($t1)
    .endm

/*
 * call_scall: synchronous. a0 = callee. The callee has this position of the slice vector until it transfers it back.
 * Cost: 64 instructions, 83 from the vector (the paper: 30, and 1.4 us = 35 cycles; it says improvable).
 */
    .globl call_scall
call_scall:
    transfer_head OFFSET_ENV_SCALL_ENTRY
    lw      $t3, OFFSET_ENV_FRAME_DEPTH($t0)
    lw      $k0, OFFSET_ENV_FRAME($t0)
    bnez    $t3, leave_inner
     lw     $t3, %lo(kernel_state) + K_EPC($k1)
    nop
    sw      $t3, 0($k0)                 /* in case the callee is destroyed: v0 = -E_ENVIRONMENT behind the call */
    lw      $t3, %lo(kernel_state) + K_K1($k1)
    nop
    sw      $t3, 4($k0)
    li      $t3, -E_ENVIRONMENT
    sw      $t3, 8($k0)
    li      $t3, AEGIS_ENV_AWAY
1:  sw      $t3, OFFSET_ENV_STATE($t0)
    sw      $a0, OFFSET_ENV_CALLEE($t0)
    lui     $t3, LUI_EXPORT
    lw      $k0, HEADER_AT + OFFSET_HEADER_CURRENT_POSITION($t3)
    nop
    sll     $k0, $k0, 2
    addu    $k0, $k0, $t3
    sw      $a0, SLICES_AT + OFFSET_SLICES_RUNNER($k0)
transfer:
    lw      $k0, OFFSET_ENV_ID($t0)
    li      $t3, AEGIS_ENV_RUNNING
    sw      $k0, OFFSET_ENV_CALLER($t1)
    sw      $t3, OFFSET_ENV_STATE($t1)
    lui     $t3, LUI_EXPORT
    sw      $a0, HEADER_AT + OFFSET_HEADER_CURRENT_ENVID($t3)
    sw      $t1, %lo(kernel_state) + K_CURRENT($k1)
    lw      $k0, OFFSET_ENV_ENTRY_HI($t1)
    lw      $t3, OFFSET_ENV_STLB_TAG($t1)
    lw      $t0, OFFSET_ENV_STATUS($t1)
    mtc0    $k0, C0_ENTRYHI
    mtc0    $t3, C0_CONTEXT
    mtc0    $t0, C0_STATUS
    .globl trace_transfer
trace_transfer:
    move    $k0, $t2
    transfer_restore
    jr      $k0
     rfe

/* The caller was itself entered by a transfer while frame 0 was in use: that computation goes on at its next slice. */
leave_inner:
    lw      $t3, OFFSET_ENV_WAIT_ADDRESS($t0)
    addiu   $k0, $k0, -16
    sw      $k0, OFFSET_ENV_FRAME($t0)
    sw      $zero, OFFSET_ENV_FRAME_DEPTH($t0)
    beqz    $t3, 1b
     li     $t3, AEGIS_ENV_READY
    b       1b
     li     $t3, AEGIS_ENV_WAITING

/* call_acall: asynchronous. The callee has the rest of this slice; the caller goes on at its next one. */
    .globl call_acall
call_acall:
    transfer_head OFFSET_ENV_ACALL_ENTRY
    lw      $k0, OFFSET_ENV_FRAME($t0)
    lw      $t3, %lo(kernel_state) + K_EPC($k1)
    nop
    sw      $t3, 0($k0)
    lw      $t3, %lo(kernel_state) + K_K1($k1)
    sw      $zero, 8($k0)
    sw      $t3, 4($k0)
    li      $t3, AEGIS_ENV_READY
    b       transfer
     sw     $t3, OFFSET_ENV_STATE($t0)

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
 * call_resume: ends a start-of-slice handler (section 5.1.1): v0, k1 and PC from the current interrupt frame.
 * 17 instructions, 36 from the vector.
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
1:  lw      $k0, OFFSET_ENV_FRAME($k1)
    nop
    lw      $v0, 8($k0)
    lw      $k1, 4($k0)
    lw      $k0, 0($k0)
    nop
    jr      $k0
     rfe
