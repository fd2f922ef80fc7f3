/*
 * What Aegis's assembly shares: register names of CP0, the kernel state block's offsets, addresses
 * of the exported structures in kseg0. The block is aligned to 256 bytes so that one %hi serves all
 * of it.
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

/* struct kernel_state (aegis.h checks these). */
#define K_CURRENT    0
#define K_K1         4
#define K_T0         8
#define K_T1         12
#define K_T2         16
#define K_T3         20
#define K_EPC        24
#define K_SP         28
#define K_RA         32
#define K_PAGE_COUNT 36
#define K_RESULTS    48 /* four words: a returned capability */
#define K_FRAME      64 /* registers at an interrupt: at v0 v1 a0-a3 t0-t9 ra sp hi lo */
#define K_SIZE       256

/* 0x80020000 less these are the exported structures. */
#define LUI_EXPORT   0x8002
#define HEADER_AT    (AEGIS_EXPORT_HEADER - 0x20000)
#define SLICES_AT    (AEGIS_EXPORT_SLICES - 0x20000)
#define LUI_STLB     0x8001
/* 0x80100000 is the first page record, and 0x8000 below it the first environment record. */
#define LUI_PAGES    0x8010
#define ENVS_AT      (AEGIS_EXPORT_ENVIRONMENTS - 0x100000)

#define STATUS_CU1   0x20000000

#endif
