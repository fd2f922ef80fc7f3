/*
 * What Aegis's assembly shares: register names of CP0, the kernel state page, addresses of the
 * exported structures in kseg0.
 */
#ifndef AEGIS_KERNEL_ASM_H
#define AEGIS_KERNEL_ASM_H

#include "abi-asm.h"

#define C0_INDEX    $0
#define C0_ENTRYLO  $2
#define C0_CONTEXT  $4
#define C0_BADVADDR $8
#define C0_ENTRYHI  $10
#define C0_STATUS   $12
#define C0_CAUSE    $13
#define C0_EPC      $14

/*
 * Two wired TLB entries show the kernel's state page at 0xfffff000 and the exported header at
 * 0xffffe000, where a load or store reaches them from $zero alone. Users cannot: it is kseg2.
 */
#define STATE_VIRTUAL  0xfffff000
#define HEADER_VIRTUAL 0xffffe000
#define STATE(offset)  ((offset) - 0x1000)
#define HEADER(field)  (OFFSET_HEADER_##field - 0x2000)

/* struct kernel_state (aegis.h checks these). */
#define K_VECTORS    STATE(0x000) /* by ExcCode: where general_vector goes on */
#define K_RECORDS    STATE(0x080) /* by slot: environment record */
#define K_GATES      STATE(0x100) /* by slot: its envid while a transfer into it is possible */
#define K_CALLS      STATE(0x200) /* by call number: its routine */
#define K_FUNCTIONS  STATE(0x400) /* by call number: its C function */
#define K_K1         STATE(0x600)
#define K_T0         STATE(0x604)
#define K_T1         STATE(0x608)
#define K_T2         STATE(0x60c)
#define K_T3         STATE(0x610)
#define K_SP         STATE(0x614)
#define K_RA         STATE(0x618)
#define K_STACK      STATE(0x61c) /* kernel stack pointer on entry to C */
#define K_PAGE_COUNT STATE(0x620)
#define K_IS_LENT    STATE(0x624)
#define K_RESULTS    STATE(0x630) /* four words: a returned capability */
#define K_FRAME      STATE(0x640) /* registers at an interrupt: at v0 v1 a0-a3 t0-t9 ra sp hi lo */
#define K_CURRENT    HEADER(CURRENT)

#define LUI_STLB     0x8001
#define LUI_EXPORT   0x8002 /* 0x80020000 less these are the exported structures */
/* Beside the header, so within its window. */
#define CONTEXTS_AT  STATE(AEGIS_EXPORT_CONTEXTS - AEGIS_EXPORT_HEADER - 0x1000)
#define SLICES_AT    (AEGIS_EXPORT_SLICES - 0x20000)
/* 0x80100000 is the first page record, and 0x8000 below it the first environment record. */
#define LUI_PAGES    0x8010
#define ENVS_AT      (AEGIS_EXPORT_ENVIRONMENTS - 0x100000)

#define NO_HANDLER   0xbffffff0
#define STATUS_CU1   0x20000000

/* Errors by which a call is refused for protection; the others say that there is nothing now. */
#define REFUSALS (1 << E_CALL | 1 << E_CAPABILITY | 1 << E_RIGHTS | 1 << E_RANGE | 1 << E_OWNER \
                  | 1 << E_QUOTA | 1 << E_OVERLAP | 1 << E_CODE)

#endif
