/*
 * TLB refill of exos-ipt: a hashed inverted page table. One table of 4096 slots in eight guaranteed
 * pages, a slot for each page that is mapped: its VPN and its EntryLo. Hash: VPN xor VPN >> 8, then
 * every 853rd slot from there; 0xffffffff is a free slot and ends the search. However the address
 * space is strewn, a search stays in these pages and never misses itself; but it hashes and
 * compares where the linear table just loads.
 * From Aegis's upcall up to `syscall` 22 instructions when the first slot is it, 10 more for each
 * further one; after it 14.
 */
#include "frames.h"
#include "probe.h"

    .set noreorder
    .set noat
    .section .guaranteed, "ax"

.macro REFILL save, frame, code
    lui   $27, G_BASE_HIGH
    sw    $8, \frame($27)
    srl   $8, $9, 9
    srl   $10, $9, 17
    xor   $8, $8, $10
    andi  $8, $8, 0x7ff8
    srl   $10, $9, 12
    sw    $2, \frame+4($27)
1:  addu  $8, $8, $27
    lw    $2, (G_TABLE * 4096)($8)
    nop
    beq   $2, $10, 3f
     addiu $2, $2, 1
    beqz  $2, 2f
     subu $8, $8, $27
    addiu $8, $8, STEP * 8
    b     1b
     andi $8, $8, 0x7ff8
3:  lw    $8, (G_TABLE * 4096 + 4)($8)
    sw    $4, \frame+8($27)
    andi  $10, $8, AEGIS_ENTRYLO_VALID
    beqz  $10, 2f
     sw   $5, \frame+12($27)
    move  $4, $9
    move  $5, $8
    li    $2, AEGIS_CALL_TLB_WRITE
    syscall
    lw    $10, U_REFILLS($27)
    lw    $4, \frame+8($27)
    lw    $5, \frame+12($27)
    bltz  $2, 2f
     addiu $10, $10, 1
    sw    $10, U_REFILLS($27)
    lw    $2, \frame+4($27)
    lw    $8, \save($27)
    lw    $9, \save+4($27)
    lw    $10, \save+8($27)
    lw    $27, \frame($27)
    nop
    jr    $27
     nop
2:  lw    $2, \frame+4($27)
    lw    $8, \frame($27)
    TO_TRAP \save, \code
.endm

    .globl tlb_load_handler
tlb_load_handler:
    REFILL SAVE_OFFSET(2), U_LOAD, 2

    .globl tlb_store_handler
tlb_store_handler:
    REFILL SAVE_OFFSET(3), U_STORE, 3
