/*
 * Primitive operations (SOSP'95 Table 3): privileged instructions that alter no application-visible
 * register. CIDswitch is not among them: each environment has one fixed address space identifier,
 * installed with its context.
 */
#include "kernel-asm.h"

    .set noreorder
    .set noat
    .section .text.hot, "ax"

/* Puts back t0-t3 and the user's k1, and goes on behind the call. k0 = EPC + 4. 7 instructions. */
    .macro primitive_return
    lw      $t0, %lo(kernel_state) + K_T0($k1)
    lw      $t1, %lo(kernel_state) + K_T1($k1)
    lw      $t2, %lo(kernel_state) + K_T2($k1)
    lw      $t3, %lo(kernel_state) + K_T3($k1)
    lw      $k1, %lo(kernel_state) + K_K1($k1)
    jr      $k0
     rfe
    .endm

    .macro primitive_save
    sw      $t0, %lo(kernel_state) + K_T0($k1)
    sw      $t1, %lo(kernel_state) + K_T1($k1)
    sw      $t2, %lo(kernel_state) + K_T2($k1)
    sw      $t3, %lo(kernel_state) + K_T3($k1)
    addiu   $k0, $k0, 4
    sw      $k0, %lo(kernel_state) + K_EPC($k1)
    .endm

/*
 * call_tlb_write: TLBwr with a secure binding's check (sections 5.3, 3.1).
 * Entry:    a0 = virtual address, a1 = EntryLo, k0 = EPC, k1 = %hi(kernel_state).
 * Checks:   user address outside of the guaranteed mappings; existing page; G clear (the low byte,
 *           which the TLB ignores, is the library OS's); the caller's bit in the page's readers,
 *           and in its writers when D is set.
 * Exit:     STLB and TLB hold the mapping; no register changed. On refusal v0 = -E_RANGE or
 *           -E_RIGHTS.
 * Cost:     70 instructions, 89 from the vector.
 */
    .globl call_tlb_write
call_tlb_write:
    primitive_save
    lw      $t3, %lo(kernel_state) + K_PAGE_COUNT($k1)
    bltz    $a0, refuse_range
     srl    $t0, $a1, 12
    sltu    $t3, $t0, $t3
    beqz    $t3, refuse_range
     andi   $t1, $a1, 0x100
    bnez    $t1, refuse_range
     srl    $t1, $a0, 18
    xori    $t1, $t1, AEGIS_GUARANTEED_BASE >> 18
    beqz    $t1, refuse_range
     sll    $t0, $t0, 5
    lui     $t1, LUI_PAGES
    addu    $t0, $t0, $t1               /* page record */
    lw      $t2, OFFSET_PAGE_READERS($t0)
    lw      $t3, %lo(kernel_state) + K_CURRENT($k1)
    andi    $t1, $a1, AEGIS_ENTRYLO_WRITABLE
    beqz    $t1, 1f
     nop
    lw      $t2, OFFSET_PAGE_WRITERS($t0)
1:  lw      $t1, OFFSET_ENV_SLOT_MASK($t3)
    nop
    and     $t2, $t2, $t1
    beqz    $t2, refuse_rights
     srl    $t2, $a0, 12
    lw      $k0, OFFSET_ENV_ENTRY_HI($t3)
    sll     $t2, $t2, 12
    or      $t2, $t2, $k0               /* EntryHi */
    lw      $k0, OFFSET_PAGE_MAPPED($t0)
    mtc0    $t2, C0_ENTRYHI
    beqz    $k0, 2f                     /* not mapped yet: remember where */
     sw     $t2, OFFSET_PAGE_MAPPED($t0)
    beq     $k0, $t2, 2f
     li     $k0, 1
    sw      $k0, OFFSET_PAGE_MAPPED($t0) /* more than one place */
2:  tlbp
    lw      $k0, OFFSET_ENV_STLB_TAG($t3)
    srl     $t1, $t2, 9
    srl     $k0, $k0, 18
    xor     $t1, $t1, $k0
    andi    $t1, $t1, 0x7ff8
    lui     $k0, LUI_STLB
    addu    $t1, $t1, $k0
    mfc0    $k0, C0_INDEX
    mtc0    $a1, C0_ENTRYLO
    sw      $t2, 0($t1)
    bltz    $k0, 3f
     sw     $a1, 4($t1)
    tlbwi
    b       4f
     lw     $t0, OFFSET_ENV_STLB_INSERT_COUNT($t3)
3:  tlbwr
    lw      $t0, OFFSET_ENV_STLB_INSERT_COUNT($t3)
4:  lw      $k0, %lo(kernel_state) + K_EPC($k1)
    addiu   $t0, $t0, 1
    sw      $t0, OFFSET_ENV_STLB_INSERT_COUNT($t3)
    primitive_return

refuse_range:
    li      $v0, -E_RANGE
    b       refuse
     nop
refuse_rights:
    li      $v0, -E_RIGHTS
refuse:
    lw      $k0, %lo(kernel_state) + K_EPC($k1)
    nop
    primitive_return

/*
 * call_tlb_delete: TLBvadelete. a0 = virtual address; removes it from STLB and TLB. Guaranteed
 *                  mappings may go too:
 * they come back at the next miss. 35 to 41 instructions.
 */
    .globl call_tlb_delete
call_tlb_delete:
    primitive_save
    lw      $t3, %lo(kernel_state) + K_CURRENT($k1)
    srl     $t2, $a0, 12
    lw      $t0, OFFSET_ENV_ENTRY_HI($t3)
    sll     $t2, $t2, 12
    or      $t2, $t2, $t0
    lw      $t1, OFFSET_ENV_STLB_TAG($t3)
    mtc0    $t2, C0_ENTRYHI
    srl     $t0, $t2, 9
    srl     $t1, $t1, 18
    xor     $t0, $t0, $t1
    andi    $t0, $t0, 0x7ff8
    lui     $t1, LUI_STLB
    tlbp
    addu    $t0, $t0, $t1
    lw      $t1, 0($t0)
    mfc0    $t3, C0_INDEX
    bne     $t1, $t2, 1f
     li     $t1, -1
    sw      $t1, 0($t0)
1:  bltz    $t3, 2f
     lui    $t1, 0x8000
    sll     $t0, $t3, 4
    or      $t1, $t1, $t0
    mtc0    $t1, C0_ENTRYHI             /* never matched: a kseg0 page, one for each entry */
    mtc0    $zero, C0_ENTRYLO
    nop
    tlbwi
    mtc0    $t2, C0_ENTRYHI
2:  nop
    primitive_return

/* call_fpu_mod: FPUmod. a0 = 0 or 1: coprocessor 1 usable. 24 instructions. */
    .globl call_fpu_mod
call_fpu_mod:
    primitive_save
    lw      $t3, %lo(kernel_state) + K_CURRENT($k1)
    lui     $t0, STATUS_CU1 >> 16
    lw      $t1, OFFSET_ENV_STATUS($t3)
    mfc0    $t2, C0_STATUS
    or      $t1, $t1, $t0
    beqz    $a0, 1f
     or     $t2, $t2, $t0
    b       2f
     nop
1:  xor     $t1, $t1, $t0
    xor     $t2, $t2, $t0
2:  sw      $t1, OFFSET_ENV_STATUS($t3)
    mtc0    $t2, C0_STATUS
    nop
    primitive_return
