/*
 * Upcall handlers of our library OSes, in guaranteed mappings: slices, pending upcalls, the way
 * from an exception to C and back. k1 is the library's own: live only in here. Whenever code in
 * here is interrupted, Aegis keeps k1 and the PC, and `resume` gives both back. The program's
 * registers in t0-t2 are in an exception save area while a handler runs.
 */
#include "frames.h"

    .set noreorder
    .set noat
    .section .guaranteed, "ax"

/*
 * Trap to C. Entry: t0 = trap frame with t0-t2, pc, address and code in it; every other register
 * the program's. Calls trap(frame) on the exception stack and goes on with what it left in the
 * frame.
 */
    .globl trap_to_c
trap_to_c:
    sw    $1, 4($8)
    sw    $2, 8($8)
    SAVE_REST $8, 0
    move  $16, $8
    move  $4, $8
    la    $25, trap
    jalr  $25
     addiu $29, $8, -32
    move  $27, $16

/* Entry: k1 = trap frame. Loads all registers from it and goes to its pc. 40 instructions. */
resume_frame:
    lw    $2, 8($27)
    lw    $8, 32($27)
    lw    $9, 36($27)
    lw    $10, 40($27)
    LOAD_REST $27, 0
    lw    $27, T_PC($27)
    nop
    jr    $27
     nop

/*
 * End of slice. Entry: k1 and EPC are in the current interrupt frame, every other register is live.
 * Saves them all and yields; the program may have put a handler of its own here. About 75 cycles.
 */
    .globl slice_end
slice_end:
    lui   $27, G_BASE_HIGH
    sw    $1, U_SCRATCH($27)
    lw    $1, OFFSET_UPAGE_FRAME_DEPTH($27)
    nop
    bnez  $1, slice_end_deep
     lw   $1, U_SCRATCH($27)
    sw    $2, OFFSET_UPAGE_FRAMES+8($27)
    sw    $1, U_FRAME0+4($27)
    sw    $8, U_FRAME0+32($27)
    sw    $9, U_FRAME0+36($27)
    sw    $10, U_FRAME0+40($27)
    SAVE_REST $27, U_FRAME0
    lw    $8, U_SLICE_END($27)
    lw    $9, OFFSET_UPAGE_FRAMES($27)
    bnez  $8, slice_end_program
     li   $2, AEGIS_CALL_YIELD
    move  $4, $0
    syscall

slice_end_deep:
    sw    $2, OFFSET_UPAGE_FRAMES+24($27)
    sw    $1, U_FRAME1+4($27)
    sw    $8, U_FRAME1+32($27)
    sw    $9, U_FRAME1+36($27)
    sw    $10, U_FRAME1+40($27)
    SAVE_REST $27, U_FRAME1
    li    $2, AEGIS_CALL_YIELD
    move  $4, $0
    syscall

/*
 * t0 = the program's handler, t1 = interrupted PC. In our own handlers k1 is live: save and yield
 * as usual.
 */
slice_end_program:
    li    $10, TEXT_LOW
    subu  $10, $9, $10
    sltiu $10, $10, TEXT_SIZE
    beqz  $10, 1f
     move $4, $0
    syscall
1:  li    $29, STACK_TOP - 32
    move  $7, $8
    la    $25, call_handler
    jalr  $25
     nop
    lui   $27, G_BASE_HIGH
    lw    $2, OFFSET_UPAGE_FRAMES+8($27)
    lw    $8, U_FRAME0+32($27)
    lw    $9, U_FRAME0+36($27)
    lw    $10, U_FRAME0+40($27)
    LOAD_REST $27, U_FRAME0
    lw    $27, OFFSET_UPAGE_FRAMES($27)
    nop
    jr    $27
     nop

/*
 * Start of slice: no register holds anything. A tick in here starts it over, so everything up to
 * `resume` may run twice. With an upcall pending, and neither these handlers nor the library
 * interrupted, the interrupted code goes to a trap frame and upcall_entry runs first; replacing the
 * PC in the interrupt frame is the one step that commits it.
 */
    .globl slice_start
