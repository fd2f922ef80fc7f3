/*
 * Primitive operations (SOSP'95 Table 3): privileged instructions that alter no application-visible
 * register. Each knows its own number, so v0 serves as a scratch register.
 */
#include "kernel-asm.h"

    .set noreorder
    .set noat
    .section .text.hot, "ax"

/* Goes on behind the call. v0 is the number, or a refusal. 5 instructions. */
    .macro primitive_return
    mfc0    $k0, C0_EPC
    lw      $k1, K_K1($zero)
    addiu   $k0, $k0, 4
    jr      $k0
     rfe
    .endm

/*
 * call_tlb_write: TLBwr with a secure binding's check (sections 5.3, 3.1).
 * Entry:    a0 = virtual address, a1 = EntryLo.
 * Checks:   user address outside of the guaranteed mappings; existing page; G clear (the low byte,
 *           which the TLB ignores, is the library OS's); the caller's bit in the page's readers,
 *           and in its writers when D is set.
 * Exit:     STLB and TLB hold the mapping; no register changed. On refusal v0 = -E_RANGE or
 *           -E_RIGHTS.
 * Cost:     50 to 54 instructions, 66 to 70 from the vector.
 */
    .globl call_tlb_write
call_tlb_write:
    lw      $k1, K_PAGE_COUNT($zero)
    bltz    $a0, write_refuse_range
     srl    $k0, $a1, 12
    sltu    $k1, $k0, $k1
    beqz    $k1, write_refuse_range
     andi   $v0, $a1, 0x100
    bnez    $v0, write_refuse_range
     srl    $v0, $a0, 18
    xori    $v0, $v0, AEGIS_GUARANTEED_BASE >> 18
    beqz    $v0, write_refuse_range
     sll    $k0, $k0, 5
    lui     $k1, LUI_PAGES
    addu    $k0, $k0, $k1               /* page record */
    lw      $k1, K_CURRENT($zero)
    sw      $t0, K_T0($zero)
    andi    $v0, $a1, AEGIS_ENTRYLO_WRITABLE
    lw      $t0, OFFSET_ENV_SLOT_MASK($k1)
    beqz    $v0, 1f
     lw     $v0, OFFSET_PAGE_READERS($k0)
    lw      $v0, OFFSET_PAGE_WRITERS($k0)
1:  mfc0    $k1, C0_ENTRYHI             /* its low half is the address space identifier */
    and     $v0, $v0, $t0
    beqz    $v0, write_refuse_rights
     andi   $k1, $k1, 0xfc0
    srl     $v0, $a0, 12
    sll     $v0, $v0, 12
    or      $v0, $v0, $k1               /* EntryHi */
    lw      $t0, OFFSET_PAGE_MAPPED($k0)
    mtc0    $v0, C0_ENTRYHI
    beq     $t0, $v0, 3f                /* mapped in this place before */
     mtc0   $a1, C0_ENTRYLO
    beqz    $t0, 2f                     /* not mapped yet: remember where */
     li     $t0, 1
    b       3f
     sw     $t0, OFFSET_PAGE_MAPPED($k0) /* more than one place */
2:  sw      $v0, OFFSET_PAGE_MAPPED($k0)
3:  tlbp
    lw      $t0, K_CURRENT($zero)
    srl     $k0, $v0, 9
    lw      $t0, OFFSET_ENV_STLB_TAG($t0)
    andi    $k0, $k0, 0x7ff8
    xor     $k0, $k0, $t0
    mfc0    $t0, C0_INDEX
    sw      $v0, 0($k0)
    bltz    $t0, 4f
     sw     $a1, 4($k0)
    tlbwi
    b       5f
     lw     $t0, K_T0($zero)
4:  tlbwr
    lw      $t0, K_T0($zero)
5:  li      $v0, AEGIS_CALL_TLB_WRITE
    primitive_return

