/*
 * Protected control transfers (paper 5.4). Registers are the message: a1 carries a word each way,
 * v1 nothing. Caller: exo_scall keeps what C expects to survive on its stack, notes whom it awaits,
 * and transfers. Callee: enters at scall_entry with the caller's registers and its own memory; when
 * it awaits this very caller it is a reply, otherwise a request, which the program's handler serves
 * on a stack of its own.
 */
#include "layout.h"

    .set noreorder
    .set noat
    .text

/* uint32_t exo_scall(uint32_t envid, uint32_t argument) */
    .globl exo_scall
exo_scall:
    lui   $8, %hi(transfer_is_open)
    lw    $8, %lo(transfer_is_open)($8)
    addiu $29, $29, -56
    beqz  $8, exo_scall_first
     nop
exo_scall_opened:
    sw    $16, 0($29)
    sw    $17, 4($29)
    sw    $18, 8($29)
    sw    $19, 12($29)
    sw    $20, 16($29)
    sw    $21, 20($29)
    sw    $22, 24($29)
    sw    $23, 28($29)
    sw    $28, 32($29)
    sw    $30, 36($29)
    sw    $31, 40($29)
    lui   $8, G_BASE_HIGH
    sw    $29, U_CALL_SP($8)
    sw    $4, U_CALLEE($8)
    li    $2, AEGIS_CALL_SCALL
    syscall
    /* Only a refusal comes back here. */
    lui   $8, G_BASE_HIGH
    sw    $0, U_CALLEE($8)
    b     exo_scall_return
     move $5, $2

/* The reply comes by the same entry, which Aegis must be told of once. */
exo_scall_first:
    sw    $31, 0($29)
    sw    $4, 4($29)
    sw    $5, 8($29)
    addiu $29, $29, -32
    jal   transfer_open
     nop
    addiu $29, $29, 32
    lw    $31, 0($29)
    lw    $4, 4($29)
    lw    $5, 8($29)
    b     exo_scall_opened
     nop

/* A reply: a1 is the result. */
exo_scall_reply:
    lui   $8, G_BASE_HIGH
    bgez  $2, exo_scall_return
     sw   $0, U_CALLEE($8)
    move  $5, $2 /* from nobody: the callee was destroyed */
exo_scall_return:
    lw    $29, U_CALL_SP($8)
    nop
    lw    $16, 0($29)
    lw    $17, 4($29)
    lw    $18, 8($29)
    lw    $19, 12($29)
    lw    $20, 16($29)
    lw    $21, 20($29)
    lw    $22, 24($29)
    lw    $23, 28($29)
    lw    $28, 32($29)
    lw    $30, 36($29)
    lw    $31, 40($29)
    move  $2, $5
    jr    $31
     addiu $29, $29, 56

    .section .guaranteed, "ax"
    .globl scall_entry
scall_entry:
    lui   $8, G_BASE_HIGH
    lw    $9, U_CALLEE($8)
    nop
    beqz  $9, 1f
     lw   $29, U_SERVE_SP($8)
    la    $9, exo_scall_reply
    jr    $9
     nop
1:  /* exo_serve's wait keeps frame 0; what the handler waits for goes to frame 1. */
    li    $9, 1
    sw    $9, OFFSET_UPAGE_FRAME_DEPTH($8)
    la    $25, transfer_serve
    jr    $25
     nop
