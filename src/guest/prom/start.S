/*
 * From the vectors (`reset.S` of the board) to C, entry to kernels, the halted loop.
 * Linked at kseg1 addresses. Until the caches hold nothing but invalid lines everything runs from registers, uncached.
 */
#include "machine.h"

	.set	noreorder
	.section .text.start, "ax"

/* kseg1 ROM address to kseg0. Clobbers t9. */
#define CACHED_ALIAS(register)	lui $t9, 0x2000; xor register, register, $t9

/*
 * Every exception while BEV is set comes here. A probe has left the address to go on at in trap_recover. Otherwise the
 * exception is unexpected: registers are kept in trap_frame and reported. Clobbers k0, k1.
 */
	.globl	prom_exception
prom_exception:
	lui	$k0, %hi(trap_recover)
	lw	$k0, %lo(trap_recover)($k0)
	lui	$k1, %hi(trap_recover)
	beqz	$k0, unexpected
	 nop
	sw	$zero, %lo(trap_recover)($k1)
	jr	$k0
	 rfe

unexpected:
	la	$k0, trap_frame
	.set	noat
	sw	$0, 0($k0)
	sw	$1, 4($k0)
	sw	$2, 8($k0)
	sw	$3, 12($k0)
	sw	$4, 16($k0)
	sw	$5, 20($k0)
	sw	$6, 24($k0)
	sw	$7, 28($k0)
	sw	$8, 32($k0)
	sw	$9, 36($k0)
	sw	$10, 40($k0)
	sw	$11, 44($k0)
	sw	$12, 48($k0)
	sw	$13, 52($k0)
	sw	$14, 56($k0)
	sw	$15, 60($k0)
	sw	$16, 64($k0)
	sw	$17, 68($k0)
	sw	$18, 72($k0)
	sw	$19, 76($k0)
	sw	$20, 80($k0)
	sw	$21, 84($k0)
	sw	$22, 88($k0)
	sw	$23, 92($k0)
	sw	$24, 96($k0)
	sw	$25, 100($k0)
	sw	$26, 104($k0)
	sw	$27, 108($k0)
	sw	$28, 112($k0)
	sw	$29, 116($k0)
	sw	$30, 120($k0)
	sw	$31, 124($k0)
	.set	at
	mfhi	$t0
	mflo	$t1
	sw	$t0, 128($k0)
	sw	$t1, 132($k0)
	mfc0	$t0, $12
	mfc0	$t1, $13
	sw	$t0, 136($k0)
	sw	$t1, 140($k0)
	mfc0	$t0, $14
	mfc0	$t1, $8
	sw	$t0, 144($k0)
	sw	$t1, 148($k0)
	lui	$t0, SR_BEV >> 16
	mtc0	$t0, $12
	li	$sp, PROM_STACK_TOP - 32
	move	$a0, $k0
	jal	trap_report
	 nop

/* ---- cold start, from the reset vector; s7 = Status.BEV as it was then ---- */
	.globl	prom_start
prom_start:
	lui	$t0, SR_BEV >> 16	/* interrupts off, nothing isolated, vectors in ROM */
	mtc0	$t0, $12
	nop
	nop
	mtc0	$zero, $13
	nop
	jal	board_reset
	 nop

	/* cache_size and cache_invalidate use no memory: they may run before there is a stack. */
	jal	cache_size
	 move	$a0, $zero
	li	$a0, KSEG0
	move	$a1, $v0
	jal	cache_invalidate
	 move	$a2, $zero
	jal	cache_size
	 lui	$a0, SR_SWC >> 16
	/* With the caches swapped first, the loop that empties the I cache may come through the clean D cache. */
	li	$t0, SR_BEV | SR_ISC | SR_SWC
	mtc0	$t0, $12
	nop
	nop
	la	$t0, cache_invalidate
	CACHED_ALIAS($t0)
	li	$a0, KSEG0
	move	$a1, $v0
	jalr	$t0
	 lui	$a2, SR_SWC >> 16
	lui	$t0, SR_BEV >> 16
	mtc0	$t0, $12
	nop
	nop

	la	$t0, __bss_start
	la	$t1, __bss_end
1:	sw	$zero, 0($t0)
	sw	$zero, 4($t0)
	sw	$zero, 8($t0)
	addiu	$t0, $t0, 16
	bne	$t0, $t1, 1b
	 sw	$zero, -4($t0)

	li	$sp, PROM_STACK_TOP - 32
	sltiu	$a0, $s7, 1		/* is_warm: BEV was clear, so a kernel jumped here */
	la	$t0, prom_main
	CACHED_ALIAS($t0)
	jr	$t0
	 nop

/* ---- prom_prompt_restart: fresh stack, vectors in ROM, then the prompt (uncached: the caches may hold anything) ---- */
	.globl	prom_prompt_restart
prom_prompt_restart:
	lui	$t0, SR_BEV >> 16
	mtc0	$t0, $12
	li	$sp, PROM_STACK_TOP - 32
	la	$t0, prompt_loop
	jr	$t0
	 nop

/* ---- prom_reinitialise: as after power-on ---- */
	.globl	prom_reinitialise
prom_reinitialise:
	lui	$t0, SR_BEV >> 16
	mtc0	$t0, $12
	la	$t0, prom_reset
	jr	$t0
	 nop

/* ---- prom_halted: the machine has stopped; whoever watches the machine attaches here ---- */
	.globl	prom_stop, prom_halted
prom_stop:
	mtc0	$zero, $12
	la	$t0, prom_halted
	jr	$t0
	 nop
prom_halted:
	b	prom_halted
	 nop

/*
 * prom_enter(entry, argc, argv, magic, vector): a0 argc, a1 argv, a2 magic, a3 vector, BEV and IEc clear, caches
 * invalidated by the caller. The stack stays the firmware's.
 */
	.globl	prom_enter
prom_enter:
	lw	$t1, 16($sp)
	move	$t0, $a0
	move	$a0, $a1
	move	$a1, $a2
	move	$a2, $a3
	move	$a3, $t1
	lui	$t1, SR_CU1_CU0 >> 16
	mtc0	$t1, $12
	nop
	nop
	jr	$t0
	 nop

/*
 * prom_probe_word(address, value): reads one word; v0 = 1 and the word stored, or 0 when the bus timed out.
 * Needs BEV = 1.
 */
	.globl	prom_probe_word
prom_probe_word:
	la	$t0, 1f
	lui	$t1, %hi(trap_recover)
	sw	$t0, %lo(trap_recover)($t1)
	move	$v0, $zero
	lw	$t2, 0($a0)
	nop
	nop
	sw	$t2, 0($a1)
	li	$v0, 1
1:	lui	$t1, %hi(trap_recover)
	jr	$ra
	 sw	$zero, %lo(trap_recover)($t1)

	.section .bss
	.balign	8
	.globl	trap_frame
trap_recover:
	.space	4
trap_frame:
	.space	38 * 4
