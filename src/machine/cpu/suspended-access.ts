/**
 * Completes a load or store that a watchpoint has stopped between fetch and access. It does what the interpreter would
 * have done next, with the same cycles, and nothing else: no timer, no interrupt comes between a fetch and its access.
 */

import { type Cpu, FAULT } from './cpu.js';
import { extendLoad } from './interpreter.js';

export function completeAccess(cpu: Cpu): void {
  const { points, clock } = cpu;
  const access = points.suspended;
  if (access === undefined) return;
  points.suspended = undefined;
  const opcode = access.word >>> 26;
  const register = (access.word >>> 16) & 31;
  const cycle = clock.now + 1;
  points.pass(() => {
    if (opcode >= 40 && opcode !== 49) {
      const value = opcode === 57 ? (cpu.fpr[register] as number) : access.stored;
      cpu.storeInstruction(opcode, access.address, value, cycle);
    } else {
      const value = cpu.loadInstruction(opcode, access.address, cycle);
      if (cpu.fault !== FAULT.none) return;
      if (opcode === 49) {
        cpu.slowCycles += cpu.fpu.wait(register, cycle + cpu.slowCycles);
        cpu.fpr[register] = value;
      } else {
        cpu.pendingValue = extendLoad(opcode, value, access.address & 3, cpu.gpr[register] as number);
        cpu.pendingRegister = register;
      }
    }
  });
  const { pc } = cpu;
  if (cpu.fault !== FAULT.none) {
    const entry = cpu.timing.exceptionEntry;
    cpu.enterException(cpu.fault, pc, cpu.inDelaySlot, 0, cycle, cycle - cpu.stalls);
    cpu.stalls += entry;
    clock.now = cycle + entry;
    return;
  }
  cpu.stalls += cpu.slowCycles;
  clock.now = cycle + cpu.slowCycles;
  cpu.pc = cpu.nextPc;
  cpu.nextPc = (cpu.nextPc + 4) | 0;
  cpu.inDelaySlot = false;
}
