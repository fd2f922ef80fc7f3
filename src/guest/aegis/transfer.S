/*
 * Protected control transfers (SOSP'95 section 5.4) and the return from a slice upcall. No
 * application register changes: the register file is the message. Access control is the callee's own
 * business; it finds the caller in its exported record.
 *
 * What a transfer must know is worked out before: gates[slot] holds the envid of that slot while a
 * transfer would neither trample a computation nor find nobody nor a context without an ASID
 * (slice_gate, slice.c), else a number that leads to another slot; and the vector table leads
 * elsewhere while the caller is inside of a slice upcall (syscall_in_upcall). A state is written by
 * neither side: an environment that runs or is away has AEGIS_ENV_RUNNING; one that was entered
 * while its frame 0 is in use keeps READY or WAITING, which says that frame 1 is the one for an
 * interrupt, and that it is what it was when it transfers on. The runner of the slice is written
 * when the slice ends (slice_settle).
 */
#include "kernel-asm.h"

    .set noreorder
    .set noat
    .section .text.hot, "ax"

/*
 * call_scall: synchronous. a0 = callee. The callee has this position of the slice vector until it
 *             transfers it back.
 * Entry:    k1 = record of the caller, k0 = slot of the callee.
 * Exit:     at the callee's entry, in its addressing context, with its status word.
 * Cost:     17 instructions, 26 from the vector, 4 of them stores (the paper: 30, 1.4 us = 35 cycles).
 */
    .globl call_scall, trace_transfer
call_scall:
    sll     $k0, $k0, 2
    lw      $v0, K_GATES($k0)
    lw      $k0, K_RECORDS($k0)
    bne     $v0, $a0, scall_refuse
     lw     $v0, OFFSET_ENV_ID($k1)
    sw      $k0, K_CURRENT($zero)
    sw      $v0, OFFSET_ENV_CALLER($k0)
    sw      $a0, OFFSET_ENV_CALLEE($k1)
    lw      $k1, OFFSET_ENV_ENTRY_HI($k0)
    lw      $v0, OFFSET_ENV_STATUS($k0)
    mtc0    $k1, C0_ENTRYHI
    mtc0    $v0, C0_STATUS
trace_transfer:                         /* k0 = callee's record */
    lw      $k0, OFFSET_ENV_SCALL_ENTRY($k0)
    lw      $k1, K_K1($zero)
    li      $v0, AEGIS_CALL_SCALL
    jr      $k0
     rfe

scall_refuse:                           /* k0 = record in that slot */
    lw      $v0, OFFSET_ENV_ID($k0)
    lw      $k1, OFFSET_ENV_SCALL_ENTRY($k0)
    beqz    $a0, transfer_no_environment
     nop
    bne     $v0, $a0, transfer_no_environment
     lw     $v0, OFFSET_ENV_STATE($k0)
    beqz    $k1, transfer_no_entry
     addiu  $v0, $v0, -AEGIS_ENV_DEAD
    beqz    $v0, transfer_no_environment
     lw     $k0, OFFSET_ENV_ENTRY_HI($k0)
    nop
    bnez    $k0, transfer_busy
     nop
    b       interrupt_entry             /* gets an ASID, and the call is made again */
     li     $v0, AEGIS_CALL_SCALL
transfer_no_environment:
    b       transfer_refuse
     li     $v0, -E_ENVIRONMENT
transfer_no_entry:
    b       transfer_refuse
     li     $v0, -E_ENTRY
    .globl transfer_busy
transfer_busy:
    li      $v0, -E_BUSY
transfer_refuse:
    mfc0    $k0, C0_EPC
    lw      $k1, K_K1($zero)
    addiu   $k0, $k0, 4
    jr      $k0
     rfe

/*
 * call_acall: asynchronous. a0 = callee. It has the rest of this slice; the caller goes on at its
 *             next one, as after yield. The slice is lent: synchronous transfers do not take it along.
 * Cost:     about 77 instructions from the vector.
 */
    .globl call_acall
call_acall:
    sw      $t0, K_T0($zero)
    sw      $t1, K_T1($zero)
    andi    $k1, $a0, AEGIS_ENV_COUNT - 1
    sll     $k1, $k1, 2
    lw      $k1, K_RECORDS($k1)         /* callee */
    lw      $t0, K_CURRENT($zero)       /* caller */
    lw      $v0, OFFSET_ENV_ID($k1)
    lw      $k0, OFFSET_ENV_STATE($k1)
    bne     $v0, $a0, acall_no_environment
     addiu  $v0, $k0, -AEGIS_ENV_DEAD
    beqz    $v0, acall_no_environment
     lw     $v0, OFFSET_ENV_ACALL_ENTRY($k1)
    beq     $k1, $t0, acall_busy        /* not into oneself: the frame would be in use */
     addiu  $t1, $k0, -AEGIS_ENV_RUNNING
    beqz    $v0, acall_no_entry
     lw     $v0, OFFSET_ENV_FRAME_DEPTH($k1)
    beqz    $t1, 1f
     addiu  $t1, $k0, -AEGIS_ENV_READY
    beqz    $t1, 1f
     addiu  $t1, $k0, -AEGIS_ENV_WAITING
    bnez    $t1, acall_busy
     nop
