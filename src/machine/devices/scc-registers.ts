/** Registers of the Z85C30, as far as asynchronous operation uses them. Manual: Zilog Z8530/Z85C30 technical manual. */

/** Bits 7, 6, 5, 4, 3, 1 are external/status conditions: WR15 has an enable for each at the same place. */
export const RR0 = {
  receiveAvailable: 0x01,
  transmitEmpty: 0x04,
  dcd: 0x08,
  sync: 0x10,
  cts: 0x20,
  underrun: 0x40,
  break: 0x80,
} as const;

export const RR1 = { allSent: 0x01, residue: 0x06, parity: 0x10, overrun: 0x20, framing: 0x40 } as const;

export const WR0_COMMAND = {
  pointHigh: 1,
  resetStatus: 2,
  enableNextReceive: 4,
  resetTransmit: 5,
  errorReset: 6,
} as const;

export const WR1 = {
  statusInterrupt: 0x01,
  transmitInterrupt: 0x02,
  parityIsSpecial: 0x04,
  receiveModeMask: 0x18,
  receiveFirst: 0x08,
  receiveAll: 0x10,
  receiveSpecial: 0x18,
  /** Enable, request rather than wait, on receive. */
  requestMask: 0xe0,
  receiveRequest: 0xe0,
  transmitRequest: 0xc0,
} as const;

export const WR3_RECEIVER_ENABLE = 0x01;
export const WR4 = { parityEnable: 0x01, parityEven: 0x02 } as const;
export const WR5 = { transmitterEnable: 0x08, sendBreak: 0x10 } as const;

export const WR9 = {
  resetMask: 0xc0,
  resetB: 0x40,
  resetA: 0x80,
  hardwareReset: 0xc0,
  statusHigh: 0x10,
  masterEnable: 0x08,
} as const;

/** `transmitRequest`: the DTR/REQ pin asks for data to transmit. */
export const WR14 = { generatorEnable: 0x01, transmitRequest: 0x04, loopback: 0x10 } as const;

/** Interrupt pending bits, as RR3 shows them for channel B. */
export const SCC_PENDING = { status: 0x01, transmit: 0x02, receive: 0x04 } as const;

/** Source codes of the modified vector. */
export const SCC_SOURCE = { transmit: 0, status: 1, receive: 2, special: 3 } as const;
