/*
 * KN02-BA registers that Aegis uses, through kseg1, and the R3000A status bits. After the
 * DECstation 5000/100 series system specification, the IOCTL ASIC specification and the chips' data
 * sheets; EXMUX-AA as its own description.
 */
#ifndef AEGIS_HARDWARE_H
#define AEGIS_HARDWARE_H

#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define KSEG0 0x80000000u
#define KSEG1 0xa0000000u
#define KUSEG_END 0x80000000u

#define STATUS_IM_MUX 0x00000400u    /* IP2: TURBOchannel slot 0 */
#define STATUS_IM_IOASIC 0x00002000u /* IP5 */
#define STATUS_USER 0x0000000cu      /* after rfe: user mode, interrupts on */
#define STATUS_IDLE 0x00000001u      /* kernel mode, interrupts on */
#define STATUS_INTERRUPTS (STATUS_IM_MUX | STATUS_IM_IOASIC)
#define STATUS_CU1 0x20000000u
#define CAUSE_CODE(cause) (((cause) >> 2) & 31)

#define MEMORY_INTERRUPT REGISTER(0xae00000cu)

#define IOASIC_SCSI_DMAPTR REGISTER(0xbc040000u)
#define IOASIC_SCSI_NEXTPTR REGISTER(0xbc040010u)
#define IOASIC_LANCE_DMAPTR REGISTER(0xbc040020u)
#define IOASIC_SSR REGISTER(0xbc040100u)
#define IOASIC_SIR REGISTER(0xbc040110u)
#define IOASIC_SIMR REGISTER(0xbc040120u)
#define IOASIC_SCSI_SCR REGISTER(0xbc0401b0u)
#define IOASIC_SCSI_SDR0 REGISTER(0xbc0401c0u)
#define IOASIC_SCSI_SDR1 REGISTER(0xbc0401d0u)
#define SSR_SCSI_DIR 0x00040000u /* device to memory */
#define SSR_SCSI_DMA_EN 0x00020000u
#define SSR_LANCE_DMA_EN 0x00010000u
#define SSR_LANCE_RUN 0x00000100u
#define SIR_SCSI_DMA_LATCHES 0x000e0000u
#define SIR_BUS 0x1000u
#define SIR_SCSI 0x200u
#define SIR_LANCE 0x100u
#define SIR_SCC1 0x80u
#define SIR_RTC 0x20u

#define SCC1_B_CONTROL REGISTER(0xbc180000u) /* value in bits 15:8 */
#define SCC1_B_DATA REGISTER(0xbc180004u)

#define RTC(n) REGISTER(0xbc200000u + 4 * (n))
#define RTC_A 10
#define RTC_B 11
#define RTC_C 12
#define RTC_SEED 0x20
#define RTC_SEED_BYTES 16
#define RTC_A_64_HZ 0x2a
#define RTC_A_8192_HZ 0x23
#define RTC_B_PERIODIC 0x40
#define RTC_B_KEEP 0x06 /* binary, 24 hours */

#define ASC(n) REGISTER(0xbc300000u + 4 * (n))

#define MUX_LINES 16
#define MUX_DATA(line) REGISTER(0xb0100000u + (line) * 0x20)
#define MUX_STATUS(line) REGISTER(0xb0100004u + (line) * 0x20)
#define MUX_CONTROL(line) REGISTER(0xb0100008u + (line) * 0x20)
#define MUX_RXPEND REGISTER(0xb0100400u)
#define MUX_TXPEND REGISTER(0xb0100404u)
#define MUX_RX_ENABLE 1u
#define MUX_RX_INTERRUPT 2u
#define MUX_TX_INTERRUPT 4u
#define MUX_ROM_PATTERN REGISTER(0xb00003f8u)

#endif
