/*
 * KN02-BA registers as the firmware uses them, all through kseg1 (uncached). Usable from C and assembler.
 * After the DECstation 5000/100 series system specification: memory controller, IOASIC, its sub-slots.
 */
#ifndef PROM_KN02BA_H
#define PROM_KN02BA_H

#define KSEG0 0x80000000
#define KSEG1 0xa0000000
#define KSEG_OFFSET_MASK 0x1fffffff

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

/* R3000A status register. */
#define SR_CU1_CU0 0x30000000
#define SR_BEV 0x00400000
#define SR_CM 0x00080000
#define SR_SWC 0x00020000
#define SR_ISC 0x00010000

/* Where the firmware's own RAM ends; above it lies the boot request of a network boot. */
#define PROM_STACK_TOP 0x8000fd00
#define NETBOOT_REQUEST 0xa000fe00
#define NETBOOT_MAGIC 0x544f424e /* "NBOT" */

#define REX_MAGIC 0x30464354

#ifndef __ASSEMBLER__
#define REGISTER(address) (*(volatile uint32_t *)(address))
#define REGISTER8(address) (*(volatile uint8_t *)(address))
#endif

#endif
