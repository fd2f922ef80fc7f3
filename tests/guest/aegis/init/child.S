/*
 * Code that children share with the test environment: one page, position-independent, mapped for children at the
 * guaranteed mapping 2. First the slice upcalls and stubs, then what children do.
 */
#include "abi-asm.h"

#define UPAGE_HIGH 0x7f00
#define REGISTERS OFFSET_UPAGE_LIBRARY

    .set noreorder
    .set noat
    .section .text.child, "ax"
    .balign 4096
    .globl child_page
child_page:

    .globl slice_end, slice_start
slice_end:
    lui     $k1, UPAGE_HIGH
    sw      $at, REGISTERS + 4*1($k1)
    sw      $v1, REGISTERS + 4*3($k1)
    sw      $a0, REGISTERS + 4*4($k1)
    sw      $a1, REGISTERS + 4*5($k1)
    sw      $a2, REGISTERS + 4*6($k1)
    sw      $a3, REGISTERS + 4*7($k1)
    sw      $t0, REGISTERS + 4*8($k1)
    sw      $t1, REGISTERS + 4*9($k1)
    sw      $t2, REGISTERS + 4*10($k1)
    sw      $t3, REGISTERS + 4*11($k1)
    sw      $t4, REGISTERS + 4*12($k1)
    sw      $t5, REGISTERS + 4*13($k1)
    sw      $t6, REGISTERS + 4*14($k1)
    sw      $t7, REGISTERS + 4*15($k1)
    sw      $t8, REGISTERS + 4*24($k1)
    sw      $t9, REGISTERS + 4*25($k1)
    mfhi    $t0
    mflo    $t1
    sw      $t0, REGISTERS + 4*32($k1)
    sw      $t1, REGISTERS + 4*33($k1)
    li      $v0, AEGIS_CALL_YIELD
    move    $a0, $zero
save_kept:
    sw      $s0, REGISTERS + 4*16($k1)
    sw      $s1, REGISTERS + 4*17($k1)
    sw      $s2, REGISTERS + 4*18($k1)
    sw      $s3, REGISTERS + 4*19($k1)
    sw      $s4, REGISTERS + 4*20($k1)
    sw      $s5, REGISTERS + 4*21($k1)
    sw      $s6, REGISTERS + 4*22($k1)
    sw      $s7, REGISTERS + 4*23($k1)
    sw      $gp, REGISTERS + 4*28($k1)
    sw      $sp, REGISTERS + 4*29($k1)
    sw      $fp, REGISTERS + 4*30($k1)
    sw      $ra, REGISTERS + 4*31($k1)
    syscall
    jr      $ra
     nop

slice_start:
    lui     $k1, UPAGE_HIGH
    lw      $t0, REGISTERS + 4*32($k1)
    lw      $t1, REGISTERS + 4*33($k1)
    mthi    $t0
    mtlo    $t1
    lw      $at, REGISTERS + 4*1($k1)
    lw      $v1, REGISTERS + 4*3($k1)
    lw      $a0, REGISTERS + 4*4($k1)
    lw      $a1, REGISTERS + 4*5($k1)
    lw      $a2, REGISTERS + 4*6($k1)
    lw      $a3, REGISTERS + 4*7($k1)
    lw      $t0, REGISTERS + 4*8($k1)
    lw      $t1, REGISTERS + 4*9($k1)
    lw      $t2, REGISTERS + 4*10($k1)
    lw      $t3, REGISTERS + 4*11($k1)
    lw      $t4, REGISTERS + 4*12($k1)
    lw      $t5, REGISTERS + 4*13($k1)
    lw      $t6, REGISTERS + 4*14($k1)
    lw      $t7, REGISTERS + 4*15($k1)
    lw      $s0, REGISTERS + 4*16($k1)
    lw      $s1, REGISTERS + 4*17($k1)
    lw      $s2, REGISTERS + 4*18($k1)
    lw      $s3, REGISTERS + 4*19($k1)
    lw      $s4, REGISTERS + 4*20($k1)
    lw      $s5, REGISTERS + 4*21($k1)
    lw      $s6, REGISTERS + 4*22($k1)
    lw      $s7, REGISTERS + 4*23($k1)
    lw      $t8, REGISTERS + 4*24($k1)
    lw      $t9, REGISTERS + 4*25($k1)
    lw      $gp, REGISTERS + 4*28($k1)
    lw      $sp, REGISTERS + 4*29($k1)
    lw      $fp, REGISTERS + 4*30($k1)
    lw      $ra, REGISTERS + 4*31($k1)
    li      $v0, AEGIS_CALL_RESUME
    syscall

    .globl yield_to, wait_for, acall_to, scall_to, scall_reply
