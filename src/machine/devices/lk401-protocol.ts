/** Bytes between an LK401 and its host. Source: LK201 programming information in EK-104AA-TM; Linux lkkbd.c. */

import type { SerialFrame } from './serial-frame.js';

export const LK401_FRAME: SerialFrame = { baud: 4800, dataBits: 8, parity: 'none', stopBits: 1 };

/** Commands without bit 7, which says that no parameter follows. Even ones set modes. */
export const LK_COMMAND = {
  inhibit: 0x09,
  resume: 0x0b,
  ledsOff: 0x11,
  ledsOn: 0x13,
  clickOff: 0x19,
  clickOn: 0x1b,
  click: 0x1f,
  bellOff: 0x21,
  bellOn: 0x23,
  bell: 0x27,
  identify: 0x2b,
  controlClickOff: 0x39,
  controlClickOn: 0x3b,
  pauseRepeating: 0x41,
  test: 0x4b,
  defaults: 0x53,
  downOnly: 0x59,
  repeatOff: 0x61,
  repeatOn: 0x63,
  extended: 0x69,
  powerUp: 0x7d,
} as const;

/** Bit 7: the last byte of a command. */
export const LK_LAST = 0x80;

/** What the keyboard says beside key codes. */
export const LK_REPLY = {
  keyDown: 0x3d,
  allUp: 0xb3,
  metronome: 0xb4,
  outputError: 0xb5,
  inputError: 0xb6,
  locked: 0xb7,
  testMode: 0xb8,
  modeChanged: 0xba,
} as const;

/** Firmware and hardware numbers: at power-up it says what an LK201 says, when asked who it is. */
export const LK201_IDENTITY = [0x01, 0x00] as const;
export const LK401_IDENTITY = [0x02, 0x00] as const;
