/*
 * The two exception vectors, copied by boot to 0x80000000 and 0x80000080. k0 is the kernel's; k1
 * belongs to the library OS and is kept. Nothing of the kernel is mapped, so nothing here can miss
 * the TLB. SOSP'95 sections 5.3, 5.2.
 */
#include "kernel-asm.h"

    .set noreorder
    .set noat
    .section .text.hot, "ax"

/*
 * utlb_vector: TLB refill from the software TLB.
 * Entry:    a kuseg address had no TLB entry; Context = tag << 21 | VPN << 2, EntryHi = VPN | ASID.
 * Hit:      the STLB entry is written over a random TLB entry; user mode goes on at EPC. No
 *           register but k0 changes.
 * Miss:     to stlb_miss with k0 = %hi(kernel_state), user k1 in the state block.
 * Cost:     hit 23 instructions (the paper's: 18), of which 4 keep k1 and 2 fill load delays; about
 *           26 cycles warm.
 */
    .globl utlb_vector, utlb_vector_end
utlb_vector:
    lui     $k0, %hi(kernel_state)
    sw      $k1, %lo(kernel_state) + K_K1($k0)
    mfc0    $k0, C0_CONTEXT
    mfc0    $k1, C0_CONTEXT
    sll     $k0, $k0, 1                 /* VPN * 8 */
    srl     $k1, $k1, 18                /* tag * 8 */
    xor     $k0, $k0, $k1
    andi    $k0, $k0, 0x7ff8
    lui     $k1, LUI_STLB
    addu    $k1, $k1, $k0
    lw      $k0, 4($k1)
    lw      $k1, 0($k1)
    mtc0    $k0, C0_ENTRYLO
    mfc0    $k0, C0_ENTRYHI
    nop
    bne     $k0, $k1, 1f
     lui    $k0, %hi(kernel_state)
    tlbwr
    lw      $k1, %lo(kernel_state) + K_K1($k0)
    mfc0    $k0, C0_EPC
    nop
    jr      $k0
     rfe
1:  j       stlb_miss
     nop
utlb_vector_end:

/* general_vector: everything else. 2 instructions, then general_exception. */
    .globl general_vector, general_vector_end
general_vector:
    j       general_exception
     lui    $k0, %hi(kernel_state)
general_vector_end:

/*
 * general_exception: tells interrupts and system calls from exceptions.
 * Entry:    k0 = %hi(kernel_state).
 * Exit:     interrupt_entry, syscall_entry or forward, with user k1 saved and k0 = environment
 *           record.
 * Cost:     2 (vector) + 8 instructions to a system call.
 */
    .globl general_exception
general_exception:
    sw      $k1, %lo(kernel_state) + K_K1($k0)
    mfc0    $k1, C0_CAUSE
    lw      $k0, %lo(kernel_state) + K_CURRENT($k0)
    andi    $k1, $k1, 0x7c
    beqz    $k1, interrupt_entry
     addiu  $k1, $k1, -0x20
    beqz    $k1, syscall_entry
     sll    $k1, $k1, 2

/*
 * forward: hands an exception to the environment's own handler (section 5.3).
 * Entry:    k0 = environment record, k1 = (ExcCode - 8) * 16.
 * Exit:     user mode, interrupts on, at the handler; user t0, t1, t2 in the save area (physical
 *           address); t0 = EPC, t1 = BadVAddr, t2 = Cause. k1 is lost.
 * Cost:     10 + 19 instructions from the vector, 3 of them counting; 33 cycles warm (the
 *           paper: 18, 1.5 us = 38).
 */
forward:
    addu    $k1, $k1, $k0
    lw      $k0, OFFSET_ENV_EXCEPTIONS + 0x80 + 4($k1)
    nop
    beqz    $k0, unforwardable
     nop
    sw      $t0, 0($k0)
    sw      $t1, 4($k0)
    lw      $t0, OFFSET_ENV_EXCEPTIONS + 0x80 + 8($k1)
    sw      $t2, 8($k0)
    addiu   $t0, $t0, 1
    sw      $t0, OFFSET_ENV_EXCEPTIONS + 0x80 + 8($k1)
    mfc0    $t0, C0_EPC
    mfc0    $t1, C0_BADVADDR
    bltz    $t0, kernel_pc
     mfc0   $t2, C0_CAUSE
    lw      $k1, OFFSET_ENV_EXCEPTIONS + 0x80 + 0($k1)
    .globl trace_forward
trace_forward:
    nop
    jr      $k1
     rfe

/*
 * An exception at a kernel address: the kernel's own (a bug), or a user jump to one (forwarded
 * like any other).
 */
