/*
 * The floating-point unit as a resource (SOSP'95 Table 3, FPUmod; section 3.4 for what is saved).
 * One environment owns its registers; it keeps them, enabled or not, until another enables the unit.
 * Then they go to the save area that the owner named in its upage (AEGIS_FIELD_FPU), if any, and
 * come back when it enables the unit again. Nobody finds another's values: without a saved state the
 * registers are zero. The owner is in the exported header.
 *
 * An operation that the R3010 does not complete raises its interrupt, which all user code lets in: so
 * it comes at that instruction, and is never left for another environment.
 */
#include "kernel-asm.h"

    .set noreorder
    .set noat
    .set hardfloat
    .section .text.hot, "ax"

#define FCR31_KEPT 0xfffc0fff /* all but the cause bits */

    .macro all_registers instruction base
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    \instruction $f\n, 4 * \n(\base)
    .endr
    .endm

/*
 * call_fpu_mod: a0 = 0 or 1: coprocessor 1 usable. No register of the processor changes.
 * Cost:         for the owner 26 instructions, 42 from the vector.
 */
    .globl call_fpu_mod
call_fpu_mod:
    lw      $k1, K_CURRENT($zero)
    mfc0    $k0, C0_STATUS
    bnez    $a0, fpu_enable
     lui    $v0, STATUS_CU1 >> 16
    nor     $v0, $v0, $zero
    and     $k0, $k0, $v0
    mtc0    $k0, C0_STATUS
    lw      $k0, OFFSET_ENV_STATUS($k1)
    nop
    and     $k0, $k0, $v0
    sw      $k0, OFFSET_ENV_STATUS($k1)
    b       fpu_return
     li     $v0, AEGIS_CALL_FPU_MOD

fpu_enable:
    or      $k0, $k0, $v0
    mtc0    $k0, C0_STATUS
    lw      $k0, OFFSET_ENV_STATUS($k1)
    sw      $t0, K_T0($zero)
    or      $k0, $k0, $v0
    sw      $k0, OFFSET_ENV_STATUS($k1)
    lw      $v0, HEADER(FPU_OWNER)($zero)
    lw      $t0, OFFSET_ENV_ID($k1)
    nop
    beq     $v0, $t0, fpu_done
     lw     $k0, OFFSET_ENV_FPU_SAVE($k1)
    beqz    $v0, fpu_load
     sw     $t0, HEADER(FPU_OWNER)($zero)
    andi    $v0, $v0, AEGIS_ENV_COUNT - 1
    sll     $v0, $v0, 2
    lw      $v0, K_RECORDS($v0)         /* who had it */
    lui     $k0, STATUS_CU1 >> 16
    lw      $t0, OFFSET_ENV_STATUS($v0)
    nor     $k0, $k0, $zero
    and     $t0, $t0, $k0
    lw      $k0, OFFSET_ENV_FPU_SAVE($v0)
    sw      $t0, OFFSET_ENV_STATUS($v0)
    beqz    $k0, fpu_load
     lw     $k0, OFFSET_ENV_FPU_SAVE($k1)
    lw      $k0, OFFSET_ENV_FPU_SAVE($v0)
    cfc1    $t0, $31
    all_registers swc1 $k0
    sw      $t0, 128($k0)
    li      $t0, 1
    sw      $t0, OFFSET_ENV_FPU_SAVED($v0)
    lw      $k0, OFFSET_ENV_FPU_SAVE($k1)
fpu_load:                               /* k0 = save area of the new owner, or 0 */
    lw      $v0, OFFSET_ENV_FPU_SAVED($k1)
    nop
    beqz    $v0, fpu_clear
     lui    $v0, FCR31_KEPT >> 16
    ori     $v0, $v0, FCR31_KEPT & 0xffff
    ctc1    $zero, $31
    all_registers lwc1 $k0
    lw      $t0, 128($k0)
    sw      $zero, OFFSET_ENV_FPU_SAVED($k1)
    and     $t0, $t0, $v0               /* a cause bit would raise its exception here */
    b       fpu_done
     ctc1   $t0, $31
fpu_clear:
    ctc1    $zero, $31
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    mtc1    $zero, $f\n
    .endr
fpu_done:
    lw      $t0, K_T0($zero)
    li      $v0, AEGIS_CALL_FPU_MOD
fpu_return:
    mfc0    $k0, C0_EPC
    lw      $k1, K_K1($zero)
    addiu   $k0, $k0, 4
    jr      $k0
     rfe

/* uint32_t fpu_acknowledge(void): FCR31, whose cause bits are cleared, and the interrupt with them. */
    .globl fpu_acknowledge
fpu_acknowledge:
    mfc0    $t0, C0_STATUS
    lui     $t1, STATUS_CU1 >> 16
    or      $t1, $t1, $t0
    mtc0    $t1, C0_STATUS
    lui     $t2, FCR31_KEPT >> 16
    ori     $t2, $t2, FCR31_KEPT & 0xffff
    nop
    cfc1    $v0, $31
    nop
    and     $t2, $t2, $v0
    ctc1    $t2, $31
    mtc0    $t0, C0_STATUS
    jr      $ra
     nop
