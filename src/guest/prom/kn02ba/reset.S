/*
 * Reset and exception vectors of the KN02-BA, and its registers as they must be before anything else.
 * Reset vector 0xbfc00000, BEV vectors 0xbfc00100 (UTLB miss) and 0xbfc00180 (all else): R3000 architecture.
 */
#include "board.h"

	.set	noreorder
	.section .text.vectors, "ax"

/* ---- 0xbfc00000: reset, by power-on (BEV = 1) or by a kernel's jump (BEV = 0) ---- */
	.globl	prom_reset
prom_reset:
	mfc0	$s7, $12
	lui	$t0, SR_BEV >> 16
	j	prom_start
	 and	$s7, $s7, $t0

	.org	0x100
	j	prom_exception
	 nop

	.org	0x180
	j	prom_exception
	 nop

/* board_reset: no stack yet. Clobbers t0, t1. */
	.text
	.globl	board_reset
board_reset:
	li	$t0, IOASIC_SSR		/* chips out of reset, DMA off */
	li	$t1, SSR_RELEASE_RESETS
	sw	$t1, 0($t0)
	li	$t0, IOASIC_SIMR
	sw	$zero, 0($t0)
	li	$t0, IOASIC_SCSI_DECODE
	li	$t1, 0xe
	sw	$t1, 0($t0)
	li	$t0, IOASIC_LANCE_DECODE
	li	$t1, 3
	sw	$t1, 0($t0)
	li	$t0, IOASIC_SCC0_DECODE
	li	$t1, 0x14
	sw	$t1, 0($t0)
	li	$t0, IOASIC_SCC1_DECODE
	li	$t1, 0x16
	sw	$t1, 0($t0)
	li	$t0, MEMORY_TIMEOUT_CONFIG
	li	$t1, MEMORY_TIMEOUT_12_5_MHZ
	sw	$t1, 0($t0)
	li	$t0, MEMORY_MSR		/* widest stride until memory has been sized */
	li	$t1, MEMORY_MSR_STRIDE_16M
	sw	$t1, 0($t0)
	li	$t0, MEMORY_INTERRUPT
	jr	$ra
	 sw	$zero, 0($t0)
