/*
 * Into an application-specific handler and back (SOSP'95 section 5.5.2), and from it to the
 * kernel's helpers. While a handler runs, k0 = its page and k1 = instructions left; at is the
 * sandbox's, and no instruction of the handler's own can touch these three or ra. The kernel's
 * registers are cleared before it starts.
 */
#include "kernel-asm.h"
#include "ash.h"

    .set noreorder
    .set noat
    .text

#define SAVED 48

/*
 * int32_t ash_enter(a0 = length, a1 = filter, a2 = code, a3 = page). About 45 instructions in, 20
 * out.
 */
    .globl ash_enter, ash_return, ash_abort, ash_past
ash_enter:
    addiu   $sp, $sp, -SAVED
    sw      $s0, 0($sp)
    sw      $s1, 4($sp)
    sw      $s2, 8($sp)
    sw      $s3, 12($sp)
    sw      $s4, 16($sp)
    sw      $s5, 20($sp)
    sw      $s6, 24($sp)
    sw      $s7, 28($sp)
    sw      $gp, 32($sp)
    sw      $fp, 36($sp)
    sw      $ra, 40($sp)
    lui     $t0, %hi(ash_state)
    lw      $k1, %lo(ash_state) + ASH_BUDGET($t0)
    sw      $sp, %lo(ash_state) + ASH_KERNEL_SP($t0)
    move    $k0, $a3
    move    $ra, $a2
    mthi    $zero                       /* of whoever was interrupted */
    mtlo    $zero
    move    $at, $zero
    move    $v0, $zero
    move    $v1, $zero
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
    move    $t8, $zero
    move    $t9, $zero
    move    $s0, $zero
    move    $s1, $zero
    move    $s2, $zero
    move    $s3, $zero
    move    $s4, $zero
    move    $s5, $zero
    move    $s6, $zero
    move    $s7, $zero
    move    $gp, $zero
    move    $fp, $zero
    jr      $ra
     li     $sp, AEGIS_PAGE_SIZE - 16

/* Where `jr ra` of a handler leads: its v0 as a number that is not negative. */
ash_return:
    sltu    $v0, $zero, $v0
leave:
    lui     $t0, %hi(ash_state)
    lw      $sp, %lo(ash_state) + ASH_KERNEL_SP($t0)
    sw      $k1, %lo(ash_state) + ASH_BUDGET($t0)
    lw      $s0, 0($sp)
    lw      $s1, 4($sp)
    lw      $s2, 8($sp)
    lw      $s3, 12($sp)
    lw      $s4, 16($sp)
    lw      $s5, 20($sp)
    lw      $s6, 24($sp)
    lw      $s7, 28($sp)
    lw      $gp, 32($sp)
    lw      $fp, 36($sp)
    lw      $ra, 40($sp)
    nop
    jr      $ra
     addiu  $sp, $sp, SAVED

ash_abort:
    b       leave
     li     $v0, ASH_ENDED_BUDGET
ash_past:
    b       leave
     li     $v0, ASH_ENDED_PAST

/*
 * Helper 1: v0 = the word of the message at offset a0, 0 beyond its end. 14 instructions. The
 * layout is frame_place's: 16 bytes of each 32.
 */
    .globl ash_helper_load
ash_helper_load:
    lui     $at, %hi(ash_state)
    lw      $v0, %lo(ash_state) + ASH_LENGTH($at)
    srl     $v1, $a0, 2
    sll     $v1, $v1, 2
    sltu    $v0, $v1, $v0
    beqz    $v0, 1f
     lw     $at, %lo(ash_state) + ASH_FRAME($at)
    srl     $v0, $v1, 4
    sll     $v0, $v0, 4
    addu    $v1, $v1, $v0
    addu    $at, $at, $v1
    lw      $v0, 0($at)
1:  jr      $ra
     nop

/*
 * The other helpers are C: kernel stack, and the budget where they can charge it. Caller-saved
 * registers come back with whatever the helper left, which knows nothing but this message.
 */
    .globl ash_helper_copy, ash_helper_copy_sum, ash_helper_send, ash_helper_wake
ash_helper_copy:
    lui     $t9, %hi(ash_copy)
    b       call_helper
     addiu  $t9, $t9, %lo(ash_copy)
ash_helper_copy_sum:
    lui     $t9, %hi(ash_copy_sum)
    b       call_helper
     addiu  $t9, $t9, %lo(ash_copy_sum)
ash_helper_send:
    lui     $t9, %hi(ash_send)
    b       call_helper
     addiu  $t9, $t9, %lo(ash_send)
ash_helper_wake:
    lui     $t9, %hi(ash_wake)
    addiu   $t9, $t9, %lo(ash_wake)
call_helper:
    lui     $at, %hi(ash_state)
    sw      $sp, %lo(ash_state) + ASH_USER_SP($at)
    lw      $sp, %lo(ash_state) + ASH_KERNEL_SP($at)
    sw      $k1, %lo(ash_state) + ASH_BUDGET($at)
    sw      $ra, %lo(ash_state) + ASH_RA($at)
    jalr    $t9
     addiu  $sp, $sp, -32
    lui     $at, %hi(ash_state)
    lw      $k1, %lo(ash_state) + ASH_BUDGET($at)
    lw      $ra, %lo(ash_state) + ASH_RA($at)
    bltz    $k1, ash_abort
     lw     $sp, %lo(ash_state) + ASH_USER_SP($at)
    jr      $ra
     nop
