/*
 * Calls that give the processor away: everything that C expects to survive a call goes to the
 * current register frame, from which slice_start loads it again; Aegis itself keeps the PC, k1 and
 * v0. All of them run outside of the guaranteed text, so that a pending upcall may run first.
 */
#include "frames.h"

    .set noreorder
    .set noat
    .text

.macro GIVE_AWAY number
    lui   $11, G_BASE_HIGH
    lw    $12, OFFSET_UPAGE_FRAME_DEPTH($11)
    nop
    beqz  $12, 1f
     addiu $12, $11, U_FRAME0
    addiu $12, $11, U_FRAME1
1:  sw    $16, 64($12)
    sw    $17, 68($12)
    sw    $18, 72($12)
    sw    $19, 76($12)
    sw    $20, 80($12)
    sw    $21, 84($12)
    sw    $22, 88($12)
    sw    $23, 92($12)
    sw    $28, 112($12)
    sw    $29, 116($12)
    sw    $30, 120($12)
    sw    $31, 124($12)
    li    $2, \number
    syscall
    jr    $31
     nop
.endm

/* int wait_word(uint32_t physical, uint32_t old, uint32_t deadline) */
    .globl wait_word
wait_word:
    GIVE_AWAY AEGIS_CALL_WAIT

/* int acall_to(uint32_t envid, uint32_t a1, uint32_t a2, uint32_t a3): asynchronous transfer */
    .globl acall_to
acall_to:
    GIVE_AWAY AEGIS_CALL_ACALL

/* int yield_to(uint32_t envid) */
    .globl yield_to
yield_to:
    GIVE_AWAY AEGIS_CALL_YIELD