write_refuse_range:
    li      $v0, -E_RANGE
    j       refuse
     li     $k1, 4 * AEGIS_CALL_TLB_WRITE
write_refuse_rights:
    lw      $t0, K_T0($zero)
    li      $v0, -E_RIGHTS
    j       refuse
     li     $k1, 4 * AEGIS_CALL_TLB_WRITE

/*
 * call_cid_switch: CIDswitch. a0 = addressing context of the caller; installs it: its ASID and the
 *                  tag that the ASID makes for the STLB. One without an ASID gets it on the way of
 *                  interrupts; then the call is made again.
 * Cost:     24 instructions, 40 from the vector.
 */
    .globl call_cid_switch, cid_switch_end
call_cid_switch:
    sltiu   $v0, $a0, AEGIS_CONTEXT_COUNT
    beqz    $v0, switch_refuse_range
     sll    $k0, $a0, 3
    lw      $k1, K_CURRENT($zero)
    lw      $v0, CONTEXTS_AT + OFFSET_CONTEXT_OWNER($k0)
    lw      $k1, OFFSET_ENV_ID($k1)
    lw      $k0, CONTEXTS_AT + OFFSET_CONTEXT_ENTRY_HI($k0)
    bne     $v0, $k1, switch_refuse_owner
     lw     $k1, K_CURRENT($zero)
    beqz    $k0, interrupt_entry
     li     $v0, AEGIS_CALL_CID_SWITCH
    sw      $a0, OFFSET_ENV_CONTEXT($k1)
    sw      $k0, OFFSET_ENV_ENTRY_HI($k1)
    mtc0    $k0, C0_ENTRYHI
    sll     $k0, $k0, 3
    lui     $v0, LUI_STLB
    or      $k0, $k0, $v0
    sw      $k0, OFFSET_ENV_STLB_TAG($k1)
    li      $v0, AEGIS_CALL_CID_SWITCH
    primitive_return

cid_switch_end:
switch_refuse_range:
    b       1f
     li     $v0, -E_RANGE
switch_refuse_owner:
    li      $v0, -E_OWNER
1:  j       refuse
     li     $k1, 4 * AEGIS_CALL_CID_SWITCH

/*
 * call_tlb_delete: TLBvadelete. a0 = virtual address; removes it from STLB and TLB. Guaranteed
 *                  mappings may go too: they come back at the next miss. 29 to 36 instructions.
 */
    .globl call_tlb_delete
call_tlb_delete:
    bltz    $a0, delete_refuse_range    /* the kernel's wired entries are not to be had */
     mfc0   $k1, C0_ENTRYHI
    srl     $v0, $a0, 12
    sll     $v0, $v0, 12
    andi    $k1, $k1, 0xfc0
    or      $v0, $v0, $k1
    mtc0    $v0, C0_ENTRYHI
    lw      $k1, K_CURRENT($zero)
    srl     $k0, $v0, 9
    lw      $k1, OFFSET_ENV_STLB_TAG($k1)
    andi    $k0, $k0, 0x7ff8
    tlbp
    xor     $k0, $k0, $k1
    lw      $k1, 0($k0)
    nop
    bne     $k1, $v0, 1f
     li     $k1, -1
    sw      $k1, 0($k0)
1:  mfc0    $k0, C0_INDEX
    lui     $k1, 0x8000
    bltz    $k0, 2f
     sll    $k0, $k0, 4
    or      $k1, $k1, $k0
    mtc0    $k1, C0_ENTRYHI             /* never matched: a kseg0 page, one for each entry */
    mtc0    $zero, C0_ENTRYLO
    nop
    tlbwi
    mtc0    $v0, C0_ENTRYHI
2:  li      $v0, AEGIS_CALL_TLB_DELETE
    primitive_return

delete_refuse_range:
    li      $v0, -E_RANGE
    j       refuse
     li     $k1, 4 * AEGIS_CALL_TLB_DELETE
