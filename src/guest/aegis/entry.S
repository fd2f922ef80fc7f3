/*
 * System call demultiplexing, the path into C, interrupts, and the way out to an environment.
 * SOSP'95 section 5.2.
 */
#include "kernel-asm.h"

    .set noreorder
    .set noat
    .section .text.hot, "ax"

/*
 * syscall_entry: one indirect jump by call number; scall has a way of its own (transfer.S).
 * syscall_in_upcall stands in the vector table while the current environment is in a slice upcall:
 * its frame is in use, so it may not transfer.
 * Entry:    v0 = number, k1 = record of the caller, k0 = v0 - AEGIS_CALL_SCALL, user k1 saved.
 * Exit:     the call's routine with k0 = EPC (readable one instruction later), k1 = 4 * number.
 * Cost:     9 instructions, 16 from the vector.
 */
    .globl syscall_entry, syscall_in_upcall, trace_syscall, demultiplex
syscall_in_upcall:
    sltiu   $k0, $k0, AEGIS_CALL_ACALL - AEGIS_CALL_SCALL + 1
    bnez    $k0, transfer_busy
     nop
    b       demultiplex
     nop
syscall_entry:
trace_syscall:
    beqz    $k0, call_scall
     andi   $k0, $a0, AEGIS_ENV_COUNT - 1
demultiplex:
    sltiu   $k0, $v0, AEGIS_CALL_COUNT
    beqz    $k0, bad_call
     sll    $k1, $v0, 2
    lw      $k0, K_CALLS($k1)
    nop
    jr      $k0
     mfc0   $k0, C0_EPC

    .globl bad_call
bad_call:
    b       refuse
     li     $v0, -E_CALL

/* call_null: the null system call without a stack. 5 instructions, 21 from the vector. */
    .globl call_null
call_null:
    lw      $k1, K_K1($zero)
    addiu   $k0, $k0, 4
    move    $v0, $zero
    jr      $k0
     rfe

/* call_env_self: v0 = envid of the caller. 7 instructions. */
    .globl call_env_self
call_env_self:
    lw      $v0, K_CURRENT($zero)
    lw      $k1, K_K1($zero)
    lw      $v0, OFFSET_ENV_ID($v0)
    addiu   $k0, $k0, 4
    jr      $k0
     rfe

/*
 * stack_call, secret_call: call the C function of the call number with a0-a3 and t0 as its
 * arguments. What stack_call leaves in the caller-saved registers is nobody's secret: the functions
 * behind it read nothing that is not exported, or the caller's own. A function that touches the
 * capability key is called by secret_call, which clears them all, and returns a capability in
 * a0-a3.
 * Exit:     v0 = result. EPC stays in k0: nothing in the kernel takes an exception, and compiled
 *           code leaves k0 alone. What was refused for protection is counted on the way out.
 * Cost:     16 instructions besides the function, 32 from the vector; secret_call 34 more. A call
 *           that returns an error 6 more, 17 when it was refused for protection.
 */
    .macro call_function
    sw      $sp, K_SP($zero)
    lw      $t8, HEADER(CALL_COUNT)($k1)
    sw      $ra, K_RA($zero)
    lw      $t9, K_FUNCTIONS($k1)
    addiu   $t8, $t8, 1
    lw      $sp, K_STACK($zero)
    sw      $t8, HEADER(CALL_COUNT)($k1)
    jalr    $t9
     sw     $t0, 16($sp)
    lw      $sp, K_SP($zero)
    .endm

    /* t9 = 1 when v0, a negated error, is one of REFUSALS. */
    .macro is_refusal
    subu    $t8, $zero, $v0
    li      $t9, REFUSALS
    srlv    $t9, $t9, $t8
    andi    $t9, $t9, 1
    .endm

    .globl stack_call, secret_call
stack_call:
    call_function
    bltz    $v0, stack_call_refused
     lw     $ra, K_RA($zero)
    lw      $k1, K_K1($zero)
    addiu   $k0, $k0, 4
    jr      $k0
     rfe

secret_call:
    call_function
    lw      $ra, K_RA($zero)
    bltz    $v0, 1f
     addiu  $k0, $k0, 4
    lw      $a0, K_RESULTS($zero)
    lw      $a1, K_RESULTS + 4($zero)
    lw      $a2, K_RESULTS + 8($zero)
    b       2f
     lw     $a3, K_RESULTS + 12($zero)
1:  is_refusal
    beqz    $t9, 3f
     nop
    jal     count_refusal
     nop
    lw      $ra, K_RA($zero)
    mfc0    $k0, C0_EPC
    nop
    addiu   $k0, $k0, 4
3:  move    $a0, $zero
    move    $a1, $zero
    move    $a2, $zero
    move    $a3, $zero
2:  lw      $k1, K_K1($zero)
    sw      $zero, K_RESULTS($zero)
    sw      $zero, K_RESULTS + 4($zero)
    sw      $zero, K_RESULTS + 8($zero)
    sw      $zero, K_RESULTS + 12($zero)
    mthi    $zero
    mtlo    $zero
    move    $at, $zero
    move    $v1, $zero
    move    $t0, $zero
    move    $t1, $zero
    move    $t2, $zero
    move    $t3, $zero
    move    $t4, $zero
    move    $t5, $zero
    move    $t6, $zero
    move    $t7, $zero
    move    $t8, $zero
    move    $t9, $zero
    jr      $k0
     rfe

stack_call_refused:
    is_refusal
    bnez    $t9, refuse_in_stack_call
     nop
    lw      $k1, K_K1($zero)
    addiu   $k0, $k0, 4
    jr      $k0
     rfe

/*
 * refuse: the way out of a call that is refused for protection, when no other register may change.
 * Entry:    v0 = negated error, k1 = 4 * call number.
 */
    .globl refuse
