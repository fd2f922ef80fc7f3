/*
 * A test environment that takes the place of init: start, slice upcalls, exception upcalls and call stubs, all in the
 * linear guaranteed mapping. The upage is at 0x7f000000; registers are saved from its library part (0x200) on.
 */
#include "abi-asm.h"

#define UPAGE_HIGH 0x7f00
#define REGISTERS OFFSET_UPAGE_LIBRARY

    .set noreorder
    .set noat
    .text
    .globl _start
_start:
    lui     $sp, 0x7f04
    addiu   $sp, $sp, -32
    /* Where a start-of-slice handler goes on: a tick may come as soon as the real one is named. */
    lui     $k1, UPAGE_HIGH
    lui     $t0, %hi(1f)
    addiu   $t0, $t0, %lo(1f)
    sw      $t0, OFFSET_UPAGE_FRAMES($k1)
    sw      $zero, OFFSET_UPAGE_FRAMES + 4($k1)
    sw      $sp, REGISTERS + 4 * 29($k1)
    jal     test_prepare
     nop
    /* Leave the start-of-slice state: resume at the next line. */
    li      $v0, AEGIS_CALL_RESUME
    syscall
1:  jal     test_main
     nop
2:  b       2b
     nop

/* Exceptions other than TLB misses: counts by cause, skips the instruction, returns without the kernel. */
    .globl on_exception, exception_count, exception_address
on_exception:
    srl     $t2, $t2, 2
    andi    $t2, $t2, 31
    sll     $t2, $t2, 2
    lui     $k1, %hi(exception_address)
    sw      $t1, %lo(exception_address)($k1)
    lui     $k1, %hi(exception_count)
    addu    $k1, $k1, $t2
    lw      $t1, %lo(exception_count)($k1)
    nop
    addiu   $t1, $t1, 1
    sw      $t1, %lo(exception_count)($k1)
    addiu   $k1, $t0, 4
    lui     $t2, UPAGE_HIGH
    lw      $t0, 0x40($t2)
    lw      $t1, 0x44($t2)
    jr      $k1
     lw     $t2, 0x48($t2)

/* TLB misses: maps the page named in miss_entry (EntryLo), or skips the instruction when the call refuses. */
    .globl on_miss, miss_entry, miss_count, miss_result
on_miss:
    lui     $k1, UPAGE_HIGH
    sw      $a0, 0x2f0($k1)
    sw      $a1, 0x2f4($k1)
    sw      $v0, 0x2f8($k1)
    lui     $a1, %hi(miss_count)
    lw      $v0, %lo(miss_count)($a1)
    move    $a0, $t1
    addiu   $v0, $v0, 1
    sw      $v0, %lo(miss_count)($a1)
    lui     $a1, %hi(miss_entry)
    lw      $a1, %lo(miss_entry)($a1)
    li      $v0, AEGIS_CALL_TLB_WRITE
    syscall
    lui     $a1, %hi(miss_result)
    sw      $v0, %lo(miss_result)($a1)
    bgez    $v0, 1f
     move   $k1, $t0
    addiu   $k1, $t0, 4
1:  lui     $t2, UPAGE_HIGH
    lw      $a0, 0x2f0($t2)
    lw      $a1, 0x2f4($t2)
    lw      $v0, 0x2f8($t2)
    lw      $t0, 0x20($t2)
    lw      $t1, 0x24($t2)
    jr      $k1
     lw     $t2, 0x28($t2)

/* int probe_load(address) and void probe_store(address, value): one access each, so that a handler can skip it. */
    .globl probe_load, probe_store, probe_overflow, probe_break, probe_cop1
probe_load:
    li      $v0, -1
    lw      $v0, 0($a0)
    nop
    jr      $ra
     nop
probe_store:
    sw      $a1, 0($a0)
    jr      $ra
     nop
probe_overflow:
    lui     $t0, 0x7fff
    ori     $t0, $t0, 0xffff
    add     $t0, $t0, $t0
    jr      $ra
     nop
probe_break:
    break
    jr      $ra
     nop
probe_cop1:
    mtc1    $zero, $f0
    jr      $ra
     nop

/* uint32_t probe_switch(context): cid_switch; what differs afterwards in any register but k0 and sp, or-ed. */
    .globl probe_switch
