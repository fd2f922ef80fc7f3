/*
 * System call demultiplexing, the path into C, interrupts, and the way out to an environment.
 * SOSP'95 section 5.2.
 */
#include "kernel-asm.h"

    .set noreorder
    .set noat
    .section .text.hot, "ax"

/*
 * syscall_entry: one indirect jump by call number.
 * Entry:    v0 = number, user k1 saved.
 * Exit:     the call's routine with k0 = EPC (readable one instruction later), k1 =
 *           %hi(kernel_state).
 * Cost:     9 instructions, 19 from the vector.
 */
    .globl syscall_entry, trace_syscall
syscall_entry:
trace_syscall:
    sltiu   $k1, $v0, AEGIS_CALL_COUNT
    beqz    $k1, bad_call
     sll    $k1, $v0, 2
    lui     $k0, %hi(call_entries)
    addu    $k0, $k0, $k1
    lw      $k0, %lo(call_entries)($k0)
    lui     $k1, %hi(kernel_state)
    jr      $k0
     mfc0   $k0, C0_EPC

    .globl bad_call
bad_call:
    mfc0    $k0, C0_EPC
    lui     $k1, %hi(kernel_state)
    lw      $k1, %lo(kernel_state) + K_K1($k1)
    addiu   $k0, $k0, 4
    li      $v0, -E_CALL
    jr      $k0
     rfe

/*
 * call_null: the null system call without a stack. 5 instructions, 24 from the vector, about 27
 * cycles (paper: 40).
 */
    .globl call_null
call_null:
    lw      $k1, %lo(kernel_state) + K_K1($k1)
    addiu   $k0, $k0, 4
    move    $v0, $zero
    jr      $k0
     rfe

/* call_env_self: v0 = envid of the caller. 8 instructions. */
    .globl call_env_self
call_env_self:
    lw      $v0, %lo(kernel_state) + K_CURRENT($k1)
    lw      $k1, %lo(kernel_state) + K_K1($k1)
    lw      $v0, OFFSET_ENV_ID($v0)
    addiu   $k0, $k0, 4
    jr      $k0
     rfe

/*
 * stack_call, capability_call: call the C function of the call number with a0-a3 and t0 as its
 * arguments.
 * Exit:     v0 = result; of a capability_call that succeeded, a0-a3 = the capability; all other
 *           caller-saved registers, hi and lo zero, so that nothing of the kernel leaks. EPC stays
 *           in its register: nothing in the kernel takes an exception.
 * Cost:     47 instructions besides the function (51 with a capability), 66 from the vector.
 */
    .macro call_function
    sw      $sp, %lo(kernel_state) + K_SP($k1)
    sw      $ra, %lo(kernel_state) + K_RA($k1)
    sll     $t9, $v0, 2
    lui     $t8, LUI_EXPORT
    addu    $t8, $t8, $t9
    lw      $t7, HEADER_AT + OFFSET_HEADER_CALL_COUNT($t8)
    lui     $at, %hi(call_functions)
    addu    $at, $at, $t9
    lw      $t9, %lo(call_functions)($at)
    la      $sp, kernel_stack_top - 32
    addiu   $t7, $t7, 1
    sw      $t7, HEADER_AT + OFFSET_HEADER_CALL_COUNT($t8)
    jalr    $t9
     sw     $t0, 16($sp)
    lui     $k1, %hi(kernel_state)
    mfc0    $k0, C0_EPC
    lw      $sp, %lo(kernel_state) + K_SP($k1)
    lw      $ra, %lo(kernel_state) + K_RA($k1)
    addiu   $k0, $k0, 4
    .endm

    .globl stack_call, capability_call
stack_call:
    call_function
no_capability:
    move    $a0, $zero
    move    $a1, $zero
    move    $a2, $zero
    move    $a3, $zero
leave_call:
    lw      $k1, %lo(kernel_state) + K_K1($k1)
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

capability_call:
    call_function
    bltz    $v0, no_capability
     nop
    lw      $a0, %lo(kernel_state) + K_RESULTS($k1)
    lw      $a1, %lo(kernel_state) + K_RESULTS + 4($k1)
    lw      $a2, %lo(kernel_state) + K_RESULTS + 8($k1)
    b       leave_call
     lw     $a3, %lo(kernel_state) + K_RESULTS + 12($k1)

