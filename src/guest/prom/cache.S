/*
 * R3000A caches through isolation (Status.IsC, SwC): size, invalidation, test. No memory is used.
 * An isolated word store makes a line valid, a byte store invalidates it, a load sets Status.CM on a miss.
 * Each routine stays in its caller's segment. Called cached with SwC, its instructions come through the D cache, so
 * that must be in order first: at reset both caches are sized and invalidated uncached, the D cache before the I cache.
 */
#include "machine.h"

	.set	noreorder
	.text

/* Isolates: a copy of Status in t8, then IsC plus the bits of `swap`, interrupts off. */
#define ISOLATE(swap)	mfc0 $t8, $12; lui $t9, SR_ISC >> 16; or $t9, $t9, swap; lui $v1, SR_BEV >> 16; \
			and $v1, $v1, $t8; or $t9, $t9, $v1; nop; mtc0 $t9, $12; nop; nop; nop
#define RESTORE		nop; nop; mtc0 $t8, $12; nop; nop; nop; nop

/*
 * cache_size(swap) -> bytes, 0 when the cache holds nothing. A word must read back with a hit; then markers from
 * 256 KB down to 4 KB, each at its own size as offset: the smallest that falls on offset 0 stays there.
 */
	.globl	cache_size
cache_size:
	ISOLATE($a0)
	lui	$t0, KSEG0 >> 16
	li	$t1, 0x40000
	sw	$t1, 0($t0)
	lw	$v0, 0($t0)
	mfc0	$t2, $12
	bne	$v0, $t1, 2f
	 move	$v0, $zero
	lui	$t3, SR_CM >> 16
	and	$t2, $t2, $t3
	bnez	$t2, 2f
	 nop
1:	addu	$t2, $t0, $t1
	sw	$t1, 0($t2)
	srl	$t1, $t1, 1
	sltiu	$t2, $t1, 0x1000
	beqz	$t2, 1b
	 nop
	lw	$v0, 0($t0)
	sb	$zero, 0($t0)		/* no marker may stay behind as a valid line */
	li	$t1, 0x40000
3:	addu	$t2, $t0, $t1
	srl	$t1, $t1, 1
	sltiu	$t3, $t1, 0x1000
	beqz	$t3, 3b
	 sb	$zero, 0($t2)
2:	RESTORE
	jr	$ra
	 nop

/* cache_invalidate(start, bytes, swap): start and bytes are multiples of 64. 18 instructions per 16 words. */
	.globl	cache_invalidate
cache_invalidate:
	blez	$a1, 2f
	 addu	$a1, $a0, $a1
	ISOLATE($a2)
1:	sb	$zero, 0($a0)
	sb	$zero, 4($a0)
	sb	$zero, 8($a0)
	sb	$zero, 12($a0)
	sb	$zero, 16($a0)
	sb	$zero, 20($a0)
	sb	$zero, 24($a0)
	sb	$zero, 28($a0)
	sb	$zero, 32($a0)
	sb	$zero, 36($a0)
	sb	$zero, 40($a0)
	sb	$zero, 44($a0)
	sb	$zero, 48($a0)
	sb	$zero, 52($a0)
	addiu	$a0, $a0, 64
	sb	$zero, -8($a0)
	bne	$a0, $a1, 1b
	 sb	$zero, -4($a0)
	RESTORE
2:	jr	$ra
	 nop

/*
 * cache_test(bytes, swap) -> 0, or the kseg0 address of the first word that did not hold its value (| 1: whose tag
 * missed). Fills the cache with address ^ pattern, reads all of it back, leaves it invalid.
 */
	.globl	cache_test
cache_test:
	ISOLATE($a1)
	lui	$t0, KSEG0 >> 16
	addu	$t1, $t0, $a0
	lui	$t2, 0x5aa5
	ori	$t2, $t2, 0xa55a
2:	xor	$t3, $t0, $t2
	sw	$t3, 0($t0)
	xori	$t4, $t3, 4
	sw	$t4, 4($t0)
	xori	$t5, $t3, 8
	sw	$t5, 8($t0)
	xori	$t6, $t3, 12
	addiu	$t0, $t0, 16
	bne	$t0, $t1, 2b
	 sw	$t6, -4($t0)

	lui	$t0, KSEG0 >> 16
	lui	$t7, SR_CM >> 16
	move	$v0, $zero
3:	xor	$t3, $t0, $t2
	lw	$t4, 0($t0)
	mfc0	$t5, $12
	bne	$t4, $t3, 5f
	 xori	$t3, $t3, 4
	lw	$t4, 4($t0)
	mfc0	$t6, $12
	bne	$t4, $t3, 7f
	 and	$t5, $t5, $t7
	bnez	$t5, 6f
	 and	$t6, $t6, $t7
	bnez	$t6, 6f
	 addiu	$t0, $t0, 4
	addiu	$t0, $t0, 4
	bne	$t0, $t1, 3b
	 nop
	b	4f
	 nop
6:	ori	$v0, $t0, 1
	b	4f
	 nop
7:	addiu	$t0, $t0, 4
	move	$t5, $t6
5:	and	$t5, $t5, $t7
	bnez	$t5, 6b
	 nop
	move	$v0, $t0
4:	RESTORE
	move	$a2, $a1
	move	$a1, $a0
	lui	$a0, KSEG0 >> 16
	j	cache_invalidate
	 nop
