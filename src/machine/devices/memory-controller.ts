/**
 * Memory controller registers of the KN02-BA and its bus timeout reporting. A write that nothing answers latches its
 * address in EAR and raises the bus interrupt until MEM_INTR is written; a read that nothing answers latches the
 * address only (the CPU takes a bus error). Source: Mach's dec_kmin.h, Linux kn02ba.h and kn02xa-berr.c.
 */

import type { AccessSize, Device } from '../memory/bus.js';
import type { Stateful } from '../snapshot/state.js';
import { fromLanes, toLanes } from './lanes.js';

/** Registers that share the window at 0x0e00_0000. */
export const TIMEOUT_REGISTER = {
  configuration: 0x0,
  errorAddress: 0x4,
  boot0: 0x8,
  interrupt: 0xc,
} as const;

/** MER: bits that software may set. 14 = parity checking disabled. */
const MER_WRITABLE = 0x4000;
/** MER and MSR bit 13: slot stride, 1 = 16 MB modules, 0 = 4 MB modules. */
const SIZE_BIT = 0x2000;
/** EAR holds address bits 28:2. */
const EAR_MASK = 0x1fff_fffc;
/** Timeout after 127 cycles: what the firmware of a 12.5 MHz TURBOchannel sets. */
const CONFIGURATION_DEFAULT = 127;

type MemoryControllerState = {
  readonly error: number;
  readonly size: number;
  readonly configuration: number;
  readonly errorAddress: number;
  readonly boot0: number;
  readonly isWriteErrorPending: boolean;
};

export class MemoryController implements Stateful<MemoryControllerState> {
  /** Window of the memory error register, MER. */
  readonly errorRegister: Device;
  /** Window of the memory size register, MSR. */
  readonly sizeRegister: Device;
  /** Window of CNFG, EAR, BOOT0, MEM_INTR. */
  readonly timeoutRegisters: Device;
  readonly #setInterrupt: (isRaised: boolean) => void;
  readonly #initialSize: number;
  #error = 0;
  #size = 0;
  #configuration = CONFIGURATION_DEFAULT;
  #errorAddress = 0;
  #boot0 = 0;
  #isWriteErrorPending = false;

  constructor(memoryMiB: number, setInterrupt: (isRaised: boolean) => void) {
    this.#setInterrupt = setInterrupt;
    this.#initialSize = memoryMiB > 32 ? SIZE_BIT : 0;
    this.errorRegister = {
      read: (offset, size) => fromLanes(this.#error | (this.#size & SIZE_BIT), offset, size),
      write: (offset, value, size) => {
        this.#error = toLanes(this.#error, offset, value, size) & MER_WRITABLE;
      },
    };
    this.sizeRegister = {
      read: (offset, size) => fromLanes(this.#size, offset, size),
      write: (offset, value, size) => {
        this.#size = toLanes(this.#size, offset, value, size) & SIZE_BIT;
      },
    };
    this.timeoutRegisters = {
      read: (offset, size) => fromLanes(this.#readTimeout(offset), offset, size),
      write: (offset, value, size) => this.#writeTimeout(offset, value, size),
    };
    this.reset();
  }

  reset(): void {
    this.#error = 0;
    this.#size = this.#initialSize;
    this.#configuration = CONFIGURATION_DEFAULT;
    this.#errorAddress = 0;
    this.#boot0 = 0;
    this.#isWriteErrorPending = false;
    this.#setInterrupt(false);
  }

  snapshot(): MemoryControllerState {
    return {
      error: this.#error,
      size: this.#size,
      configuration: this.#configuration,
      errorAddress: this.#errorAddress,
      boot0: this.#boot0,
      isWriteErrorPending: this.#isWriteErrorPending,
    };
  }

  restore(state: MemoryControllerState): void {
    this.#error = state.error;
    this.#size = state.size;
    this.#configuration = state.configuration;
    this.#errorAddress = state.errorAddress;
    this.#boot0 = state.boot0;
    this.#isWriteErrorPending = state.isWriteErrorPending;
  }

  /** The address of an unanswered write stays until it is acknowledged; a later read does not replace it. */
  readTimedOut(physical: number): void {
    if (!this.#isWriteErrorPending) this.#errorAddress = physical & EAR_MASK;
  }

  writeTimedOut(physical: number): void {
    if (this.#isWriteErrorPending) return;
    this.#errorAddress = physical & EAR_MASK;
    this.#isWriteErrorPending = true;
    this.#setInterrupt(true);
  }

  #readTimeout(offset: number): number {
    switch (offset & 0xc) {
      case TIMEOUT_REGISTER.configuration:
        return this.#configuration;
      case TIMEOUT_REGISTER.errorAddress:
        return this.#errorAddress;
      case TIMEOUT_REGISTER.boot0:
        return this.#boot0;
      default:
        return 0;
    }
  }

  #writeTimeout(offset: number, value: number, size: AccessSize): void {
    switch (offset & 0xc) {
      case TIMEOUT_REGISTER.configuration:
        this.#configuration = toLanes(this.#configuration, offset, value, size) & 0xff;
        return;
      case TIMEOUT_REGISTER.boot0:
        this.#boot0 = toLanes(this.#boot0, offset, value, size);
        return;
      case TIMEOUT_REGISTER.interrupt:
        this.#isWriteErrorPending = false;
        this.#setInterrupt(false);
    }
  }
}