slice_start:
    lui   $27, G_BASE_HIGH
    lw    $8, OFFSET_UPAGE_FRAME_DEPTH($27)
    lw    $9, OFFSET_UPAGE_PENDING($27)
    bnez  $8, slice_start_deep
     lw   $10, U_BUSY($27)
    beqz  $9, slice_start_restore
     lw   $9, OFFSET_UPAGE_FRAMES($27)
    bnez  $10, slice_start_restore
     nop
    li    $10, TEXT_LOW
    subu  $10, $9, $10
    sltiu $10, $10, TEXT_SIZE
    bnez  $10, slice_start_restore
     lw   $11, U_FRAME0+116($27)
    li    $10, STACK_LOW
    subu  $10, $11, $10
    sltiu $10, $10, STACK_SIZE
    bnez  $10, 1f
     addiu $11, $11, -T_SIZE
    li    $11, STACK_TOP - T_SIZE
1:  sw    $9, T_PC($11)
    addiu $12, $27, U_FRAME0
    move  $13, $11
    li    $14, 34
2:  lw    $15, 0($12)
    addiu $12, $12, 4
    addiu $14, $14, -1
    sw    $15, 0($13)
    bnez  $14, 2b
     addiu $13, $13, 4
    lw    $15, OFFSET_UPAGE_FRAMES+8($27)
    sw    $11, U_UPCALL_SP($27)
    sw    $15, 8($11)
    la    $10, upcall_entry
    sw    $10, OFFSET_UPAGE_FRAMES($27)

    .globl slice_start_restore
slice_start_restore:
    lw    $8, U_FRAME0+32($27)
    lw    $9, U_FRAME0+36($27)
    lw    $10, U_FRAME0+40($27)
    LOAD_REST $27, U_FRAME0
    li    $2, AEGIS_CALL_RESUME
    syscall

slice_start_deep:
    lw    $8, U_FRAME1+32($27)
    lw    $9, U_FRAME1+36($27)
    lw    $10, U_FRAME1+40($27)
    LOAD_REST $27, U_FRAME1
    li    $2, AEGIS_CALL_RESUME
    syscall

/* Runs pending() in place of the interrupted code, then goes on with that. */
upcall_entry:
    lui   $27, G_BASE_HIGH
    lw    $16, U_UPCALL_SP($27)
    la    $25, pending
    jalr  $25
     addiu $29, $16, -32
    b     resume_frame
     move $27, $16

/*
 * Exceptions other than those of the TLB: t0 = EPC, t1 = BadVAddr, t2 = Cause; the save area is the
 * cause's own.
 */
    .globl exception_handler
exception_handler:
    lui   $27, G_BASE_HIGH
    sw    $11, U_HANDLER($27)
    sw    $12, U_HANDLER+4($27)
    andi  $12, $10, 0x7c
    sll   $12, $12, 2
    addu  $12, $12, $27 /* save area */
    move  $27, $10
    li    $10, STACK_LOW
    subu  $10, $29, $10
    sltiu $10, $10, STACK_SIZE
    bnez  $10, 1f
     addiu $11, $29, -T_SIZE
    li    $11, STACK_TOP - T_SIZE
1:  sw    $8, T_PC($11)
    sw    $9, T_ADDRESS($11)
    sw    $27, T_CAUSE($11)
    lw    $8, OFFSET_UPAGE_EXCEPTION_SAVE($12)
    lw    $9, OFFSET_UPAGE_EXCEPTION_SAVE+4($12)
    lw    $10, OFFSET_UPAGE_EXCEPTION_SAVE+8($12)
    sw    $8, 32($11)
    sw    $9, 36($11)
    sw    $10, 40($11)
    lui   $27, G_BASE_HIGH
    move  $8, $11
    lw    $11, U_HANDLER($27)
    lw    $12, U_HANDLER+4($27)
    b     trap_to_c
     nop

/* A write to a page that is mapped read-only: always for C. */
    .globl tlb_modified_handler
tlb_modified_handler:
    lui   $27, G_BASE_HIGH
    TO_TRAP SAVE_OFFSET(1), 1

/*
 * First code of a process: sp = exception stack, the start page is in place. Tells the page table
 * of the image's pages by table_start (guaranteed as well), then enters the library.
 */
    .globl boot
boot:
    la    $25, table_start
    jalr  $25
     nop
    la    $25, libos_main
    jr    $25
     nop
