/*
 * KN01 registers as the firmware uses them, all through kseg1 (uncached). Usable from C and assembler.
 * After the DECstation 3100 functional specification as Mach's and Linux's headers tell it.
 */
#ifndef PROM_BOARD_H
#define PROM_BOARD_H

#include "machine.h"

#define ERROR_ADDRESS 0xb7000000
#define LANCE_BASE 0xb8000000
#define LANCE_BUFFER 0xb9000000 /* 16 bits of each word */
#define SII_BASE 0xba000000
#define SII_BUFFER 0xbb000000 /* 16 bits of each word */
#define DZ_BASE 0xbc000000
#define RTC_BASE 0xbd000000  /* byte lane 0 */
#define ESAR_BASE 0xbd000001 /* byte lane 1 */
#define CSR 0xbe000000

#define CSR_SELF_TEST_DONE 0x4000
#define CSR_PARITY_OFF 0x2000
#define CSR_MEMORY_ERROR 0x0400 /* write 1 to clear */
#define CSR_VIDEO 0x0200        /* write 1 to clear */
#define CSR_LEDS_OFF 0x00ff     /* write only, 0 = on */

/* DC7085: 16-bit registers, 8 bytes apart. */
#define DZ_CSR (DZ_BASE + 0x00)
#define DZ_RBUF (DZ_BASE + 0x08) /* read */
#define DZ_LPR (DZ_BASE + 0x08)  /* written */
#define DZ_TCR (DZ_BASE + 0x10)
#define DZ_TDR (DZ_BASE + 0x18) /* written */

/* What the firmware calls itself, and where it looks. */
#define BOARD_BANNER "KN01 V1.0 exostation"
#define BOARD_SYSTEM_ID 0x82011001 /* R2000 family, PMAX, firmware 1.0, hardware 1 */
#define BOARD_SYSTEM_TYPE "0x82011001"
#define BOARD_MEMORY_LIMIT 0x01800000u
#define BOARD_BOOT_VARIABLE "bootpath"
#define BOARD_BOOT_DEFAULT "rz(0,0,0)"
#define BOARD_BOOT_USAGE "[-f] [rz(0,N,0)[FILE] [ARGUMENT...]]"
#define BOARD_CNFG_USAGE ""
#define BOARD_DISKS "rz(0,0,0) to rz(0,6,0)"
#define BOARD_DISK_FORMAT "rz(0,%u,0)" /* of a SCSI id */

/* One byte of the station address ROM. */
#define ESAR_BYTE(index) REGISTER8(ESAR_BASE + 4 * (uint32_t)(index))

#endif
