/*
 * KN01, the DECstation 3100 and 2100: registers through kseg1, 16 bits wide. After the DECstation
 * 3100 functional specification as Linux's and NetBSD's headers tell it.
 */
#ifndef AEGIS_KN01_H
#define AEGIS_KN01_H

#include "hardware.h"

#define SII(offset) REGISTER16(0xba000000u + (offset))
/* The SII's own memory, 16 bits to a word: a halfword by its number. */
#define SII_BUFFER(halfword) REGISTER16(0xbb000000u + 4 * (halfword))

/* DC7085: four lines, of which 3 is the console. */
#define DZ_CSR REGISTER16(0xbc000000u)
#define DZ_RBUF REGISTER16(0xbc000008u)
#define DZ_LPR REGISTER16(0xbc000008u)
#define DZ_TCR REGISTER16(0xbc000010u)
#define DZ_TDR REGISTER16(0xbc000018u)

/* The colour frame buffer's plane mask, and its video DAC. */
#define PLANE_MASK REGISTER(0xb0000000u)
#define BT478_WRITE_ADDRESS REGISTER(0xb2000000u)
#define BT478_MAP REGISTER(0xb2000004u)
#define BT478_MASK REGISTER(0xb2000008u)

#define SYSTEM_CSR REGISTER16(0xbe000000u)
#define SYSTEM_CSR_MONO 0x0800u
#define SYSTEM_CSR_MEMORY_ERROR 0x0400u /* write 1 to clear */
#define SYSTEM_CSR_VIDEO 0x0200u        /* write 1 to clear */
#define SYSTEM_CSR_PARITY_OFF 0x2000u
#define SYSTEM_CSR_LEDS_OFF 0x00ffu

#endif
