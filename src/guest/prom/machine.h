/*
 * What all boards share: segments, bits of the status register, where the firmware's own RAM lies. Usable from C and
 * assembler. The registers of a board are in its `board.h`.
 */
#ifndef PROM_MACHINE_H
#define PROM_MACHINE_H

#define KSEG0 0x80000000
#define KSEG1 0xa0000000
#define KSEG_OFFSET_MASK 0x1fffffff

/* R2000 and R3000 status register. */
#define SR_CU1_CU0 0x30000000
#define SR_BEV 0x00400000
#define SR_CM 0x00080000
#define SR_SWC 0x00020000
#define SR_ISC 0x00010000

/* Where the firmware's own RAM ends; above it lies the boot request of a network boot. */
#define PROM_STACK_TOP 0x8000fd00
#define NETBOOT_REQUEST 0xa000fe00
#define NETBOOT_MAGIC 0x544f424e /* "NBOT" */

#define REX_MAGIC 0x30464354 /* "TCF0" */

#ifndef __ASSEMBLER__
#define REGISTER(address) (*(volatile uint32_t *)(address))
#define REGISTER16(address) (*(volatile uint16_t *)(address))
#define REGISTER8(address) (*(volatile uint8_t *)(address))
#endif

#endif