refuse:
    sw      $ra, K_RA($zero)
refuse_in_stack_call:
    jal     count_refusal
     nop
    lw      $ra, K_RA($zero)
    mfc0    $k0, C0_EPC
    lw      $k1, K_K1($zero)
    addiu   $k0, $k0, 4
    jr      $k0
     rfe

/*
 * count_refusal: one more in the caller's record, by k0, k1 and ra alone. Every refusal comes by here.
 * Entry:    as refuse.
 */
    .globl trace_refuse
count_refusal:
    lw      $k0, K_CURRENT($zero)
    srl     $k1, $k1, 2
trace_refuse:                           /* k0 = caller's record, k1 = call number, v0 = negated error */
    lw      $k1, OFFSET_ENV_REFUSED_COUNT($k0)
    nop
    addiu   $k1, $k1, 1
    jr      $ra
     sw     $k1, OFFSET_ENV_REFUSED_COUNT($k0)

/*
 * interrupt_entry: saves what C may change in the state block, asks C where to go on (user PC),
 *                  goes there. Transfers and cid_switch come here as well, to have a context get an
 *                  ASID; v0 is their number.
 * C does not come back when another environment gets the processor. k1 on exit is the user's.
 */
    .globl interrupt_entry
interrupt_entry:
    sw      $at, K_FRAME($zero)
    sw      $v0, K_FRAME + 4($zero)
    sw      $v1, K_FRAME + 8($zero)
    sw      $a0, K_FRAME + 12($zero)
    sw      $a1, K_FRAME + 16($zero)
    sw      $a2, K_FRAME + 20($zero)
    sw      $a3, K_FRAME + 24($zero)
    sw      $t0, K_FRAME + 28($zero)
    sw      $t1, K_FRAME + 32($zero)
    sw      $t2, K_FRAME + 36($zero)
    sw      $t3, K_FRAME + 40($zero)
    sw      $t4, K_FRAME + 44($zero)
    sw      $t5, K_FRAME + 48($zero)
    sw      $t6, K_FRAME + 52($zero)
    sw      $t7, K_FRAME + 56($zero)
    sw      $t8, K_FRAME + 60($zero)
    sw      $t9, K_FRAME + 64($zero)
    sw      $ra, K_FRAME + 68($zero)
    sw      $sp, K_FRAME + 72($zero)
    mfhi    $t0
    mflo    $t1
    sw      $t0, K_FRAME + 76($zero)
    sw      $t1, K_FRAME + 80($zero)
    lw      $sp, K_STACK($zero)
    mfc0    $a0, C0_CAUSE
    mfc0    $a1, C0_EPC
    jal     interrupt
     nop
    move    $k0, $v0
    lw      $t0, K_FRAME + 76($zero)
    lw      $t1, K_FRAME + 80($zero)
    mthi    $t0
    mtlo    $t1
    lw      $at, K_FRAME($zero)
    lw      $v0, K_FRAME + 4($zero)
    lw      $v1, K_FRAME + 8($zero)
    lw      $a0, K_FRAME + 12($zero)
    lw      $a1, K_FRAME + 16($zero)
    lw      $a2, K_FRAME + 20($zero)
    lw      $a3, K_FRAME + 24($zero)
    lw      $t0, K_FRAME + 28($zero)
    lw      $t1, K_FRAME + 32($zero)
    lw      $t2, K_FRAME + 36($zero)
    lw      $t3, K_FRAME + 40($zero)
    lw      $t4, K_FRAME + 44($zero)
    lw      $t5, K_FRAME + 48($zero)
    lw      $t6, K_FRAME + 52($zero)
    lw      $t7, K_FRAME + 56($zero)
    lw      $t8, K_FRAME + 60($zero)
    lw      $t9, K_FRAME + 64($zero)
    lw      $ra, K_FRAME + 68($zero)
    lw      $sp, K_FRAME + 72($zero)
    lw      $k1, K_K1($zero)
    jr      $k0
     rfe

/*
 * env_enter(a0 = record, a1 = user PC, a2 = v0): installs the addressing context and processor
 * status of an environment and goes to user mode with every other register zero: nothing of the one
 * before leaks. Does not return.
 */
    .globl env_enter
env_enter:
    lw      $t0, OFFSET_ENV_ENTRY_HI($a0)
    lw      $t2, OFFSET_ENV_STATUS($a0)
    mtc0    $t0, C0_ENTRYHI
    mtc0    $t2, C0_STATUS
    move    $k0, $a1
    move    $v0, $a2
    mthi    $zero
    mtlo    $zero
    move    $at, $zero
    move    $v1, $zero
    move    $a0, $zero
    move    $a1, $zero
    move    $a2, $zero
    move    $a3, $zero
    move    $t0, $zero
    move    $t1, $zero
    move    $t2, $zero
    move    $t3, $zero
    move    $t4, $zero
    move    $t5, $zero
    move    $t6, $zero
    move    $t7, $zero
    move    $s0, $zero
    move    $s1, $zero
    move    $s2, $zero
    move    $s3, $zero
    move    $s4, $zero
    move    $s5, $zero
    move    $s6, $zero
    move    $s7, $zero
    move    $t8, $zero
    move    $t9, $zero
    move    $k1, $zero
    move    $gp, $zero
    move    $sp, $zero
    move    $fp, $zero
    move    $ra, $zero
    jr      $k0
     rfe

/*
 * idle(a0 = Status): waits for an interrupt in a branch to itself, in kernel mode with interrupts
 * on.
 */
    .globl idle, idle_loop
idle:
    mtc0    $a0, C0_STATUS
    nop
idle_loop:
    b       idle_loop
     nop

    .bss
    .balign 16
    .space  4096
    .globl kernel_stack_top
kernel_stack_top:
