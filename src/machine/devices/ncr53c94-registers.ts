/**
 * Registers, commands and bits of the NCR 53C94. Data manual: NCR 53C94/95/96, as NetBSD's ncr53c9xreg.h restates it.
 */

/** Register numbers; the second name of a pair is the register's write side. */
export const ASC_REGISTER = {
  countLow: 0,
  countMiddle: 1,
  fifo: 2,
  command: 3,
  status: 4,
  selectId: 4,
  interrupt: 5,
  timeout: 5,
  step: 6,
  fifoFlags: 7,
  configuration1: 8,
  clockFactor: 9,
  configuration2: 11,
  configuration3: 12,
} as const;

export const ASC_COMMAND = {
  nop: 0x00,
  flushFifo: 0x01,
  resetChip: 0x02,
  resetBus: 0x03,
  transfer: 0x10,
  completeSteps: 0x11,
  acceptMessage: 0x12,
  pad: 0x18,
  setAttention: 0x1a,
  resetAttention: 0x1b,
  select: 0x41,
  selectAttention: 0x42,
  selectAttentionStop: 0x43,
  enableReselection: 0x44,
  disableReselection: 0x45,
  selectAttention3: 0x46,
  dma: 0x80,
} as const;

export const ASC_STATUS = { interrupt: 0x80, grossError: 0x40, countZero: 0x10 } as const;
export const ASC_INTERRUPT = {
  busReset: 0x80,
  illegal: 0x40,
  disconnected: 0x20,
  busService: 0x10,
  functionComplete: 0x08,
} as const;