kernel_pc:
    mfc0    $k0, C0_STATUS
    lw      $k1, OFFSET_ENV_EXCEPTIONS + 0x80 + 0($k1)
    andi    $k0, $k0, 8                 /* KUp: it came from user mode */
    bnez    $k0, trace_forward
     nop
    la      $sp, kernel_stack_top - 32
    move    $a0, $t2
    move    $a1, $t0
    jal     kernel_fault
     move   $a2, $t1
    nop

/* No handler, or no environment: C destroys the environment, or panics. */
unforwardable:
    la      $sp, kernel_stack_top - 32
    mfc0    $a0, C0_CAUSE
    mfc0    $a1, C0_EPC
    mfc0    $a2, C0_BADVADDR
    jal     env_fault
     nop

/*
 * stlb_miss: the software TLB has no entry. Guaranteed mappings are installed here, the rest goes
 *            to the application.
 * Entry:    k0 = %hi(kernel_state), user k1 saved.
 * Cost:     11 instructions to forward; 26 more for a guaranteed mapping (which then is in the STLB
 *           too).
 */
    .globl stlb_miss, trace_stlb_miss
stlb_miss:
trace_stlb_miss:
    mfc0    $k1, C0_BADVADDR
    lw      $k0, %lo(kernel_state) + K_CURRENT($k0)
    srl     $k1, $k1, 18
    xori    $k1, $k1, AEGIS_GUARANTEED_BASE >> 18
    beqz    $k1, guaranteed_miss
     lw     $k1, OFFSET_ENV_LINEAR_COUNT($k0)
    nop
    bnez    $k1, linear_miss
     mfc0   $k1, C0_CAUSE
    nop
    andi    $k1, $k1, 0x7c
    addiu   $k1, $k1, -0x20
    j       forward
     sll    $k1, $k1, 2

guaranteed_miss:
    lui     $k1, %hi(kernel_state)
    sw      $t0, %lo(kernel_state) + K_T0($k1)
    sw      $t1, %lo(kernel_state) + K_T1($k1)
    mfc0    $t0, C0_BADVADDR
    nop
    srl     $t0, $t0, 10
    andi    $t0, $t0, 0xfc
    addu    $t0, $t0, $k0
    lw      $t1, OFFSET_ENV_GUARANTEED($t0)
    nop
    beqz    $t1, not_guaranteed
     nop
install:                                /* t1 = EntryLo, k0 = environment record, t0 and t1 saved */
    mtc0    $t1, C0_ENTRYLO
    mfc0    $t0, C0_ENTRYHI
    lw      $k0, OFFSET_ENV_STLB_TAG($k0)
    srl     $k1, $t0, 9
    srl     $k0, $k0, 18
    xor     $k1, $k1, $k0
    andi    $k1, $k1, 0x7ff8
    lui     $k0, LUI_STLB
    addu    $k1, $k1, $k0
    sw      $t0, 0($k1)
    sw      $t1, 4($k1)
    tlbwr
    lui     $k1, %hi(kernel_state)
    lw      $t0, %lo(kernel_state) + K_T0($k1)
    lw      $t1, %lo(kernel_state) + K_T1($k1)
    mfc0    $k0, C0_EPC
    lw      $k1, %lo(kernel_state) + K_K1($k1)
    jr      $k0
     rfe

linear_miss:                            /* k0 = environment record: init's image */
    lui     $k1, %hi(kernel_state)
    sw      $t0, %lo(kernel_state) + K_T0($k1)
    sw      $t1, %lo(kernel_state) + K_T1($k1)
    mfc0    $t0, C0_BADVADDR
    lw      $k1, OFFSET_ENV_LINEAR_BASE($k0)
    lw      $t1, OFFSET_ENV_LINEAR_COUNT($k0)
    subu    $t0, $t0, $k1
    srl     $t0, $t0, 12
    sltu    $t1, $t0, $t1
    beqz    $t1, not_guaranteed
     lw     $t1, OFFSET_ENV_LINEAR_PAGE($k0)
    nop
    addu    $t1, $t1, $t0
    sll     $t1, $t1, 12
    b       install
     ori    $t1, $t1, AEGIS_ENTRYLO_VALID | AEGIS_ENTRYLO_WRITABLE

not_guaranteed:
    lui     $k1, %hi(kernel_state)
    lw      $t0, %lo(kernel_state) + K_T0($k1)
    lw      $t1, %lo(kernel_state) + K_T1($k1)
    mfc0    $k1, C0_CAUSE
    nop
    andi    $k1, $k1, 0x7c
    addiu   $k1, $k1, -0x20
    j       forward
     sll    $k1, $k1, 2