yield_to:                               /* int yield_to(envid) */
    lui     $k1, UPAGE_HIGH
    b       save_kept
     li     $v0, AEGIS_CALL_YIELD
wait_for:                               /* int wait_for(physical, old, deadline) */
    lui     $k1, UPAGE_HIGH
    b       save_kept
     li     $v0, AEGIS_CALL_WAIT
acall_to:                               /* int acall_to(envid) */
    lui     $k1, UPAGE_HIGH
    b       save_kept
     li     $v0, AEGIS_CALL_ACALL

/*
 * int scall_to(envid, argument, own envid): synchronous call and reply. The server answers by a synchronous transfer
 * to the envid in a2, which enters scall_reply with the answer in a1 and every other register as it was.
 */
scall_to:
    li      $v0, AEGIS_CALL_SCALL
    syscall
    jr      $ra                         /* only when it was refused, or the callee was destroyed */
     nop
scall_reply:
    jr      $ra
     move   $v0, $a1


/* Counts in the word at a0 for ever. */
    .globl child_count
child_count:
    lw      $t0, 0($a0)
    nop
    addiu   $t0, $t0, 1
    b       child_count
     sw     $t0, 0($a0)

/* Exits with the status in a1. */
    .globl child_exit
child_exit:
    move    $a0, $zero
    li      $v0, AEGIS_CALL_ENV_DESTROY
    syscall

/* Faults without a handler. */
    .globl child_fault
child_fault:
    break

/* End-of-slice handlers that do not yield: never, and after about three ticks (k1 is free: it is in the frame). */
    .globl child_never_yield, child_late_yield
child_never_yield:
    b       child_never_yield
     nop
child_late_yield:
    lui     $k1, 9                      /* 590,000 turns of 2 cycles; a tick is 390,625 */
1:  bnez    $k1, 1b
     addiu  $k1, $k1, -1
    b       slice_end
     nop

/* Server: answers a1 + 1 to whoever is named in a2. */
    .globl child_serve
child_serve:
    addiu   $a1, $a1, 1
    move    $a0, $a2
    li      $v0, AEGIS_CALL_SCALL
    syscall
    b       child_serve_failed
     nop
child_serve_failed:
    b       child_serve_failed
     nop

/* Takes the FPU, notes in shared word 8 what it finds in a register, and leaves something there. */
    .globl child_fpu, child_thief
child_fpu:
    li      $a0, 1
    li      $v0, AEGIS_CALL_FPU_MOD
    syscall
    mfc1    $t0, $f5
    lui     $t1, 0x7f00
    ori     $t1, $t1, 0x3000
    sw      $t0, 32($t1)
    li      $t0, 0x5678
    mtc1    $t0, $f5
1:  b       1b
     nop

/* Transfers into a0, which answers nobody, each time it runs. */
child_thief:
    move    $s0, $a0
1:  move    $a0, $s0
    move    $a2, $zero
    li      $v0, AEGIS_CALL_SCALL
    syscall
    b       1b
     nop

/* Asynchronous entry: marks the second word of the shared page and yields. */
    .globl child_acall
child_acall:
    lui     $t0, 0x7f00
    ori     $t0, $t0, 0x3004
    li      $t1, 77
    sw      $t1, 0($t0)
    move    $a0, $zero
    li      $v0, AEGIS_CALL_YIELD
    syscall
1:  b       1b
     nop

/* Gives its slice away until somebody transfers in: waits on a word that nobody changes (the fourth shared one). */
    .globl child_sleep
child_sleep:
    li      $v0, AEGIS_CALL_WAIT
    move    $a1, $zero
    move    $a2, $zero
    syscall
    b       child_sleep
     nop

/* Waits on a word that nobody changes, marks the seventh shared one, and counts in the eighth. */
    .globl child_wait_once, child_resume
child_wait_once:
    move    $a1, $zero
    move    $a2, $zero
    move    $ra, $zero
    lui     $k1, UPAGE_HIGH
    bal     save_kept
     li     $v0, AEGIS_CALL_WAIT
    lui     $t0, 0x7f00
    ori     $t0, $t0, 0x3018
    lw      $t1, 0($t0)
    nop
    addiu   $t1, $t1, 1
    sw      $t1, 0($t0)
    b       child_count
     addiu  $a0, $t0, 4

