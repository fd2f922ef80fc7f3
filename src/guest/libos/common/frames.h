/*
 * Assembler macros that every handler shares. All of them: .set noreorder, .set noat.
 *
 * SAVE_REST base, offset   to a register frame: hi, lo and every register except at, v0, t0-t2,
 *                          k0, k1; changes v1 and a0 after they are saved
 * LOAD_REST base, offset   from a register frame: hi, lo and every register except v0, t0-t2,
 *                          k0, k1
 * TO_TRAP save, code       from a handler that gives up to C. Entry: t0-t2 in their save area at
 *                          `save`, k1 = G_BASE, t1 = BadVAddr, t0 = EPC; every other register the
 *                          program's
 */
#ifndef LIBOS_FRAMES_H
#define LIBOS_FRAMES_H

#include "layout.h"

#define SAVE_OFFSET(code) (OFFSET_UPAGE_EXCEPTION_SAVE + (code) * 16)

.macro SAVE_REST base, offset
    sw    $3, \offset+12(\base)
    sw    $4, \offset+16(\base)
    sw    $5, \offset+20(\base)
    sw    $6, \offset+24(\base)
    sw    $7, \offset+28(\base)
    sw    $11, \offset+44(\base)
    sw    $12, \offset+48(\base)
    sw    $13, \offset+52(\base)
    sw    $14, \offset+56(\base)
    sw    $15, \offset+60(\base)
    sw    $16, \offset+64(\base)
    sw    $17, \offset+68(\base)
    sw    $18, \offset+72(\base)
    sw    $19, \offset+76(\base)
    sw    $20, \offset+80(\base)
    sw    $21, \offset+84(\base)
    sw    $22, \offset+88(\base)
    sw    $23, \offset+92(\base)
    sw    $24, \offset+96(\base)
    sw    $25, \offset+100(\base)
    sw    $28, \offset+112(\base)
    sw    $29, \offset+116(\base)
    sw    $30, \offset+120(\base)
    sw    $31, \offset+124(\base)
    mfhi  $3
    mflo  $4
    sw    $3, \offset+R_HI(\base)
    sw    $4, \offset+R_LO(\base)
.endm

/* hi, lo and every register except v0, t0-t2, k0, k1. */
.macro LOAD_REST base, offset
    lw    $3, \offset+R_HI(\base)
    lw    $4, \offset+R_LO(\base)
    mthi  $3
    mtlo  $4
    lw    $1, \offset+4(\base)
    lw    $3, \offset+12(\base)
    lw    $4, \offset+16(\base)
    lw    $5, \offset+20(\base)
    lw    $6, \offset+24(\base)
    lw    $7, \offset+28(\base)
    lw    $11, \offset+44(\base)
    lw    $12, \offset+48(\base)
    lw    $13, \offset+52(\base)
    lw    $14, \offset+56(\base)
    lw    $15, \offset+60(\base)
    lw    $16, \offset+64(\base)
    lw    $17, \offset+68(\base)
    lw    $18, \offset+72(\base)
    lw    $19, \offset+76(\base)
    lw    $20, \offset+80(\base)
    lw    $21, \offset+84(\base)
    lw    $22, \offset+88(\base)
    lw    $23, \offset+92(\base)
    lw    $24, \offset+96(\base)
    lw    $25, \offset+100(\base)
    lw    $28, \offset+112(\base)
    lw    $29, \offset+116(\base)
    lw    $30, \offset+120(\base)
    lw    $31, \offset+124(\base)
.endm

.macro TO_TRAP save, code
    /*
     * t2 = where the trap frame goes: below sp when that is on the exception stack, else at its top
     */
    sw    $11, U_HANDLER($27)
    li    $10, STACK_LOW
    subu  $10, $29, $10
    sltiu $10, $10, STACK_SIZE
    bnez  $10, 8f
     addiu $11, $29, -T_SIZE
    li    $11, STACK_TOP - T_SIZE
8:  sw    $8, T_PC($11)
    sw    $9, T_ADDRESS($11)
    li    $10, \code << 2
    sw    $10, T_CAUSE($11)
    lw    $8, \save($27)
    lw    $9, \save+4($27)
    lw    $10, \save+8($27)
    sw    $8, 32($11)
    sw    $9, 36($11)
    sw    $10, 40($11)
    move  $8, $11
    lw    $11, U_HANDLER($27)
    b     trap_to_c
     nop
.endm

#endif