/*
 * interrupt_entry: saves what C may change in the state block, asks C where to go on (user PC),
 *                  goes there.
 * C does not come back when another environment gets the processor. k1 on exit is the user's.
 */
    .globl interrupt_entry
interrupt_entry:
    lui     $k1, %hi(kernel_state)
    addiu   $k1, $k1, %lo(kernel_state)
    sw      $at, K_FRAME($k1)
    sw      $v0, K_FRAME + 4($k1)
    sw      $v1, K_FRAME + 8($k1)
    sw      $a0, K_FRAME + 12($k1)
    sw      $a1, K_FRAME + 16($k1)
    sw      $a2, K_FRAME + 20($k1)
    sw      $a3, K_FRAME + 24($k1)
    sw      $t0, K_FRAME + 28($k1)
    sw      $t1, K_FRAME + 32($k1)
    sw      $t2, K_FRAME + 36($k1)
    sw      $t3, K_FRAME + 40($k1)
    sw      $t4, K_FRAME + 44($k1)
    sw      $t5, K_FRAME + 48($k1)
    sw      $t6, K_FRAME + 52($k1)
    sw      $t7, K_FRAME + 56($k1)
    sw      $t8, K_FRAME + 60($k1)
    sw      $t9, K_FRAME + 64($k1)
    sw      $ra, K_FRAME + 68($k1)
    sw      $sp, K_FRAME + 72($k1)
    mfhi    $t0
    mflo    $t1
    sw      $t0, K_FRAME + 76($k1)
    sw      $t1, K_FRAME + 80($k1)
    la      $sp, kernel_stack_top - 32
    mfc0    $a0, C0_CAUSE
    mfc0    $a1, C0_EPC
    jal     interrupt
     nop
    lui     $k1, %hi(kernel_state)
    addiu   $k1, $k1, %lo(kernel_state)
    move    $k0, $v0
    lw      $t0, K_FRAME + 76($k1)
    lw      $t1, K_FRAME + 80($k1)
    mthi    $t0
    mtlo    $t1
    lw      $at, K_FRAME($k1)
    lw      $v0, K_FRAME + 4($k1)
    lw      $v1, K_FRAME + 8($k1)
    lw      $a0, K_FRAME + 12($k1)
    lw      $a1, K_FRAME + 16($k1)
    lw      $a2, K_FRAME + 20($k1)
    lw      $a3, K_FRAME + 24($k1)
    lw      $t0, K_FRAME + 28($k1)
    lw      $t1, K_FRAME + 32($k1)
    lw      $t2, K_FRAME + 36($k1)
    lw      $t3, K_FRAME + 40($k1)
    lw      $t4, K_FRAME + 44($k1)
    lw      $t5, K_FRAME + 48($k1)
    lw      $t6, K_FRAME + 52($k1)
    lw      $t7, K_FRAME + 56($k1)
    lw      $t8, K_FRAME + 60($k1)
    lw      $t9, K_FRAME + 64($k1)
    lw      $ra, K_FRAME + 68($k1)
    lw      $sp, K_FRAME + 72($k1)
    lw      $k1, K_K1($k1)
    jr      $k0
     rfe

/*
 * env_enter(a0 = record, a1 = user PC): installs the addressing context and processor status of an
 * environment and goes to user mode with every register zero: nothing of the one before leaks. Does
 * not return.
 */
    .globl env_enter
env_enter:
    lw      $t0, OFFSET_ENV_ENTRY_HI($a0)
    lw      $t1, OFFSET_ENV_STLB_TAG($a0)
    lw      $t2, OFFSET_ENV_STATUS($a0)
    mtc0    $t0, C0_ENTRYHI
    mtc0    $t1, C0_CONTEXT
    mtc0    $t2, C0_STATUS
    move    $k0, $a1
    mthi    $zero
    mtlo    $zero
    move    $at, $zero
    move    $v0, $zero
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

    .data
    .balign K_SIZE
    .globl kernel_state
kernel_state:
    .space  K_SIZE

    .bss
    .balign 16
    .space  4096
    .globl kernel_stack_top
kernel_stack_top:
