/*
 * What all boards have: segments, the R3000's status bits, the clock chip and the terminal
 * multiplexer, whose addresses differ. After the chips' data sheets; EXMUX-AA as its own
 * description.
 */
#ifndef AEGIS_HARDWARE_H
#define AEGIS_HARDWARE_H

#include <stdint.h>
#include "board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define REGISTER8(address) (*(volatile uint8_t *)(address))
#define REGISTER16(address) (*(volatile uint16_t *)(address))
#define KSEG0 0x80000000u
#define KSEG1 0xa0000000u
#define KUSEG_END 0x80000000u

#define STATUS_IP(n) (0x100u << (n)) /* interrupt mask; in Cause: it is raised */
#define STATUS_USER 0x0000000cu      /* after rfe: user mode, interrupts on */
#define STATUS_IDLE 0x00000001u      /* kernel mode, interrupts on */
#define STATUS_CU1 0x20000000u
#define FPU_IP 7 /* on every board */
#define CAUSE_CODE(cause) (((cause) >> 2) & 31)
#define CAUSE_SYSCALL 8u

#define RTC(n) board.clock[n]
#define RTC_A 10
#define RTC_B 11
#define RTC_C 12
#define RTC_SEED 0x20
#define RTC_SEED_BYTES 16
#define RTC_A_64_HZ 0x2a
#define RTC_A_8192_HZ 0x23
#define RTC_B_PERIODIC 0x40
#define RTC_B_KEEP 0x06 /* binary, 24 hours */

#define MUX_LINES 16
#define MUX(offset) board.multiplexer[(offset) / 4]
#define MUX_DATA(line) MUX(0x100000 + (line) * 0x20)
#define MUX_STATUS(line) MUX(0x100004 + (line) * 0x20)
#define MUX_CONTROL(line) MUX(0x100008 + (line) * 0x20)
#define MUX_RXPEND MUX(0x100400)
#define MUX_TXPEND MUX(0x100404)
#define MUX_RX_ENABLE 1u
#define MUX_RX_INTERRUPT 2u
#define MUX_TX_INTERRUPT 4u
#define MUX_ROM_PATTERN MUX(0x3f8)

#endif