1:  bnez    $v0, acall_busy
     lw     $v0, OFFSET_ENV_ENTRY_HI($k1)
    lw      $k0, OFFSET_ENV_STATE($t0)
    beqz    $v0, acall_nameless
     sw     $t2, K_T2($zero)
    /* Frame 0 of a caller that runs on it, frame 1 of one that was entered while frame 0 is in use. */
    xori    $k0, $k0, AEGIS_ENV_RUNNING
    sltu    $k0, $zero, $k0
    sw      $k0, OFFSET_ENV_FRAME_DEPTH($t0)
    lw      $t1, OFFSET_ENV_FRAME($t0)
    beqz    $k0, 2f
     sll    $v0, $k0, 4
    lw      $t2, OFFSET_ENV_ID($t0)     /* both frames in use: closed */
    nop
    andi    $t2, $t2, AEGIS_ENV_COUNT - 1
    xori    $k0, $t2, 1                 /* as slice_gate closes it; 0 would open slot 0 to nobody's name */
    sll     $t2, $t2, 2
    sw      $k0, K_GATES($t2)
2:  addu    $t1, $t1, $v0
    mfc0    $k0, C0_EPC
    lw      $v0, K_K1($zero)
    addiu   $k0, $k0, 4
    sw      $k0, 0($t1)
    sw      $v0, 4($t1)
    sw      $zero, 8($t1)
    li      $v0, AEGIS_ENV_READY
    sw      $v0, OFFSET_ENV_STATE($t0)
    lw      $v0, OFFSET_ENV_ID($t0)
    lw      $k0, K_IS_LENT($zero)
    sw      $v0, OFFSET_ENV_CALLER($k1)
    bnez    $k0, 3f                     /* settle the slice, as slice_settle does */
     lw     $k0, HEADER(CURRENT_POSITION)($zero)
    lui     $t1, LUI_EXPORT
    sll     $k0, $k0, 2
    addu    $k0, $k0, $t1
    sw      $v0, SLICES_AT + OFFSET_SLICES_RUNNER($k0)
3:  li      $v0, 1
    sw      $v0, K_IS_LENT($zero)
    sw      $k1, K_CURRENT($zero)
    lw      $k0, OFFSET_ENV_ENTRY_HI($k1)
    lw      $v0, OFFSET_ENV_STATUS($k1)
    mtc0    $k0, C0_ENTRYHI
    mtc0    $v0, C0_STATUS
    move    $k0, $k1
    lw      $t0, K_T0($zero)
    lw      $t1, K_T1($zero)
    lw      $t2, K_T2($zero)
    .globl trace_transfer_async
trace_transfer_async:                   /* k0 = callee's record */
    lw      $k0, OFFSET_ENV_ACALL_ENTRY($k0)
    lw      $k1, K_K1($zero)
    li      $v0, AEGIS_CALL_ACALL
    jr      $k0
     rfe

acall_nameless:                         /* gets an ASID, and the call is made again */
    lw      $t0, K_T0($zero)
    lw      $t1, K_T1($zero)
    b       interrupt_entry
     li     $v0, AEGIS_CALL_ACALL
acall_no_environment:
    b       acall_refuse
     li     $v0, -E_ENVIRONMENT
acall_no_entry:
    b       acall_refuse
     li     $v0, -E_ENTRY
acall_busy:
    li      $v0, -E_BUSY
acall_refuse:
    lw      $t0, K_T0($zero)
    b       transfer_refuse
     lw     $t1, K_T1($zero)

/*
 * call_resume: ends a start-of-slice handler (section 5.1.1): v0, k1 and PC from the current
 *              interrupt frame. In an end-of-slice handler it does the same, and the time goes on
 *              counting as excess. Whoever was entered by a transfer while frame 0 is in use goes
 *              back to frame 0 by it, without transferring back.
 * Cost:     17 to 22 instructions, 33 to 38 from the vector.
 */
    .globl call_resume
call_resume:
    lw      $k1, K_CURRENT($zero)
    nop
    lw      $v0, OFFSET_ENV_STATE($k1)
    lw      $k0, OFFSET_ENV_FRAME_DEPTH($k1)
    addiu   $v0, $v0, -AEGIS_ENV_RESTORING
    bnez    $v0, resume_otherwise
     addiu  $v0, $v0, AEGIS_ENV_RESTORING - AEGIS_ENV_SAVING
    lui     $v0, %hi(syscall_entry)
    addiu   $v0, $v0, %lo(syscall_entry)
    beqz    $k0, 1f
     sw     $v0, K_VECTORS + 4 * 8($zero)
    li      $v0, AEGIS_ENV_READY        /* frame 0 is still in use below */
    b       3f
     sw     $zero, OFFSET_ENV_FRAME_DEPTH($k1)
1:  li      $v0, AEGIS_ENV_RUNNING
3:  sw      $v0, OFFSET_ENV_STATE($k1)
2:  lw      $v0, OFFSET_ENV_FRAME($k1)
    sll     $k0, $k0, 4
    addu    $k0, $k0, $v0
    lw      $v0, 8($k0)
    lw      $k1, 4($k0)
    lw      $k0, 0($k0)
    nop
    jr      $k0
     rfe
resume_otherwise:
    bnez    $v0, 3b
     li     $v0, AEGIS_ENV_RUNNING
    b       2b
     nop
