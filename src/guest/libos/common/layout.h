/*
 * Where things lie in a process on our library OSes, for C and assembler. Guaranteed mapping n is
 * at G_BASE + n * 4096; everything an upcall handler touches before the page table works again lies
 * there: save areas (upage), the handlers themselves, their stack, the page table's root. An offset
 * below 0x8000 from G_BASE is one `lui` away.
 */
#ifndef LIBOS_LAYOUT_H
#define LIBOS_LAYOUT_H

#include <generated/abi-asm.h>

#define G_BASE 0x7f000000
#define G_BASE_HIGH 0x7f00
#define G_ADDRESS(index) (G_BASE + (index) * 4096)

/* Guaranteed mappings by index. */
#define G_UPAGE 0
#define G_START 1 /* the start page that the parent filled */
#define G_DATA 2 /* private zeroed pages, as many as the image asks for */
#define G_STACK 2
#define G_STACK_PAGES 3
#define G_TABLE 5 /* the page table module's own */
#define G_TEXT 14
#define G_TEXT_PAGES 2
#define G_TABLE_MORE 16 /* second-level tables of exos */
#define G_TABLE_MORE_COUNT 32
#define G_IO 48 /* bytes on their way to a terminal line, disk completion word */
#define G_MAIL (G_ADDRESS(G_IO) + 2048) /* messages: 16 bytes for each slot: envid, a1, a2, a3 */
#define G_MAIL_HIGH 0x7f03
#define G_MAIL_LOW 0x0800
#define G_PINNED 49 /* data of the library, mapped here only to keep it from repossession */
#define G_WINDOW 59 /* where a starter reaches a child's pages; 60 to 63 are the stack of init */
#define G_RECORD 60 /* exported records, own one among them, once messages are received */

#define STACK_LOW (G_BASE + G_STACK * 4096)
#define STACK_SIZE (G_STACK_PAGES * 4096)
#define STACK_TOP (STACK_LOW + STACK_SIZE)
#define TEXT_LOW (G_BASE + G_TEXT * 4096)
#define TEXT_SIZE (G_TEXT_PAGES * 4096)

/* The library's part of the upage: offsets from G_BASE. */
#define U_FRAME0 (OFFSET_UPAGE_LIBRARY + 0x000) /* registers of the interrupted code, depth 0 */
#define U_FRAME1 (OFFSET_UPAGE_LIBRARY + 0x090) /* the same, depth 1 */
#define U_LOAD (OFFSET_UPAGE_LIBRARY + 0x120) /* refill frame of TLBL: epc v0 a0 a1 */
#define U_STORE (OFFSET_UPAGE_LIBRARY + 0x130) /* refill frame of TLBS */
#define U_OUTER (OFFSET_UPAGE_LIBRARY + 0x140) /* TLBL while the table misses: epc t0 t1 t2 */
#define U_SCRATCH (OFFSET_UPAGE_LIBRARY + 0x150) /* at, while a slice ends */
#define U_BUSY (OFFSET_UPAGE_LIBRARY + 0x154) /* not 0: at work, pending upcalls wait */
#define U_UPCALL_SP (OFFSET_UPAGE_LIBRARY + 0x158) /* trap frame of the pending-upcall handler */
#define U_SLICE_END (OFFSET_UPAGE_LIBRARY + 0x15c) /* the program's own end-of-slice handler */
#define U_REFILLS (OFFSET_UPAGE_LIBRARY + 0x160) /* TLB misses answered from the page table */
#define U_CALLEE (OFFSET_UPAGE_LIBRARY + 0x164) /* environment whose reply to scall is awaited */
#define U_CALL_SP (OFFSET_UPAGE_LIBRARY + 0x168) /* stack with the registers saved before scall */
#define U_SERVE_SP (OFFSET_UPAGE_LIBRARY + 0x16c) /* stack that served transfers run on */
#define U_SERVER (OFFSET_UPAGE_LIBRARY + 0x170) /* the program's handler of transfers */
#define U_USES_FPU (OFFSET_UPAGE_LIBRARY + 0x174) /* 1: the program has used the FPU */
#define U_PARK_SP (OFFSET_UPAGE_LIBRARY + 0x178) /* stack while submitted to a swap server */
#define U_PARK_WORD (OFFSET_UPAGE_LIBRARY + 0x17c) /* physical address of the next word */
#define U_RETURNED (OFFSET_UPAGE_LIBRARY + 0x180) /* the server's: moved pages, not 0 on return */
#define U_RECORD (OFFSET_UPAGE_LIBRARY + 0x184) /* own exported record, in mapping G_RECORD */
#define U_MAIL_COUNT (OFFSET_UPAGE_LIBRARY + 0x188) /* messages that came so far */
#define U_HANDLER (OFFSET_UPAGE_LIBRARY + 0x190) /* t3, t4 while an exception's frame is made */
#define U_FPU (OFFSET_UPAGE_LIBRARY + 0x1a0) /* its registers, while another environment has it */

/* Register frame: r0 (unused) at 0 .. r31 at 124, then hi, lo. */
#define R_HI 128
#define R_LO 132

/* Trap frame: a register frame and what the exception said. */
#define T_PC 136
#define T_ADDRESS 140
#define T_CAUSE 144 /* Cause; of a TLB exception its ExcCode alone */
#define T_SIZE 160

#define PROGRAM_LOW 0x00400000
#define PROGRAM_HIGH 0x0d000000
#define EXPORT_VIEW 0x0e000000 /* exported bookkeeping: physical address p is at EXPORT_VIEW + p */
#define EXPORT_VIEW_SIZE 0x00200000
#define HEAP_LOW 0x10000000
#define MAP_LOW 0x20000000 /* exo_page_map at no particular address */
#define USER_STACK_TOP 0x70000000
#define USER_STACK_SIZE 0x00100000
#define MAP_HIGH 0x60000000
#define TABLE_VIEW 0x7e000000 /* exos: second-level tables that are not pinned */

#endif