/* Asynchronous entry that goes back to what it found. */
child_resume:
    b       slice_start
     nop

/*
 * Start-of-slice handler of a child that answers revocation: frees pages from the list in the shared page at 0x100
 * (count at 0x0fc) as long as some are asked for.
 */
    .globl child_giving_start
child_giving_start:
    lui     $s0, UPAGE_HIGH
    lui     $s1, 0x7f00
    ori     $s1, $s1, 0x3000
1:  lw      $t0, OFFSET_UPAGE_REVOKE_COUNT($s0)
    nop
    beqz    $t0, slice_start
     nop
    lw      $t0, 0xfc($s1)
    nop
    addiu   $t0, $t0, -1
    sw      $t0, 0xfc($s1)
    sll     $t0, $t0, 2
    addu    $t0, $t0, $s1
    lw      $a0, 0x100($t0)
    li      $v0, AEGIS_CALL_PAGE_FREE
    syscall
    b       1b
     nop

/* Repossession handler: counts in the third shared word, takes note, and goes on as at any slice start. */
    .globl child_repossessed
child_repossessed:
    lui     $s0, UPAGE_HIGH
    lui     $s1, 0x7f00
    ori     $s1, $s1, 0x3008
    lw      $t0, OFFSET_UPAGE_REPOSSESSED_COUNT($s0)
    lw      $t1, OFFSET_UPAGE_PENDING($s0)
    sw      $t0, 0($s1)
    lw      $t0, OFFSET_UPAGE_REPOSSESSED($s0)
    nop
    sw      $t0, 4($s1)
    li      $t0, ~AEGIS_PENDING_REPOSSESSED
    and     $t1, $t1, $t0
    b       slice_start
     sw     $t1, OFFSET_UPAGE_PENDING($s0)

/* Reads sectors of extent a3 into the page at physical a0 again and again; completion word a1. */
    .globl child_disk
child_disk:
    move    $s0, $a0
    move    $s1, $a1
    move    $s2, $a3
1:  move    $a0, $s2
    move    $a1, $zero
    move    $a2, $s0
    li      $a3, 8
    move    $t0, $s1
    li      $v0, AEGIS_CALL_DISK_READ
    syscall
    b       1b
     nop

/* Fills its registers with values that must not be seen elsewhere, and yields in a loop. */
    .globl child_secret
child_secret:
    lui     $s0, 0x5ec2
    move    $t0, $s0
    move    $t9, $s0
    move    $gp, $s0
    mthi    $s0
    mtlo    $s0
    li      $v0, AEGIS_CALL_YIELD
    move    $a0, $zero
    syscall
    b       child_secret
     nop
/*
 * System calls at random, for ever: a0 = seed, a1 = a page, a3 = an envid. A number is small, a page number, an
 * address, anything, the page, 0, -1 or the envid, one time in eight each.
 */
    .globl child_fuzz
child_fuzz:
    move    $s0, $a0
    move    $s1, $a1
    move    $s2, $a3
1:  bal     random_value
     nop
    move    $s3, $v0
    bal     random_value
     nop
    move    $s4, $v0
    bal     random_value
     nop
    move    $s5, $v0
    bal     random_value
     nop
    move    $s6, $v0
    bal     random_value
     nop
    move    $t0, $v0
    bal     random_value
     nop
    srl     $v0, $s0, 20
    andi    $v0, $v0, 127
    move    $a0, $s3
    move    $a1, $s4
    move    $a2, $s5
    move    $a3, $s6
    syscall
    b       1b
     nop
random_value:
    lui     $t8, 0x19
    ori     $t8, $t8, 0x660d            /* 1664525 */
    multu   $s0, $t8
    lui     $t8, 0x3c6e
    ori     $t8, $t8, 0xf35f            /* 1013904223 */
    mflo    $s0
    addu    $s0, $s0, $t8
    srl     $t8, $s0, 29
    srl     $t9, $s0, 5
    beqz    $t8, 2f
     andi   $v0, $t9, 0x3f
    addiu   $t8, $t8, -1
    beqz    $t8, 2f
     andi   $v0, $t9, 0x7ff
    addiu   $t8, $t8, -1
    sll     $v0, $t9, 10
    beqz    $t8, 2f
     srl    $v0, $v0, 9                 /* 22 bits, even */
    addiu   $t8, $t8, -1
    beqz    $t8, 2f
     move   $v0, $s0
    addiu   $t8, $t8, -1
    beqz    $t8, 2f
     move   $v0, $s1
    addiu   $t8, $t8, -1
    beqz    $t8, 2f
     move   $v0, $zero
    addiu   $t8, $t8, -1
    beqz    $t8, 2f
     li     $v0, -1
    move    $v0, $s2
