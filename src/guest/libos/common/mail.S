/*
 * The entry of asynchronous transfers: keeps a1, a2, a3 as the message of whoever sent them, and goes
 * back to what was interrupted or waits (frame 0) by `resume`. Whatever that was, even the middle of
 * a refill, is undisturbed, for nothing in here can miss but guaranteed memory.
 */
#include "layout.h"

    .set noreorder
    .set noat
    .section .guaranteed, "ax"

    .globl acall_entry
acall_entry:
    lui   $8, G_BASE_HIGH
    lw    $9, U_RECORD($8)
    lw    $11, U_MAIL_COUNT($8)
    lw    $9, OFFSET_ENV_CALLER($9)
    addiu $11, $11, 1
    andi  $10, $9, AEGIS_ENV_COUNT - 1
    sll   $10, $10, 4
    lui   $12, G_MAIL_HIGH
    addu  $10, $10, $12
    sw    $9, G_MAIL_LOW($10)
    sw    $5, G_MAIL_LOW+4($10)
    sw    $6, G_MAIL_LOW+8($10)
    sw    $7, G_MAIL_LOW+12($10)
    sw    $11, U_MAIL_COUNT($8)
    la    $25, slice_start_restore
    jr    $25
     move $27, $8
