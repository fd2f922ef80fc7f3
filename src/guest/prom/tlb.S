/* The TLB: a test that writes, reads and probes all 64 entries, and clearing to 64 different unmapped page numbers. */
	.set	noreorder
	.text

#define INDEX	$0
#define ENTRYLO	$2
#define ENTRYHI	$10

/* Entry n holds VPN 0x00012000 + n, ASID n and a PFN with the same number, valid, not global. */
	.globl	tlb_test
tlb_test:
	move	$t0, $zero
1:	sll	$t1, $t0, 12
	sll	$t2, $t0, 6
	or	$t1, $t1, $t2
	lui	$t2, 0x1200
	or	$t1, $t1, $t2		/* EntryHi */
	sll	$t3, $t0, 14
	ori	$t3, $t3, 0x600		/* EntryLo: D V */
	sll	$t4, $t0, 8
	mtc0	$t1, ENTRYHI
	mtc0	$t3, ENTRYLO
	mtc0	$t4, INDEX
	nop
	nop
	tlbwi
	addiu	$t0, $t0, 1
	slti	$t5, $t0, 64
	bnez	$t5, 1b
	 nop

	move	$t0, $zero
2:	sll	$t1, $t0, 12
	sll	$t2, $t0, 6
	or	$t1, $t1, $t2
	lui	$t2, 0x1200
	or	$t1, $t1, $t2
	sll	$t3, $t0, 14
	ori	$t3, $t3, 0x600
	sll	$t4, $t0, 8
	mtc0	$t4, INDEX
	nop
	nop
	tlbr
	nop
	nop
	mfc0	$t5, ENTRYHI
	mfc0	$t6, ENTRYLO
	bne	$t5, $t1, 3f
	 nop
	bne	$t6, $t3, 3f
	 nop
	mtc0	$t1, ENTRYHI
	nop
	nop
	tlbp
	nop
	nop
	mfc0	$t5, INDEX
	nop
	bne	$t5, $t4, 3f
	 addiu	$t0, $t0, 1
	slti	$t5, $t0, 64
	bnez	$t5, 2b
	 move	$v0, $zero
	jr	$ra
	 nop
3:	jr	$ra
	 addiu	$v0, $t0, 1

	.globl	tlb_clear
tlb_clear:
	move	$t0, $zero
	lui	$t1, 0x8000
	mtc0	$zero, ENTRYLO
1:	mtc0	$t1, ENTRYHI
	sll	$t2, $t0, 8
	mtc0	$t2, INDEX
	addiu	$t0, $t0, 1
	slti	$t3, $t0, 64
	tlbwi
	bnez	$t3, 1b
	 addiu	$t1, $t1, 0x1000
	jr	$ra
	 mtc0	$zero, ENTRYHI
