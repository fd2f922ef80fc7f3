/**
 * What a debugger does to a machine between two runs: breakpoints and watchpoints, registers and memory, read and written.
 * Looking changes nothing: no device is ever read, no TLB miss taken. Points cost the guest no cycle. Memory is the sole
 * truth (caches hold tags), so a write to code is seen by the next fetch; only an access that is suspended at a
 * watchpoint has read its instruction already, and starts over when that, or a register, is written.
 */

import { CP0 } from './cpu/cp0.js';
import type { Cpu } from './cpu/cpu.js';
import type { DebugStop, WatchKind } from './cpu/debug-points.js';
import type { DebugPort, RegisterSet } from './machine-types.js';
import { LAYOUT, ROM } from './memory/layout.js';
import type { Clock } from './time/clock.js';

const PHYSICAL = 0x1fff_ffff;
const PAGE_BYTES = 0x1000;
/** FCR31, FCR0 as the coprocessor numbers them. */
const FCSR = 31;
const FIR = 0;

export class CpuDebugPort implements DebugPort {
  readonly #cpu: Cpu;
  readonly #clock: Clock;

  constructor(cpu: Cpu, clock: Clock) {
    this.#cpu = cpu;
    this.#clock = clock;
  }

  get stop(): DebugStop | undefined {
    return this.#cpu.points.stop;
  }

  get isDelaySlot(): boolean {
    return this.#cpu.inDelaySlot;
  }

  addBreakpoint(address: number): void {
    this.#cpu.points.addBreakpoint(address);
  }

  removeBreakpoint(address: number): void {
    this.#cpu.points.removeBreakpoint(address);
  }

  addWatchpoint(kind: WatchKind, address: number, length: number): void {
    this.#cpu.points.addWatchpoint(kind, address, length);
  }

  removeWatchpoint(kind: WatchKind, address: number, length: number): void {
    this.#cpu.points.removeWatchpoint(kind, address, length);
  }

  readRegister(set: RegisterSet, index: number = 0): number {
    const cpu = this.#cpu;
    switch (set) {
      case 'general':
        // A load under way is shown as if it had arrived.
        return (
          (index !== 0 && index === cpu.pendingRegister ? cpu.pendingValue : (cpu.gpr[index] as number)) >>> 0
        );
      case 'hi':
        return (cpu.hiLo[0] as number) >>> 0;
      case 'lo':
        return (cpu.hiLo[1] as number) >>> 0;
      case 'pc':
        return cpu.pc >>> 0;
      case 'cp0':
        return cpu.readCp0(index, this.#clock.now - cpu.stalls) >>> 0;
      case 'fpu':
        return (cpu.fpr[index] as number) >>> 0;
      case 'fcsr':
        return cpu.readFpuControl(FCSR) >>> 0;
      case 'fir':
        return cpu.readFpuControl(FIR) >>> 0;
    }
  }

  writeRegister(set: RegisterSet, index: number, value: number): boolean {
    if (this.readRegister(set, index) === value >>> 0) return true;
    const cpu = this.#cpu;
    if (set !== 'pc') this.#restartAccess();
    switch (set) {
      case 'general':
        if (index === 0) return false;
        if (index === cpu.pendingRegister) cpu.pendingRegister = 0;
        cpu.gpr[index] = value;
        return true;
      case 'hi':
        cpu.hiLo[0] = value;
        return true;
      case 'lo':
        cpu.hiLo[1] = value;
        return true;
      case 'pc':
        cpu.points.forgetStop();
        cpu.pc = value | 0;
        cpu.nextPc = (value + 4) | 0;
        cpu.inDelaySlot = false;
        return true;
      case 'cp0':
        return this.#writeCp0(index, value);
      case 'fpu':
        cpu.fpr[index] = value;
        return true;
      case 'fcsr':
        cpu.writeFpuControl(FCSR, value);
        return true;
      case 'fir':
        return false;
    }
  }

  translate(address: number): number | undefined {
    const segment = address >>> 29;
    if (segment === 4 || segment === 5) return address & PHYSICAL;
    const cpu = this.#cpu;
    const index = cpu.tlbProbe((address & 0xffff_f000) | ((cpu.cp0[CP0.EntryHi] as number) & 0xfc0));
    const lo = index < 0 ? 0 : (cpu.tlbLo[index] as number);
    return (lo & 0x200) === 0 ? undefined : (lo & 0x1fff_f000) | (address & 0xfff);
  }

  readPhysical(physical: number, length: number): Uint8Array | undefined {
    const at = this.#memoryOffset(physical, length, true);
    return at === undefined ? undefined : this.#cpu.memory.bytes.slice(at, at + length);
  }

  writePhysical(physical: number, bytes: Uint8Array): boolean {
    const at = this.#memoryOffset(physical, bytes.length, false);
    if (at === undefined) return false;
    this.#restartAccess();
    this.#cpu.memory.bytes.set(bytes, at);
    return true;
  }

  /** Where the bytes lie in the linear memory: RAM and, to be read, ROM. Devices are not looked at. */
  #memoryOffset(physical: number, length: number, isRead: boolean): number | undefined {
    const { ramBytes } = this.#cpu.memory;
    if (length > PAGE_BYTES) throw new RangeError('debug port: more than a page at once');
    if (physical >= 0 && physical + length <= ramBytes) return LAYOUT.ram + physical;
    const offset = physical - ROM.base;
    if (isRead && offset >= 0 && offset + length <= ROM.bytes) return LAYOUT.ram + ramBytes + offset;
    return undefined;
  }

  #writeCp0(register: number, value: number): boolean {
    const cpu = this.#cpu;
    switch (register) {
      case CP0.Status:
      case CP0.Cause:
      case CP0.EntryHi:
      case CP0.EntryLo:
        cpu.writeCp0(register, value);
        return true;
      case CP0.Index:
      case CP0.Context:
      case CP0.BadVAddr:
      case CP0.EPC:
        cpu.cp0[register] = value;
        return true;
      default:
        return false;
    }
  }

  /** What stands between fetch and access is fetched again: its registers or its word are not what they were. */
  #restartAccess(): void {
    this.#cpu.points.suspended = undefined;
  }
}
