/*
 * Waiting in the hands of a swap server. The pages may be taken at any moment in here, and come back
 * under other names: nothing but guaranteed memory is touched, and no register is relied on after the
 * wait. No upcall comes between, for the PC is in the guaranteed text (upcalls.S).
 */
#include "layout.h"

    .set noreorder
    .set noat
    .text

/* void swap_park(uint32_t word): a0 = physical address of U_RETURNED, which the server sets. */
    .globl swap_park
swap_park:
    la    $25, park
    jr    $25
     nop

    .section .guaranteed, "ax"
park:
    addiu $29, $29, -48
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
    sw    $29, U_PARK_SP($8)
    sw    $4, U_PARK_WORD($8)
1:  lui   $8, G_BASE_HIGH
    lw    $9, U_RETURNED($8)
    lw    $4, U_PARK_WORD($8)
    bnez  $9, 2f
     sw   $0, OFFSET_UPAGE_PENDING($8) /* whoever returns looks at the record */
    move  $5, $0
    move  $6, $0
    li    $2, AEGIS_CALL_WAIT
    syscall
    b     1b
     nop
2:  lw    $29, U_PARK_SP($8)
    li    $10, STACK_LOW
    subu  $10, $29, $10
    sltiu $10, $10, STACK_SIZE
    bnez  $10, 3f
     addiu $29, $29, -32
    li    $29, STACK_TOP - 32
3:  la    $25, swap_repair
    jalr  $25
     nop
    lui   $8, G_BASE_HIGH
    lw    $29, U_PARK_SP($8)
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
    jr    $31
     addiu $29, $29, 48
