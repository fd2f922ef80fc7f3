/*
 * The program's floating-point registers while a handler of the program runs in place of other code
 * of it. The rest is Aegis's (FPUmod): slices and calls save none of them.
 */
#include "layout.h"

    .set noreorder
    .set noat
    .set hardfloat
    .text

#define AREA 32 /* from sp: after room for a0-a3, ra */
#define AREA_SIZE 128
#define FCR31_KEPT 0xfffc0fff /* all but the cause bits */

    /* Those that a C function may change. */
    .macro changed_registers instruction
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19
    \instruction $f\n, AREA + 4 * \n($29)
    .endr
    .endm

/*
 * int call_handler(a0, a1, a2: its arguments, a3 = handler). Whoever lost the FPU meanwhile has it
 * again at the first instruction that wants it.
 */
    .globl call_handler
call_handler:
    lui   $8, G_BASE_HIGH
    lw    $8, U_USES_FPU($8)
    move  $25, $7
    bnez  $8, 1f
     nop
    jr    $25
     nop
1:  addiu $29, $29, -AREA_SIZE
    sw    $31, AREA - 12($29)
    changed_registers swc1
    cfc1  $8, $31
    nop
    jalr  $25
     sw   $8, AREA - 8($29)
    lw    $8, AREA - 8($29)
    li    $9, FCR31_KEPT
    changed_registers lwc1
    and   $8, $8, $9
    ctc1  $8, $31
    lw    $31, AREA - 12($29)
    nop
    jr    $31
     addiu $29, $29, AREA_SIZE
