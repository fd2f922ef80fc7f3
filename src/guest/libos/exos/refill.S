/*
 * TLB refill of ExOS: the linear page table. The root, 512 words, says for every 4 MB where its
 * second-level table is: positive: its address in a guaranteed mapping; negative: its address with
 * bit 31 set, in the view of tables that are not pinned, where a load may miss itself (the root
 * maps that view by its entry 504, so the nested miss finds it like any other); zero: none. A
 * second-level table is one page of EntryLo words.
 * From Aegis's upcall up to `syscall` 20 instructions, after it 14, with the table in a guaranteed
 * mapping. tlb_write alters no register, so v0, a0, a1 are all there is to save.
 */
#include "frames.h"

    .set noreorder
    .set noat
    .section .guaranteed, "ax"

.macro REFILL save, frame, code, found
    lui   $27, G_BASE_HIGH
    sw    $8, \frame($27)
    srl   $8, $9, 22
    sll   $8, $8, 2
    addu  $8, $8, $27
    lw    $8, (G_TABLE * 4096)($8)
    srl   $10, $9, 10
    andi  $10, $10, 0xffc
    blez  $8, 3f
     addu $8, $8, $10
    lw    $8, 0($8)
\found:
    sw    $2, \frame+4($27)
    andi  $10, $8, AEGIS_ENTRYLO_VALID
    beqz  $10, 2f
     sw   $4, \frame+8($27)
    sw    $5, \frame+12($27)
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
2:  /* not in the table, or refused: v0 is in the frame, a0 and a1 are the program's */
    lw    $2, \frame+4($27)
    lw    $8, \frame($27)
    TO_TRAP \save, \code
3:  bgez  $8, 4f
     nop
.endm

    .globl tlb_load_handler
tlb_load_handler:
    REFILL SAVE_OFFSET(2), U_LOAD, 2, load_found
    /* The load may miss itself and take our save area and frame: keep a copy. */
    lw    $10, U_LOAD($27)
    nop
    sw    $10, U_OUTER($27)
    lw    $10, SAVE_OFFSET(2)($27)
    nop
    sw    $10, U_OUTER+4($27)
    lw    $10, SAVE_OFFSET(2)+4($27)
    nop
    sw    $10, U_OUTER+8($27)
    lw    $10, SAVE_OFFSET(2)+8($27)
    nop
    sw    $10, U_OUTER+12($27)
    sll   $8, $8, 1
    srl   $8, $8, 1
    lw    $8, 0($8)
    lui   $27, G_BASE_HIGH
    lw    $10, U_OUTER($27)
    nop
    sw    $10, U_LOAD($27)
    lw    $10, U_OUTER+4($27)
    nop
    sw    $10, SAVE_OFFSET(2)($27)
    lw    $10, U_OUTER+8($27)
    nop
    sw    $10, SAVE_OFFSET(2)+4($27)
    lw    $10, U_OUTER+12($27)
    b     load_found
     sw   $10, SAVE_OFFSET(2)+8($27)
4:  lw    $8, U_LOAD($27)
    TO_TRAP SAVE_OFFSET(2), 2

    .globl tlb_store_handler
tlb_store_handler:
    REFILL SAVE_OFFSET(3), U_STORE, 3, store_found
    sll   $8, $8, 1
    srl   $8, $8, 1
    lw    $8, 0($8) /* a miss in here is a TLBL: other save area, other frame */
    b     store_found
     lui  $27, G_BASE_HIGH
4:  lw    $8, U_STORE($27)
    TO_TRAP SAVE_OFFSET(3), 3