probe_switch:
    addiu   $sp, $sp, -56
    sw      $a0, 0($sp)
    sw      $ra, 4($sp)
    sw      $gp, 8($sp)
    sw      $fp, 12($sp)
    sw      $s0, 16($sp)
    sw      $s1, 20($sp)
    sw      $s2, 24($sp)
    sw      $s3, 28($sp)
    sw      $s4, 32($sp)
    sw      $s5, 36($sp)
    sw      $s6, 40($sp)
    sw      $s7, 44($sp)
    li      $t0, 4711
    mthi    $t0
    mtlo    $t0
    .irp n, 1,3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,27,28,30,31
    li      $\n, \n * 1057
    .endr
    li      $v0, AEGIS_CALL_CID_SWITCH
    syscall
    addiu   $v0, $v0, -AEGIS_CALL_CID_SWITCH
    .irp n, 1,3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,27,28,30,31
    xori    $\n, $\n, \n * 1057
    or      $v0, $v0, $\n
    .endr
    mfhi    $t0
    mflo    $t1
    xori    $t0, $t0, 4711
    xori    $t1, $t1, 4711
    or      $v0, $v0, $t0
    or      $v0, $v0, $t1
    lw      $t0, 0($sp)
    lw      $ra, 4($sp)
    xor     $t0, $t0, $a0
    or      $v0, $v0, $t0
    lw      $gp, 8($sp)
    lw      $fp, 12($sp)
    lw      $s0, 16($sp)
    lw      $s1, 20($sp)
    lw      $s2, 24($sp)
    lw      $s3, 28($sp)
    lw      $s4, 32($sp)
    lw      $s5, 36($sp)
    lw      $s6, 40($sp)
    lw      $s7, 44($sp)
    jr      $ra
     addiu  $sp, $sp, 56

/* Raw call: int raw_call(number, a0, a1, a2). */
    .globl raw_call
raw_call:
    move    $v0, $a0
    move    $a0, $a1
    move    $a1, $a2
    move    $a2, $a3
    syscall
    jr      $ra
     nop

/*
 * int scall_alone(envid): a transfer after which no register is left: reply_alone, as scall entry, comes back from it
 * with v0.
 */
    .globl scall_alone, reply_alone
scall_alone:
    lui     $t0, %hi(kept)
    addiu   $t0, $t0, %lo(kept)
    sw      $s0, 0($t0)
    sw      $s1, 4($t0)
    sw      $s2, 8($t0)
    sw      $s3, 12($t0)
    sw      $s4, 16($t0)
    sw      $s5, 20($t0)
    sw      $s6, 24($t0)
    sw      $s7, 28($t0)
    sw      $gp, 32($t0)
    sw      $fp, 36($t0)
    sw      $sp, 40($t0)
    sw      $ra, 44($t0)
    li      $v0, AEGIS_CALL_SCALL
    syscall
reply_alone:
    lui     $t0, %hi(kept)
    addiu   $t0, $t0, %lo(kept)
    lw      $s0, 0($t0)
    lw      $s1, 4($t0)
    lw      $s2, 8($t0)
    lw      $s3, 12($t0)
    lw      $s4, 16($t0)
    lw      $s5, 20($t0)
    lw      $s6, 24($t0)
    lw      $s7, 28($t0)
    lw      $gp, 32($t0)
    lw      $fp, 36($t0)
    lw      $sp, 40($t0)
    lw      $ra, 44($t0)
    nop
    jr      $ra
     nop

/* uint32_t probe_leak(kind, instance, rights): mint, then every caller-saved register but the results, or-ed. */
    .globl probe_leak, probe_fpu_set, probe_fpu_get, probe_fpu_denormal
probe_leak:
    li      $v0, AEGIS_CALL_MINT
    syscall
    or      $v0, $at, $v1
    or      $v0, $v0, $t0
    or      $v0, $v0, $t1
    or      $v0, $v0, $t2
    or      $v0, $v0, $t3
    or      $v0, $v0, $t4
    or      $v0, $v0, $t5
    or      $v0, $v0, $t6
    or      $v0, $v0, $t7
    or      $v0, $v0, $t8
    or      $v0, $v0, $t9
    mfhi    $t0
    mflo    $t1
    or      $v0, $v0, $t0
    jr      $ra
     or     $v0, $v0, $t1

probe_fpu_set:
    mtc1    $a0, $f5
    mtc1    $a0, $f31
    jr      $ra
     nop
probe_fpu_denormal:                     /* what the target of a sum of denormals holds, 77 before */
    li      $t0, 1
    mtc1    $t0, $f0
    li      $t0, 77
    mtc1    $t0, $f2
    nop
    add.s   $f2, $f0, $f0
    mfc1    $v0, $f2
    nop
    jr      $ra
     nop
probe_fpu_get:                          /* -1 when it faults */
    li      $v0, -1
    mfc1    $v0, $f5
    nop
    jr      $ra
     nop

    .data
    .balign 4
kept:              .space 48
exception_count:   .space 64
exception_address: .word 0
miss_entry:        .word 0
miss_count:        .word 0
miss_result:       .word 0
