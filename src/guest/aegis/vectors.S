/*
 * The two exception vectors, copied by boot to 0x80000000 and 0x80000080, and what they lead to
 * without a system call: refill from the software TLB, exceptions handed on. k0 is the kernel's; k1
 * belongs to the library OS and is kept. Everything touched here lies in unmapped memory or in the
 * two wired pages, so nothing can miss the TLB. SOSP'95 sections 5.3, 5.2.
 */
#include "kernel-asm.h"

    .set noreorder
    .set noat
    .section .text.hot, "ax"

/*
 * utlb_vector: TLB refill from the software TLB; index = VPN xor ASID << 6, 4096 entries. The current
 *           environment's tag is the table's address with the ASID's part of the index in it.
 * Entry:    a kuseg address had no TLB entry; EntryHi = VPN | ASID.
 * Hit:      the STLB entry is written over a random TLB entry; user mode goes on at EPC. No
 *           register but k0 changes.
 * Miss:     to stlb_miss, user k1 in the state page.
 * Cost:     hit 18 instructions (the paper's: 18), two of which keep k1.
 */
    .globl utlb_vector, utlb_hit_end, utlb_vector_end
utlb_vector:
    mfc0    $k0, C0_ENTRYHI
    sw      $k1, K_K1($zero)
    lw      $k1, K_CURRENT($zero)
    srl     $k0, $k0, 9                 /* VPN * 8 */
    lw      $k1, OFFSET_ENV_STLB_TAG($k1)
    andi    $k0, $k0, 0x7ff8
    xor     $k0, $k0, $k1
    lw      $k1, 4($k0)
    lw      $k0, 0($k0)
    mtc0    $k1, C0_ENTRYLO
    mfc0    $k1, C0_ENTRYHI
    nop
    bne     $k0, $k1, 1f
     mfc0   $k0, C0_EPC
    tlbwr
    lw      $k1, K_K1($zero)
    jr      $k0
     rfe
utlb_hit_end:
1:  j       stlb_miss
     nop
utlb_vector_end:

/*
 * general_vector: everything else, by ExcCode: interrupt_entry, syscall_entry or forward_N.
 * Exit:     k1 = record of the current environment, k0 = v0 - AEGIS_CALL_SCALL, user k1 saved.
 * Cost:     7 instructions.
 */
    .globl general_vector, general_vector_end
general_vector:
    mfc0    $k0, C0_CAUSE
    sw      $k1, K_K1($zero)
    andi    $k0, $k0, 0x7c
    lw      $k0, K_VECTORS($k0)
    lw      $k1, K_CURRENT($zero)
    jr      $k0
     addiu  $k0, $v0, -AEGIS_CALL_SCALL
general_vector_end:

/*
 * forward_N: hands exception N to the environment's own handler (section 5.3). One without a handler
 * has NO_HANDLER for its PC: the jump there raises AdEL, and kernel_pc sees what it was.
 * Entry:    k1 = environment record.
 * Exit:     user mode, interrupts on, at the handler; user t0, t1, t2 in the save area (physical
 *           address); t0 = EPC, t1 = BadVAddr, t2 = Cause. k1 is lost.
 * Cost:     11 instructions, 18 from the vector (the paper: 18, 1.5 us = 38 cycles).
 */
    .macro forward code
    .balign 16
    .globl forward_\code
forward_\code:
    lw      $k0, OFFSET_ENV_EXCEPTIONS + 16 * \code + 4($k1)
    lw      $k1, OFFSET_ENV_EXCEPTIONS + 16 * \code($k1)
    sw      $t0, 0($k0)
    mfc0    $t0, C0_EPC
    sw      $t1, 4($k0)
    sw      $t2, 8($k0)
    bltz    $t0, kernel_pc
     mfc0   $t1, C0_BADVADDR
    mfc0    $t2, C0_CAUSE
    jr      $k1
     rfe
    .endm

    .globl forward_start, forward_end
forward_start:
    forward 1
    forward 2
    forward 3
    forward 4
    forward 5
    forward 6
    forward 7
    forward 9
    forward 10
    forward 11
    forward 12
forward_end:

/*
 * An exception at a kernel address: a handler that is not there, the kernel's own fault (a bug), or
 * a user's jump to the kernel, which is forwarded like any other.
 * Entry:    k1 = handler PC, k0 = save area, t0 = EPC, t1 = BadVAddr.
 */
