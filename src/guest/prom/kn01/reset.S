/*
 * The start of the KN01's ROM: a table of entries that kernels jump to, 8 bytes each, at 0xbfc00000 + 8n. Entry 0 is
 * the reset vector, 32 (0xbfc00100) and 48 (0xbfc00180) are the exception vectors while BEV is set. Numbers: NetBSD
 * dec_prom.h, Linux asm/dec/prom.h. Services are ordinary C functions; what this firmware has no use for answers 0.
 */
#include "board.h"

	.set	noreorder
	.section .text.vectors, "ax"

#define ENTRY(number, target)	.org 8 * number; j target; nop

	.globl	prom_reset
prom_reset:
	ENTRY(0, reset)
	ENTRY(1, service_none)		/* exec */
	ENTRY(2, kernel_ended)		/* restart */
	ENTRY(3, kernel_ended)		/* reinit: where NetBSD halts */
	ENTRY(4, prom_reinitialise)	/* reboot */
	ENTRY(5, prom_reinitialise)	/* autoboot */
	ENTRY(6, file_open)
	ENTRY(7, file_read)
	ENTRY(8, file_write)
	ENTRY(9, service_none)		/* ioctl */
	ENTRY(10, file_close)
	ENTRY(11, file_seek)
	ENTRY(12, console_get)
	ENTRY(13, service_putchar)
	ENTRY(14, service_showchar)
	ENTRY(15, vector_gets)
	ENTRY(16, vector_puts)
	ENTRY(17, prom_printf)
	.rept	10			/* 18 to 27: network and protocol hooks */
	j	service_none
	 nop
	.endr
	ENTRY(28, service_flush_cache)
	ENTRY(29, vector_clear_cache)
	ENTRY(30, service_none)		/* save registers */
	ENTRY(31, service_none)		/* load registers */
	ENTRY(32, prom_exception)	/* UTLB miss */
	ENTRY(33, environment_get)	/* getenv2 */
	ENTRY(34, environment_set)	/* setenv2 */
	ENTRY(35, service_number)	/* atonum */
	ENTRY(36, prom_strcmp)
	ENTRY(37, prom_strlen)
	ENTRY(38, prom_strcpy)
	ENTRY(39, prom_strcat)
	.rept	7			/* 40 to 46: command line reader */
	j	service_none
	 nop
	.endr
	ENTRY(47, environment_print)
	ENTRY(48, prom_exception)	/* every other exception */
	.rept	5
	j	service_none
	 nop
	.endr
	ENTRY(54, kernel_ended)		/* halt */
	.rept	43			/* 55 to 97 */
	j	service_none
	 nop
	.endr

/*
 * A kernel is done: as if it had jumped to the reset vector. The firmware's variables may be long gone, so everything
 * starts afresh, and `haltaction` says what follows.
 */
kernel_ended:
	j	prom_start
	 move	$s7, $zero

/* By power-on (BEV = 1) or by a kernel's jump (BEV = 0). */
reset:
	mfc0	$s7, $12
	lui	$t0, SR_BEV >> 16
	j	prom_start
	 and	$s7, $s7, $t0

/* board_reset: no stack yet. Parity checks off (there is none to check), latched errors gone, all lights on. */
	.text
	.globl	board_reset
board_reset:
	li	$t0, CSR
	li	$t1, CSR_PARITY_OFF | CSR_MEMORY_ERROR | CSR_VIDEO
	jr	$ra
	 sh	$t1, 0($t0)
