/*
 * Init without a library OS: its first instruction and its slice handlers. Aegis enters __start in
 * place of a start-of-slice handler, all registers zero; it names the real handlers, and `resume`
 * goes on in init_main. A tick in here starts over in whichever of the two is named by then: so the
 * frame comes first. All of init is one guaranteed mapping, so there is nothing to refill, and
 * no exception handler.
 */
#include "frames.h"

#define INIT_STACK_TOP 0x7f03ffe0

    .set noreorder
    .set noat
    .section .text.start, "ax"
    .globl __start
__start:
    lui   $8, G_BASE_HIGH
    la    $9, init_main
    li    $29, INIT_STACK_TOP
    sw    $9, OFFSET_UPAGE_FRAMES($8)
    sw    $29, U_FRAME0+116($8)
    li    $4, 0
    li    $5, AEGIS_FIELD_SLICE_END
    la    $6, slice_end
    li    $7, 0
    li    $2, AEGIS_CALL_ENV_SET
    syscall
    li    $4, 0
    li    $5, AEGIS_FIELD_SLICE_START
    la    $6, slice_start
    li    $7, 0
    li    $2, AEGIS_CALL_ENV_SET
    syscall
    li    $2, AEGIS_CALL_RESUME
    syscall

slice_end:
    lui   $27, G_BASE_HIGH
    sw    $1, U_FRAME0+4($27)
    sw    $2, OFFSET_UPAGE_FRAMES+8($27)
    sw    $8, U_FRAME0+32($27)
    sw    $9, U_FRAME0+36($27)
    sw    $10, U_FRAME0+40($27)
    SAVE_REST $27, U_FRAME0
    li    $2, AEGIS_CALL_YIELD
    move  $4, $0
    syscall

slice_start:
    lui   $27, G_BASE_HIGH
    sw    $0, OFFSET_UPAGE_PENDING($27)
    lw    $8, U_FRAME0+32($27)
    lw    $9, U_FRAME0+36($27)
    lw    $10, U_FRAME0+40($27)
    LOAD_REST $27, U_FRAME0
    li    $2, AEGIS_CALL_RESUME
    syscall
