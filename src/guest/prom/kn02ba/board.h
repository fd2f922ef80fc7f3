/*
 * KN02-BA registers as the firmware uses them, all through kseg1 (uncached). Usable from C and assembler.
 * After the DECstation 5000/100 series system specification: memory controller, IOASIC, its sub-slots.
 */
#ifndef PROM_BOARD_H
#define PROM_BOARD_H

#include "machine.h"

/* Memory controller. */
#define MEMORY_MSR 0xac800000 /* bit 13: 16 MB per slot instead of 4 MB */
#define MEMORY_MSR_STRIDE_16M 0x2000
#define MEMORY_TIMEOUT_CONFIG 0xae000000
#define MEMORY_TIMEOUT_12_5_MHZ 127
#define MEMORY_ERROR_ADDRESS 0xae000004
#define MEMORY_INTERRUPT 0xae00000c /* any write clears */

/* IOASIC. */
#define IOASIC_SCSI_DMAPTR 0xbc040000
#define IOASIC_SCSI_NEXTPTR 0xbc040010
#define IOASIC_SSR 0xbc040100
#define IOASIC_SIR 0xbc040110
#define IOASIC_SIMR 0xbc040120
#define IOASIC_LANCE_DECODE 0xbc040160
#define IOASIC_SCSI_DECODE 0xbc040170
#define IOASIC_SCC0_DECODE 0xbc040180
#define IOASIC_SCC1_DECODE 0xbc040190
#define IOASIC_SCSI_SCR 0xbc0401b0
#define IOASIC_SCSI_SDR0 0xbc0401c0
#define IOASIC_SCSI_SDR1 0xbc0401d0
#define IOASIC_FCTR 0xbc0401e0

#define SSR_SCSI_DIR 0x00040000 /* device to memory */
#define SSR_SCSI_DMA_EN 0x00020000
#define SSR_RELEASE_RESETS 0x00000f00
#define SIR_SCSI_DMA_LATCHES 0x000e0000
#define SIR_HALT_BUTTON 0x00000001 /* debounced, while it is held */

/* Chips behind the IOASIC. */
#define ESAR_BASE 0xbc080000
#define SCC1_BASE 0xbc180000
#define RTC_BASE 0xbc200000
#define ASC_BASE 0xbc300000

/* TURBOchannel. */
#define SLOT_COUNT 3
#define SLOT_ADDRESS(slot) (0xb0000000 + (slot) * 0x04000000)

/* What the firmware calls itself, and where it looks. */
#define BOARD_BANNER "KN02-BA V1.0 exostation"
#define BOARD_SYSTEM_ID 0x82031001 /* R3000 family, 3MIN, firmware 1.0, hardware 1 */
#define BOARD_MEMORY_LIMIT 0x08000000u
#define BOARD_BOOT_VARIABLE "boot"
#define BOARD_BOOT_DEFAULT "3/rz0"
#define BOARD_BOOT_USAGE "[3/rzN[/FILE] [ARGUMENT...]]"
#define BOARD_CNFG_USAGE "[SLOT]"
#define BOARD_DISKS "3/rz0 to 3/rz6"
#define BOARD_DISK_FORMAT "3/rz%u" /* of a SCSI id */

/* One byte of the station address ROM. */
#define ESAR_BYTE(index) ((uint8_t)REGISTER(ESAR_BASE + 4 * (uint32_t)(index)))

#endif
