/*
 * KN02-BA, the DECstation 5000/125: registers through kseg1. After the DECstation 5000/100 series
 * system specification and the IOCTL ASIC specification.
 */
#ifndef AEGIS_KN02BA_H
#define AEGIS_KN02BA_H

#include "hardware.h"

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

#define ASC(n) REGISTER(0xbc300000u + 4 * (n))

#endif