2:  jr      $ra
     nop

/* Start-of-slice handler that first notes whether any register holds something: shared word 5 is then not 0. */
    .globl child_peek_start
child_peek_start:
    mfhi    $k1
    or      $at, $at, $v0
    or      $at, $at, $v1
    or      $at, $at, $a0
    or      $at, $at, $a1
    or      $at, $at, $t0
    or      $at, $at, $t9
    or      $at, $at, $s0
    or      $at, $at, $s7
    or      $at, $at, $gp
    or      $at, $at, $sp
    or      $at, $at, $fp
    or      $at, $at, $ra
    or      $at, $at, $k1
    mflo    $k1
    or      $at, $at, $k1
    lui     $s1, 0x7f00
    ori     $s1, $s1, 0x3000
    lw      $t0, 20($s1)
    nop
    or      $t0, $t0, $at
    b       slice_start
     sw     $t0, 20($s1)

/*
 * Loops whose cycles the host counts, by trace points on the labels. The page is copied to physical page 1000, away
 * from the kernel in the caches.
 */
    .globl cost_null, cost_null_stack, cost_tlb_write, cost_overflow, cost_overflow_at, cost_overflow_handler
    .globl cost_refill, cost_refill_at, cost_transfer, cost_transfer_at, cost_transfer_reply, cost_cid, cost_cid_at
cost_null:                              /* 64 null system calls */
    li      $t0, 64
1:  li      $v0, AEGIS_CALL_NULL
    syscall
    addiu   $t0, $t0, -1
    bnez    $t0, 1b
     nop
    jr      $ra
     nop
cost_null_stack:
    addiu   $sp, $sp, -8
    sw      $s0, 0($sp)
    li      $s0, 64
    .globl cost_null_stack_at
1:  li      $v0, AEGIS_CALL_NULL_STACK
cost_null_stack_at:
    syscall
    addiu   $s0, $s0, -1
    bnez    $s0, 1b
     nop
    lw      $s0, 0($sp)
    jr      $ra
     addiu  $sp, $sp, 8
cost_tlb_write:                         /* a0, a1 as for the call */
    li      $t0, 64
1:  li      $v0, AEGIS_CALL_TLB_WRITE
    syscall
    addiu   $t0, $t0, -1
    bnez    $t0, 1b
     nop
    jr      $ra
     nop
cost_overflow:                          /* 64 exceptions; the handler skips the instruction */
    li      $t3, 64
    lui     $t4, 0x7fff
1:  nop
cost_overflow_at:
    add     $t5, $t4, $t4
    addiu   $t3, $t3, -1
    bnez    $t3, 1b
     nop
    jr      $ra
     nop
cost_overflow_handler:
    addiu   $k1, $t0, 4
    lui     $t2, UPAGE_HIGH
    lw      $t0, 0x40($t2)
    lw      $t1, 0x44($t2)
    jr      $k1
     lw     $t2, 0x48($t2)
cost_refill:                            /* a0: base of 80 mapped pages, more than the TLB holds; 10 rounds */
    li      $t1, 10
1:  li      $t0, 80
    move    $t2, $a0
2:  nop
cost_refill_at:
    lw      $t3, 0($t2)
    addiu   $t0, $t0, -1
    bnez    $t0, 2b
     addiu  $t2, $t2, 4096
    addiu   $t1, $t1, -1
    bnez    $t1, 1b
     nop
    jr      $ra
     nop
cost_transfer:                          /* a0: server, a2: own envid; 64 calls and replies */
    move    $t1, $a0
    li      $t0, 64
1:  move    $a0, $t1
    li      $v0, AEGIS_CALL_SCALL
cost_transfer_at:
    syscall
cost_transfer_reply:
    addiu   $t0, $t0, -1
    bnez    $t0, 1b
     nop
    jr      $ra
     nop
cost_cid:                               /* a0, a1: two contexts; 64 switches, the last to a0 */
    li      $t0, 64
1:  move    $t1, $a0
    move    $a0, $a1
    move    $a1, $t1
    li      $v0, AEGIS_CALL_CID_SWITCH
cost_cid_at:
    syscall
    addiu   $t0, $t0, -1
    bnez    $t0, 1b
     nop
    jr      $ra
     nop
    .balign 4096