kernel_pc:
    mfc0    $t2, C0_STATUS
    sw      $k1, K_K1($zero)
    andi    $t2, $t2, 8                 /* KUp: it came from user mode */
    beqz    $t2, 1f
     mfc0   $t2, C0_CAUSE
    lui     $k1, NO_HANDLER >> 16
    ori     $k1, $k1, NO_HANDLER & 0xffff
    beq     $t0, $k1, unforwardable
     lw     $k1, K_K1($zero)
    nop
    jr      $k1
     rfe
1:  lw      $sp, K_STACK($zero)
    move    $a0, $t2
    move    $a1, $t0
    jal     kernel_fault
     move   $a2, $t1
    nop

/* k0 = where forward_4 left t0, t1, t2: EPC, BadVAddr and Cause of the exception without a handler. */
unforwardable:
    lw      $sp, K_STACK($zero)
    lw      $a0, 8($k0)
    lw      $a1, 0($k0)
    jal     env_fault
     lw     $a2, 4($k0)
    nop

/* ExcCodes that the processor does not have. */
    .globl unknown_exception
unknown_exception:
    lw      $sp, K_STACK($zero)
    mfc0    $a0, C0_CAUSE
    mfc0    $a1, C0_EPC
    jal     kernel_fault
     move   $a2, $zero
    nop

/*
 * stlb_miss: the software TLB has no entry. Guaranteed mappings are installed here, the rest goes
 *            to the application.
 * Entry:    user k1 saved.
 * Cost:     12 instructions to forward; 20 more for a guaranteed mapping (which then is in the STLB
 *           too).
 */
    .globl stlb_miss, trace_stlb_miss
stlb_miss:
trace_stlb_miss:
    mfc0    $k0, C0_BADVADDR
    lw      $k1, K_CURRENT($zero)
    srl     $k0, $k0, 18
    xori    $k0, $k0, AEGIS_GUARANTEED_BASE >> 18
    beqz    $k0, guaranteed_miss
     lw     $k0, OFFSET_ENV_LINEAR_COUNT($k1)
    nop
    bnez    $k0, linear_miss
     mfc0   $k0, C0_CAUSE
    nop
forward_miss:                           /* TLBL is 2 << 2 in Cause, TLBS 3 << 2 */
    andi    $k0, $k0, 4
    beqz    $k0, forward_2
     nop
    b       forward_3
     nop

guaranteed_miss:
    sw      $t0, K_T0($zero)
    sw      $t1, K_T1($zero)
    mfc0    $t0, C0_BADVADDR
    nop
    srl     $t0, $t0, 10
    andi    $t0, $t0, 0xfc
    addu    $t0, $t0, $k1
    lw      $t1, OFFSET_ENV_GUARANTEED($t0)
    nop
    beqz    $t1, not_guaranteed
     nop
install:                                /* t1 = EntryLo, t0 and t1 saved */
    lw      $k1, K_CURRENT($zero)
    mfc0    $t0, C0_ENTRYHI
    lw      $k1, OFFSET_ENV_STLB_TAG($k1)
    srl     $k0, $t0, 9
    andi    $k0, $k0, 0x7ff8
    xor     $k1, $k1, $k0
    mtc0    $t1, C0_ENTRYLO
    sw      $t1, 4($k1)
    sw      $t0, 0($k1)
    tlbwr
    lw      $t0, K_T0($zero)
    lw      $t1, K_T1($zero)
    mfc0    $k0, C0_EPC
    lw      $k1, K_K1($zero)
    jr      $k0
     rfe

linear_miss:                            /* k1 = environment record: init's image */
    sw      $t0, K_T0($zero)
    sw      $t1, K_T1($zero)
    mfc0    $t0, C0_BADVADDR
    lw      $k0, OFFSET_ENV_LINEAR_BASE($k1)
    lw      $t1, OFFSET_ENV_LINEAR_COUNT($k1)
    subu    $t0, $t0, $k0
    srl     $t0, $t0, 12
    sltu    $t1, $t0, $t1
    beqz    $t1, not_guaranteed
     lw     $t1, OFFSET_ENV_LINEAR_PAGE($k1)
    nop
    addu    $t1, $t1, $t0
    sll     $t1, $t1, 12
    b       install
     ori    $t1, $t1, AEGIS_ENTRYLO_VALID | AEGIS_ENTRYLO_WRITABLE

not_guaranteed:
    lw      $t0, K_T0($zero)
    lw      $t1, K_T1($zero)
    mfc0    $k0, C0_CAUSE
    b       forward_miss
     nop
