/*
 * Handlers as applications write them. Addresses are places in the handler's page: whatever the
 * upper bits say. A label NAME_end follows each.
 */
#include "abi-asm.h"
    .set noreorder
    .set noat
    .section .text.ash, "ax"

    .macro handler name
    .globl \name, \name\()_end
\name:
    .endm
    .macro end name
\name\()_end:
    .endm

/*
 * Copies its message to the start of the page, counts in word 1024, puts the count into the
 * payload, sends it back.
 */
    handler ash_echo
    move    $s0, $a0
    move    $a0, $zero
    move    $a1, $zero
    move    $a2, $s0
    syscall AEGIS_ASH_COPY
    lw      $t0, 1024($zero)
    nop
    addiu   $t0, $t0, 1
    sw      $t0, 1024($zero)
    sw      $t0, 44($zero)
    move    $a0, $zero
    move    $a1, $s0
    syscall AEGIS_ASH_SEND
    jr      $ra
     move   $v0, $zero
    end ash_echo

/*
 * The message says at offset 44 where it wants to be put (vectoring) and is summed on the way;
 * leaves the sum in 1028.
 */
    handler ash_vector
    move    $s0, $a0
    li      $a0, 44
    syscall AEGIS_ASH_LOAD
    move    $a1, $v0
    move    $a0, $zero
    move    $a2, $s0
    syscall AEGIS_ASH_COPY_SUM
    sw      $v0, 1032($zero)
    sw      $v1, 1028($zero)
    syscall AEGIS_ASH_WAKE
    jr      $ra
     move   $v0, $zero
    end ash_vector

/*
 * General computation: sums the words of the page from 2048 to 2112 in a loop with loads and
 * stores in delay slots.
 */
    handler ash_compute
    li      $t0, 2048
    li      $t1, 16
    move    $t2, $zero
1:  lw      $t3, 0($t0)
    addiu   $t1, $t1, -1
    addu    $t2, $t2, $t3
    bgtz    $t1, 1b
     addiu  $t0, $t0, 4
    bltz    $t2, 2f
     sw     $t2, 1036($zero)
    b       3f
     lw     $t4, 1036($zero)
2:  j       4f
     nop
3:  nop
    sw      $t4, 1040($zero)
4:  jr      $ra
     li     $v0, AEGIS_ASH_PASS
    end ash_compute

    handler ash_loop
1:  b       1b
     nop
    end ash_loop

/* A loop that is left only after longer than the budget, and divides meanwhile. */
    handler ash_long
    li      $t0, 0x7fff
1:  div     $zero, $t0, $t0
    bnez    $t0, 1b
     addiu  $t0, $t0, -1
    jr      $ra
     move   $v0, $zero
    end ash_long

    handler ash_flood
    li      $s0, 1000
1:  move    $a0, $zero
    li      $a1, 60
    syscall AEGIS_ASH_SEND
    addiu   $s0, $s0, -1
    bgtz    $s0, 1b
     nop
    jr      $ra
     move   $v0, $zero
    end ash_flood

/* Copies without end: each copy costs. */
    handler ash_copies
1:  move    $a0, $zero
    move    $a1, $zero
    li      $a2, 60
    syscall AEGIS_ASH_COPY
    b       1b
     nop
    end ash_copies

    handler ash_past
    nop
    nop
    end ash_past

/*
 * Stores to the kernel, to the exported tables and below zero; loads from the kernel. All of it
 * stays in the page.
 */
    handler ash_outside
    lui     $t0, 0x8002
    li      $t1, 0x5a
    sw      $t1, 0x100($t0)
    sb      $t1, -1($t0)
    lui     $t0, 0x8010
    sw      $t1, 0x200($t0)
    sh      $t1, 0x302($t0)
    lui     $t2, 0xbfc0
    lw      $t3, 0x400($t2)
    swl     $t1, 0x503($t0)
    sw      $t3, 0x404($t2)
    lui     $t4, 0x7fff
    ori     $t4, $t4, 0xffff
    add     $t4, $t4, $t4
    addi    $t4, $t4, 0x7fff
    sw      $sp, 0x408($zero)
    lw      $t5, 3($sp)
    sw      $t5, 0x40c($t0)
    jr      $ra
     li     $v0, AEGIS_ASH_PASS
    end ash_outside

/* What the one who was interrupted left in hi and lo. */
    handler ash_peek
    mfhi    $t0
    mflo    $t1
    sw      $t0, 1100($zero)
    sw      $t1, 1104($zero)
    jr      $ra
     move   $v0, $zero
    end ash_peek

/* Helpers with places and lengths that are not its own. v0 of each is kept from word 1100 on. */
    handler ash_abuse
    move    $s0, $a0
    move    $a0, $zero
    li      $a1, 0x4000                 /* page 4 */
    li      $a2, 60
    syscall AEGIS_ASH_COPY
    sw      $v0, 1100($zero)
    move    $a0, $zero
    li      $a1, 0x1000                 /* page 1 is not bound */
    li      $a2, 60
    syscall AEGIS_ASH_COPY
    sw      $v0, 1104($zero)
    move    $a0, $zero
    li      $a1, 4090
    li      $a2, 60
    syscall AEGIS_ASH_COPY
    sw      $v0, 1108($zero)
    li      $a0, 4
    move    $a1, $zero
    move    $a2, $s0                    /* beyond the message */
    syscall AEGIS_ASH_COPY
    sw      $v0, 1112($zero)
    move    $a0, $zero
    lui     $a1, 0x8000
    li      $a2, 4
    syscall AEGIS_ASH_COPY_SUM
    sw      $v0, 1116($zero)
    li      $a0, 0
    lui     $a1, 0xffff
    syscall AEGIS_ASH_SEND
    sw      $v0, 1120($zero)
    li      $a0, -4
    syscall AEGIS_ASH_LOAD
    sw      $v0, 1124($zero)
    jr      $ra
     li     $v0, AEGIS_ASH_PASS
    end ash_abuse

    .balign 4
