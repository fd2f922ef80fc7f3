/*
 * TLB and cache maintenance for C. Each keeps EntryHi, which holds the current address space
 * identifier.
 */
#include "kernel-asm.h"

    .set noreorder
    .section .text

/* tlb_clear(void): 64 entries that match nothing. */
    .globl tlb_clear
tlb_clear:
    mfc0    $t7, C0_ENTRYHI
    move    $t0, $zero
    lui     $t1, 0x8000
    mtc0    $zero, C0_ENTRYLO
1:  sll     $t2, $t0, 8
    mtc0    $t2, C0_INDEX
    mtc0    $t1, C0_ENTRYHI
    addiu   $t0, $t0, 1
    sltiu   $t3, $t0, 64
    tlbwi
    bnez    $t3, 1b
     addiu  $t1, $t1, 0x1000
    jr      $ra
     mtc0   $t7, C0_ENTRYHI

/* tlb_wire(index, entry_hi, entry_lo): an entry that tlbwr never replaces; index below 8. */
    .globl tlb_wire
tlb_wire:
    mfc0    $t7, C0_ENTRYHI
    sll     $a0, $a0, 8
    mtc0    $a0, C0_INDEX
    mtc0    $a1, C0_ENTRYHI
    mtc0    $a2, C0_ENTRYLO
    nop
    tlbwi
    jr      $ra
     mtc0   $t7, C0_ENTRYHI

/* tlb_purge(entry_hi): removes one mapping by virtual address and address space. */
    .globl tlb_purge
tlb_purge:
    mfc0    $t7, C0_ENTRYHI
    mtc0    $a0, C0_ENTRYHI
    nop
    nop
    tlbp
    nop
    nop
    mfc0    $t0, C0_INDEX
    lui     $t1, 0x8000
    bltz    $t0, 1f
     sll    $t2, $t0, 4
    or      $t1, $t1, $t2
    mtc0    $t1, C0_ENTRYHI
    mtc0    $zero, C0_ENTRYLO
    nop
    tlbwi
1:  jr      $ra
     mtc0   $t7, C0_ENTRYHI

/*
 * tlb_purge_matching(hi_mask, hi_value, lo_mask, lo_value): removes every user entry that matches
 * both.
 */
    .globl tlb_purge_matching
tlb_purge_matching:
    mfc0    $t7, C0_ENTRYHI
    move    $t0, $zero
1:  sll     $t1, $t0, 8
    mtc0    $t1, C0_INDEX
    nop
    nop
    tlbr
    nop
    nop
    mfc0    $t2, C0_ENTRYHI
    mfc0    $t3, C0_ENTRYLO
    bltz    $t2, 2f
     and    $t4, $t2, $a0
    and     $t3, $t3, $a2
    bne     $t4, $a1, 2f
     lui    $t5, 0x8000
    bne     $t3, $a3, 2f
     sll    $t6, $t0, 12
    or      $t5, $t5, $t6
    mtc0    $t5, C0_ENTRYHI
    mtc0    $zero, C0_ENTRYLO
    nop
    nop
    tlbwi
2:  addiu   $t0, $t0, 1
    sltiu   $t1, $t0, 64
    bnez    $t1, 1b
     nop
    jr      $ra
     mtc0   $t7, C0_ENTRYHI

/*
 * cache_invalidate(address, bytes, swap): invalidates the words of a physical range, given in
 * kseg0, in the data cache, or with swap = 0x00020000 in the instruction cache. address and bytes
 * are multiples of 64. Runs uncached, for the caches change roles under it. Interrupts are off in
 * the kernel.
 */
    .globl cache_invalidate
cache_invalidate:
    blez    $a1, 2f
     addu   $a1, $a0, $a1
    la      $t0, 9f
    lui     $t1, 0x2000
    or      $t0, $t0, $t1
    jr      $t0
     nop
9:  mfc0    $t2, C0_STATUS
    lui     $t3, 1                      /* IsC */
    or      $t3, $t3, $a2
    or      $t3, $t3, $t2
    mtc0    $t3, C0_STATUS
    nop
    nop
    nop
1:  sb      $zero, 0($a0)
    sb      $zero, 4($a0)
    sb      $zero, 8($a0)
    sb      $zero, 12($a0)
    sb      $zero, 16($a0)
    sb      $zero, 20($a0)
    sb      $zero, 24($a0)
    sb      $zero, 28($a0)
    sb      $zero, 32($a0)
    sb      $zero, 36($a0)
    sb      $zero, 40($a0)
    sb      $zero, 44($a0)
    sb      $zero, 48($a0)
    sb      $zero, 52($a0)
    sb      $zero, 56($a0)
    addiu   $a0, $a0, 64
    bne     $a0, $a1, 1b
     sb     $zero, -4($a0)
    nop
    nop
    mtc0    $t2, C0_STATUS
    nop
    nop
    nop
    nop
2:  jr      $ra
     nop
