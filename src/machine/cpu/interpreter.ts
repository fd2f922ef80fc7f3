/**
 * The reference interpreter: one instruction after the other, fetch and switch, with exact delay slots, exceptions
 * and cycles. It is one function on purpose (V8 optimises it as a whole) in two parts: the hot loop, which calls
 * nothing, so that its state stays in registers, and behind it what the hot loop leaves to others: slow fetches,
 * loads and stores, coprocessor 0 and 1, exceptions. Its rules:
 *
 * - `cycle` and `stalled` are relative to the call; instructions attempted = cycles - stalls, always.
 * - A load's result sits in `pending` until the next instruction has read its operands.
 * - `break hot` leaves the hot loop with an `action`; then the loop is entered again.
 * - Devices, interrupts and mode changes set `cpu.attention`; interpretation ends before the next instruction.
 *
 * Semantics: Kane & Heinrich, MIPS RISC Architecture; timing: `time/cpu-timing.ts`.
 */

import { COUNTER, LAYOUT } from '../memory/layout.js';
import { FPU_RESULTS } from '../time/fpu-timing.js';
import { CP0, ENTRY_HI, EXCEPTION, FCR31, STATUS } from './cp0.js';
import { type Cpu, FAULT } from './cpu.js';

/** Runs until the absolute cycle `until`, or until `cpu.attention` is set. Takes a pending interrupt first. */
export function interpret(cpu: Cpu, until: number): void {
  // LAYOUT's offsets as literals: constants in the optimised code, where imported ones are loads. A test compares.
  const RAM = 0x100_0000;
  const TRANSLATIONS = 0x10_0000;
  const HI = 0x20;
  const LO = 0x21;
  const FPR = 0x60;
  const LINE = 0x3fff;
  const PAGE = -0x1000;
  const PAGE_AND_ALIGN = -0xffd;
  const MIN_INT = -0x8000_0000;
  const END = 0;
  const FETCH = 1;
  const LOAD = 2;
  const STORE = 3;
  const COPROCESSOR = 4;
  const IDLE = 5;
  const FAULT_RAISED = 6;
  const { clock, timing, memory, counters, cp0 } = cpu;
  const { words, halves, bytes } = memory;
  const ramBytes = memory.ramBytes | 0;
  const { fpu, fpuResults } = cpu;
  const readMiss = timing.readMiss | 0;
  const writeDrain = timing.writeDrain | 0;
  const partialStore = timing.partialStore | 0;
  const multiply = timing.multiply | 0;
  const divide = timing.divide | 0;
  const bufferSpan = (timing.writeDrain * timing.writeBufferDepth) | 0;
  const base = clock.now;
  const stallBase = cpu.stalls;
  let cycle = 0;
  let stalled = 0;

  if (cpu.isInterruptPending) {
    words[cpu.pendingRegister] = cpu.pendingValue;
    words[0] = 0;
    cpu.pendingRegister = 0;
    cpu.enterException(EXCEPTION.Int, cpu.pc, cpu.inDelaySlot, 0, base, base - stallBase);
    cycle = timing.exceptionEntry | 0;
    stalled = cycle;
  }
  cpu.attention = false;
  cpu.until = until;

  // A part of a cycle is a whole one: rounded down, such a limit would never be reached.
  let limit = Math.min(Math.ceil(until - base), 0x3fff_ffff) | 0;
  let pc = cpu.pc | 0;
  let nextPc = cpu.nextPc | 0;
  let pendingRegister = cpu.pendingRegister | 0;
  let pendingValue = cpu.pendingValue | 0;
  /** Number of the instruction that is in a delay slot, counted from this call. */
  let delaySlot = cpu.inDelaySlot ? (cycle - stalled + 1) | 0 : -1;
  let bufferEmpty = Math.max(cpu.writeBufferEmptyAt - base, 0) | 0;
  let multiplyReady = Math.max(cpu.multiplyReadyAt - base, 0) | 0;
  /** Until then some result of the FPU is under way; `fpuResults` says which, in absolute cycles. */
  let fpuReady = Math.max(cpu.fpu.idleAt - base, 0) | 0;
  let readMask = cpu.readMask | 0;
  let writeMask = cpu.writeMask | 0;
  let instructionTags = cpu.instructionTags.byteOffset >> 2;
  let dataTags = cpu.dataTags.byteOffset >> 2;
  let fetchPage = -1;
  let fetchPhysical = 0;
  let fault = 0;
  let isFetchFault = false;
  let coprocessor = 0;
  let idlePc = 0;
  let idleCycle = 0;
  let idleStalled = 0;
  let idlePeriod = 0;
  /** What the hot loop left to do, for which instruction, with which address or register value. */
  let action = END as number;
  let current = 0;
  let word = 0;
  let operand = 0;
  let stored = 0;
  /** True when `word` was fetched slowly and is to be executed next. */
  let isFetched = false;
  let dataMisses = 0;
  /** Instructions attempted when the present page of cached ROM was entered, -1 elsewhere; and those of pages left. */
  let romSince = -1;
  let romInstructions = 0;

  for (;;) {
    action = END;
    hot: while (cycle < limit) {
      cycle = (cycle + 1) | 0;
      current = pc;

      // ---- fetch
      if ((current & PAGE_AND_ALIGN) === fetchPage) {
        const physical = fetchPhysical | (current & 0xfff);
        if (words[instructionTags + ((physical >> 2) & LINE)] !== physical) {
          action = FETCH;
          break;
        }
        word = words[(physical + RAM) >> 2] as number;
      } else if (isFetched) {
        isFetched = false;
      } else {
        const entry = words[TRANSLATIONS + (current >>> 12)] as number;
        if ((entry & cpu.fetchMask) === 0 || (current & 3) !== 0) {
          action = FETCH;
          break;
        }
        fetchPage = current & PAGE;
        fetchPhysical = entry & PAGE;
        cycle = (cycle - 1) | 0;
        if (romSince >= 0) romInstructions = (romInstructions + cycle - stalled - romSince) | 0;
        romSince = fetchPhysical >= ramBytes ? (cycle - stalled) | 0 : -1;
        continue;
      }

      // ---- operands, then the pending load
      words[0] = 0;
      const rs = words[(word >>> 21) & 31] as number;
      const rt = words[(word >>> 16) & 31] as number;
      if (pendingRegister !== 0) {
        words[pendingRegister] = pendingValue;
        pendingRegister = 0;
      }
      pc = nextPc;
      nextPc = (nextPc + 4) | 0;

      switch (word >>> 26) {
        case 0: // SPECIAL
          switch (word & 63) {
            case 0: // sll
              words[(word >>> 11) & 31] = rt << ((word >>> 6) & 31);
              continue;
            case 2: // srl
              words[(word >>> 11) & 31] = rt >>> ((word >>> 6) & 31);
              continue;
            case 3: // sra
              words[(word >>> 11) & 31] = rt >> ((word >>> 6) & 31);
              continue;
            case 4: // sllv
              words[(word >>> 11) & 31] = rt << (rs & 31);
              continue;
            case 6: // srlv
              words[(word >>> 11) & 31] = rt >>> (rs & 31);
              continue;
            case 7: // srav
              words[(word >>> 11) & 31] = rt >> (rs & 31);
              continue;
            case 8: // jr
              nextPc = rs;
              delaySlot = (cycle - stalled + 1) | 0;
              continue;
            case 9: // jalr
              words[(word >>> 11) & 31] = (pc + 4) | 0;
              nextPc = rs;
              delaySlot = (cycle - stalled + 1) | 0;
              continue;
            case 12: // syscall
              fault = EXCEPTION.Sys;
              action = FAULT_RAISED;
              break hot;
            case 13: // break
              fault = EXCEPTION.Bp;
              action = FAULT_RAISED;
              break hot;
            case 16: // mfhi
            case 18: // mflo
              if (multiplyReady > cycle) {
                stalled = (stalled + multiplyReady - cycle) | 0;
                cycle = multiplyReady;
              }
              words[(word >>> 11) & 31] = words[HI + ((word & 2) >> 1)] as number;
              continue;
            case 17: // mthi
              words[HI] = rs;
              continue;
            case 19: // mtlo
              words[LO] = rs;
              continue;
            case 24: // mult, multu: four products of halves
            case 25: {
              words[LO] = Math.imul(rs, rt);
              const middle =
                (Math.imul(rs >> 16, rt & 0xffff) + (Math.imul(rs & 0xffff, rt & 0xffff) >>> 16)) | 0;
              const other = (Math.imul(rs & 0xffff, rt >> 16) + (middle & 0xffff)) | 0;
              let high = (Math.imul(rs >> 16, rt >> 16) + (middle >> 16) + (other >> 16)) | 0;
              // Unsigned: a register with bit 31 set was taken for 2^32 less than it is.
              if ((word & 1) !== 0) high = (high + (rt & (rs >> 31)) + (rs & (rt >> 31))) | 0;
              words[HI] = high;
              multiplyReady = (cycle + multiply) | 0;
              continue;
            }
            case 26: // div
              if (rt === 0) {
                words[LO] = rs < 0 ? 1 : -1;
                words[HI] = rs;
              } else if (rs === MIN_INT && rt === -1) {
                words[LO] = MIN_INT;
                words[HI] = 0;
              } else {
                words[LO] = (rs / rt) | 0;
                words[HI] = (rs % rt) | 0;
              }
              multiplyReady = (cycle + divide) | 0;
              continue;
            case 27: // divu
              if (rt === 0) {
                words[LO] = -1;
                words[HI] = rs;
              } else {
                words[LO] = ((rs >>> 0) / (rt >>> 0)) | 0;
                words[HI] = ((rs >>> 0) % (rt >>> 0)) | 0;
              }
              multiplyReady = (cycle + divide) | 0;
              continue;
            case 32: {
              // add
              const sum = (rs + rt) | 0;
              if (((rs ^ sum) & (rt ^ sum)) < 0) {
                fault = EXCEPTION.Ov;
                action = FAULT_RAISED;
                break hot;
              }
              words[(word >>> 11) & 31] = sum;
              continue;
            }
            case 33: // addu
              words[(word >>> 11) & 31] = rs + rt;
              continue;
            case 34: {
              // sub
              const difference = (rs - rt) | 0;
              if (((rs ^ rt) & (rs ^ difference)) < 0) {
                fault = EXCEPTION.Ov;
                action = FAULT_RAISED;
                break hot;
              }
              words[(word >>> 11) & 31] = difference;
              continue;
            }
            case 35: // subu
              words[(word >>> 11) & 31] = rs - rt;
              continue;
            case 36: // and
              words[(word >>> 11) & 31] = rs & rt;
              continue;
            case 37: // or
              words[(word >>> 11) & 31] = rs | rt;
              continue;
            case 38: // xor
              words[(word >>> 11) & 31] = rs ^ rt;
              continue;
            case 39: // nor
              words[(word >>> 11) & 31] = ~(rs | rt);
              continue;
            case 42: // slt
              words[(word >>> 11) & 31] = rs < rt ? 1 : 0;
              continue;
            case 43: // sltu
              words[(word >>> 11) & 31] = rs >>> 0 < rt >>> 0 ? 1 : 0;
              continue;
            default:
              fault = EXCEPTION.RI;
              action = FAULT_RAISED;
              break hot;
          }

        case 1: {
          // REGIMM: only bits 16 and 20 of the sub-operation are decoded; the link is written taken or not.
          const isTaken = (word & 0x1_0000) !== 0 ? rs >= 0 : rs < 0;
          if ((word & 0x10_0000) !== 0) words[31] = (pc + 4) | 0;
          if (isTaken) nextPc = (pc + ((word << 16) >> 14)) | 0;
          delaySlot = (cycle - stalled + 1) | 0;
          continue;
        }

        case 2: // j
        case 3: // jal
          if ((word & 0x0400_0000) !== 0) words[31] = (pc + 4) | 0;
          nextPc = (pc & 0xf000_0000) | ((word & 0x03ff_ffff) << 2);
          delaySlot = (cycle - stalled + 1) | 0;
          if (nextPc !== current) continue;
          action = IDLE;
          break hot;
        case 4: // beq
          delaySlot = (cycle - stalled + 1) | 0;
          if (rs !== rt) continue;
          nextPc = (pc + ((word << 16) >> 14)) | 0;
          if (nextPc !== current) continue;
          action = IDLE;
          break hot;
        case 5: // bne
          if (rs !== rt) nextPc = (pc + ((word << 16) >> 14)) | 0;
          delaySlot = (cycle - stalled + 1) | 0;
          continue;
        case 6: // blez
          if (rs <= 0) nextPc = (pc + ((word << 16) >> 14)) | 0;
          delaySlot = (cycle - stalled + 1) | 0;
          continue;
        case 7: // bgtz
          if (rs > 0) nextPc = (pc + ((word << 16) >> 14)) | 0;
          delaySlot = (cycle - stalled + 1) | 0;
          continue;

        case 8: {
          // addi
          const immediate = (word << 16) >> 16;
          const sum = (rs + immediate) | 0;
          if (((rs ^ sum) & (immediate ^ sum)) < 0) {
            fault = EXCEPTION.Ov;
            action = FAULT_RAISED;
            break hot;
          }
          words[(word >>> 16) & 31] = sum;
          continue;
        }
        case 9: // addiu
          words[(word >>> 16) & 31] = rs + ((word << 16) >> 16);
          continue;
        case 10: // slti
          words[(word >>> 16) & 31] = rs < (word << 16) >> 16 ? 1 : 0;
          continue;
        case 11: // sltiu
          words[(word >>> 16) & 31] = rs >>> 0 < ((word << 16) >> 16) >>> 0 ? 1 : 0;
          continue;
        case 12: // andi
          words[(word >>> 16) & 31] = rs & (word & 0xffff);
          continue;
        case 13: // ori
          words[(word >>> 16) & 31] = rs | (word & 0xffff);
          continue;
        case 14: // xori
          words[(word >>> 16) & 31] = rs ^ (word & 0xffff);
          continue;
        case 15: // lui
          words[(word >>> 16) & 31] = word << 16;
          continue;

        case 16: // COP0, COP1
        case 17:
          operand = rt;
          action = COPROCESSOR;
          break hot;

        case 18: // COP2, COP3: nothing is there
        case 19:
          fault = EXCEPTION.CpU;
          coprocessor = (word >>> 26) & 3;
          action = FAULT_RAISED;
          break hot;

        case 35: {
          // lw
          const address = (rs + ((word << 16) >> 16)) | 0;
          const entry = words[TRANSLATIONS + (address >>> 12)] as number;
          if ((entry & readMask) !== 0 && (address & 3) === 0) {
            const physical = (entry & PAGE) | (address & 0xfff);
            const line = (physical >> 2) & LINE;
            if (words[dataTags + line] !== physical) {
              words[dataTags + line] = physical;
              dataMisses = (dataMisses + 1) | 0;
              const stall = (bufferEmpty > cycle ? bufferEmpty - cycle + readMiss : readMiss) | 0;
              cycle = (cycle + stall) | 0;
              stalled = (stalled + stall) | 0;
            }
            pendingValue = words[(physical + RAM) >> 2] as number;
          } else {
            operand = address;
            action = LOAD;
            break hot;
          }
          pendingRegister = (word >>> 16) & 31;
          continue;
        }

        case 32: // lb
        case 33: // lh
        case 34: // lwl
        case 36: // lbu
        case 37: // lhu
        case 38: // lwr
        case 49: {
          // lwc1
          const opcode = word >>> 26;
          const address = (rs + ((word << 16) >> 16)) | 0;
          if (opcode === 49 && ((cp0[CP0.Status] as number) & STATUS.CU1) === 0) {
            fault = EXCEPTION.CpU;
            coprocessor = 1;
            action = FAULT_RAISED;
            break hot;
          }
          // The bytes the bus moves: lwl and lwr take the whole aligned word.
          const size = opcode === 32 || opcode === 36 ? 1 : opcode === 33 || opcode === 37 ? 2 : 4;
          const isUnaligned = opcode === 34 || opcode === 38;
          const target = isUnaligned ? address & ~3 : address;
          const entry = words[TRANSLATIONS + (target >>> 12)] as number;
          let value: number;
          if ((entry & readMask) !== 0 && (target & (size - 1)) === 0) {
            const physical = (entry & PAGE) | (target & 0xfff);
            const tag = physical & ~3;
            const line = (physical >> 2) & LINE;
            if (words[dataTags + line] !== tag) {
              words[dataTags + line] = tag;
              dataMisses = (dataMisses + 1) | 0;
              const stall = (bufferEmpty > cycle ? bufferEmpty - cycle + readMiss : readMiss) | 0;
              cycle = (cycle + stall) | 0;
              stalled = (stalled + stall) | 0;
            }
            const at = physical + RAM;
            value = (size === 4 ? words[at >> 2] : size === 2 ? halves[at >> 1] : bytes[at]) as number;
          } else {
            operand = address;
            action = LOAD;
            break hot;
          }
          const register = (word >>> 16) & 31;
          if (opcode === 49) {
            if (fpuReady > cycle) {
              // An older result of the same register goes in first.
              const stall = Math.max((fpuResults[register] as number) - base - cycle, 0) | 0;
              if (stall > 0) {
                cycle = (cycle + stall) | 0;
                stalled = (stalled + stall) | 0;
              }
            }
            words[FPR + register] = value;
            continue;
          }
          // lwl and lwr merge with a load to the same register that was still pending: it is in by now.
          switch (opcode) {
            case 32:
              pendingValue = (value << 24) >> 24;
              break;
            case 33:
              pendingValue = (value << 16) >> 16;
              break;
            case 34: {
              const shift = (address & 3) << 3;
              pendingValue =
                ((words[register] as number) & (0x00ff_ffff >>> shift)) | (value << (24 - shift));
              break;
            }
            case 38: {
              const shift = (address & 3) << 3;
              pendingValue =
                ((words[register] as number) & (shift === 0 ? 0 : -1 << (32 - shift))) | (value >>> shift);
              break;
            }
            default:
              pendingValue = value;
          }
          pendingRegister = register;
          continue;
        }

        case 43: {
          // sw
          const address = (rs + ((word << 16) >> 16)) | 0;
          const entry = words[TRANSLATIONS + (address >>> 12)] as number;
          if ((entry & writeMask) !== 0 && (address & 3) === 0) {
            const physical = (entry & PAGE) | (address & 0xfff);
            words[dataTags + ((physical >> 2) & LINE)] = physical;
            words[(physical + RAM) >> 2] = rt;
            bufferEmpty = (Math.max(bufferEmpty, cycle) + writeDrain) | 0;
            const stall = (bufferEmpty - cycle - bufferSpan) | 0;
            if (stall > 0) {
              cycle = (cycle + stall) | 0;
              stalled = (stalled + stall) | 0;
            }
          } else {
            operand = address;
            stored = rt;
            action = STORE;
            break hot;
          }
          continue;
        }

        case 40: // sb
        case 41: // sh
        case 42: // swl
        case 46: // swr
        case 57: {
          // swc1
          const opcode = word >>> 26;
          const address = (rs + ((word << 16) >> 16)) | 0;
          if (opcode === 57 && ((cp0[CP0.Status] as number) & STATUS.CU1) === 0) {
            fault = EXCEPTION.CpU;
            coprocessor = 1;
            action = FAULT_RAISED;
            break hot;
          }
          const isUnaligned = opcode === 42 || opcode === 46;
          const size = opcode === 40 ? 1 : opcode === 41 ? 2 : 4;
          const target = isUnaligned ? address & ~3 : address;
          const entry = words[TRANSLATIONS + (target >>> 12)] as number;
          if ((entry & writeMask) !== 0 && (target & (size - 1)) === 0) {
            const physical = (entry & PAGE) | (target & 0xfff);
            const tag = physical & ~3;
            const line = (physical >> 2) & LINE;
            const at = physical + RAM;
            if (opcode === 57) {
              if (fpuReady > cycle) {
                const stall = Math.max((fpuResults[(word >>> 16) & 31] as number) - base - cycle, 0) | 0;
                if (stall > 0) {
                  cycle = (cycle + stall) | 0;
                  stalled = (stalled + stall) | 0;
                }
              }
              words[dataTags + line] = tag;
              words[at >> 2] = words[FPR + ((word >>> 16) & 31)] as number;
            } else {
              if (opcode === 40) bytes[at] = rt;
              else if (opcode === 41) halves[at >> 1] = rt;
              else if (opcode === 42) {
                const shift = (address & 3) << 3;
                const kept = (words[at >> 2] as number) & (shift === 24 ? 0 : -1 << (shift + 8));
                words[at >> 2] = kept | (rt >>> (24 - shift));
              } else {
                const shift = (address & 3) << 3;
                words[at >> 2] = ((words[at >> 2] as number) & ((1 << shift) - 1)) | (rt << shift);
              }
              if (words[dataTags + line] === tag) {
                cycle = (cycle + partialStore) | 0;
                stalled = (stalled + partialStore) | 0;
              }
            }
            bufferEmpty = (Math.max(bufferEmpty, cycle) + writeDrain) | 0;
            const stall = (bufferEmpty - cycle - bufferSpan) | 0;
            if (stall > 0) {
              cycle = (cycle + stall) | 0;
              stalled = (stalled + stall) | 0;
            }
            continue;
          }
          operand = address;
          stored = rt;
          action = STORE;
          break hot;
        }

        case 50: // lwc2, lwc3, swc2, swc3
        case 51:
        case 58:
        case 59:
          fault = EXCEPTION.CpU;
          coprocessor = (word >>> 26) & 3;
          action = FAULT_RAISED;
          break hot;

        default:
          fault = EXCEPTION.RI;
          action = FAULT_RAISED;
          break hot;
      }
    }

    // ---- what the hot loop left: ends in `continue`, or in `break slow` with an exception in `fault`
    if (action === END) break;
    if (dataMisses !== 0) {
      counters[COUNTER.dcacheMisses] = (counters[COUNTER.dcacheMisses] as number) + dataMisses;
      dataMisses = 0;
    }
    // biome-ignore lint/suspicious/noConfusingLabels: nested switches leave to the exception below
    slow: switch (action) {
      case FETCH: {
        if (romSince >= 0) {
          romInstructions = (romInstructions + cycle - 1 - stalled - romSince) | 0;
          romSince = -1;
        }
        cpu.stalls = stallBase + stalled;
        cpu.writeBufferEmptyAt = base + bufferEmpty;
        // Trace points look at registers: the load under way is one of them.
        cpu.pendingRegister = pendingRegister;
        cpu.pendingValue = pendingValue;
        word = cpu.fetchSlow(current, base + cycle - 1) | 0;
        bufferEmpty = (cpu.writeBufferEmptyAt - base) | 0;
        if (cpu.attention) limit = cycle;
        if (cpu.fault !== FAULT.none) {
          fault = cpu.fault | 0;
          isFetchFault = true;
          break;
        }
        // The same instruction again, now with its word; it was counted once already.
        isFetched = true;
        fetchPage = -1;
        const stall = cpu.slowCycles | 0;
        cycle = (cycle + stall - 1) | 0;
        stalled = (stalled + stall) | 0;
        if (limit <= cycle) limit = (cycle + 1) | 0;
        continue;
      }

      case LOAD: {
        const opcode = word >>> 26;
        const register = (word >>> 16) & 31;
        cpu.writeBufferEmptyAt = base + bufferEmpty;
        const value = cpu.loadInstruction(opcode, operand, base + cycle);
        bufferEmpty = (cpu.writeBufferEmptyAt - base) | 0;
        if (cpu.attention) limit = cycle;
        if (cpu.fault !== FAULT.none) {
          fault = cpu.fault | 0;
          break;
        }
        const stall = cpu.slowCycles | 0;
        cycle = (cycle + stall) | 0;
        stalled = (stalled + stall) | 0;
        if (opcode === 49) {
          const stall = fpu.wait(register, base + cycle) | 0;
          cycle = (cycle + stall) | 0;
          stalled = (stalled + stall) | 0;
          words[FPR + register] = value;
        } else {
          pendingValue = extendLoad(opcode, value, operand & 3, words[register] as number) | 0;
          pendingRegister = register;
        }
        continue;
      }

      case STORE: {
        const opcode = word >>> 26;
        const register = (word >>> 16) & 31;
        if (opcode === 57) {
          const stall = fpu.wait(register, base + cycle) | 0;
          cycle = (cycle + stall) | 0;
          stalled = (stalled + stall) | 0;
          stored = words[FPR + register] as number;
        }
        cpu.writeBufferEmptyAt = base + bufferEmpty;
        cpu.storeInstruction(opcode, operand, stored, base + cycle);
        bufferEmpty = (cpu.writeBufferEmptyAt - base) | 0;
        if (cpu.attention) limit = cycle;
        if (cpu.fault !== FAULT.none) {
          fault = cpu.fault | 0;
          break;
        }
        const stall = cpu.slowCycles | 0;
        cycle = (cycle + stall) | 0;
        stalled = (stalled + stall) | 0;
        continue;
      }

      case COPROCESSOR: {
        if (word >>> 26 === 16) {
          const status = cp0[CP0.Status] as number;
          if ((status & (STATUS.KUc | STATUS.CU0)) === STATUS.KUc) {
            fault = EXCEPTION.CpU;
            coprocessor = 0;
            break;
          }
          switch ((word >>> 21) & 31) {
            case 0: // mfc0
              pendingRegister = (word >>> 16) & 31;
              pendingValue = cpu.readCp0((word >>> 11) & 31, base - stallBase + cycle - stalled) | 0;
              continue;
            case 4: // mtc0
              cpu.writeCp0((word >>> 11) & 31, operand);
              readMask = cpu.readMask | 0;
              writeMask = cpu.writeMask | 0;
              instructionTags = cpu.instructionTags.byteOffset >> 2;
              dataTags = cpu.dataTags.byteOffset >> 2;
              fetchPage = -1;
              if (cpu.attention) limit = cycle;
              continue;
            case 8: // bc0f, bc0t: CpCond0 is wired true
              if ((word & 0x1_0000) !== 0) nextPc = (pc + ((word << 16) >> 14)) | 0;
              delaySlot = (cycle - stalled + 1) | 0;
              continue;
            case 16:
            case 17:
            case 18:
            case 19:
            case 20:
            case 21:
            case 22:
            case 23:
            case 24:
            case 25:
            case 26:
            case 27:
            case 28:
            case 29:
            case 30:
            case 31:
              switch (word & 63) {
                case 1: // tlbr
                  cpu.tlbRead();
                  fetchPage = -1;
                  continue;
                case 2: // tlbwi
                  cpu.tlbWrite(((cp0[CP0.Index] as number) >>> 8) & 63);
                  fetchPage = -1;
                  continue;
                case 6: // tlbwr
                  cpu.tlbWrite(cpu.random(base - stallBase + cycle - stalled) >>> 8);
                  fetchPage = -1;
                  continue;
                case 8: {
                  // tlbp
                  const entryHi = cp0[CP0.EntryHi] as number;
                  const index = cpu.tlbProbe(entryHi & (ENTRY_HI.VPN | ENTRY_HI.ASID));
                  cp0[CP0.Index] = index < 0 ? MIN_INT : index << 8;
                  continue;
                }
                case 16: // rfe
                  cpu.returnFromException(base + cycle, base - stallBase + cycle - stalled);
                  readMask = cpu.readMask | 0;
                  writeMask = cpu.writeMask | 0;
                  fetchPage = -1;
                  if (cpu.attention) limit = cycle;
                  continue;
                default:
                  fault = EXCEPTION.RI;
                  break slow;
              }
            default:
              fault = EXCEPTION.RI;
              break slow;
          }
        }
        // COP1
        if (((cp0[CP0.Status] as number) & STATUS.CU1) === 0) {
          fault = EXCEPTION.CpU;
          coprocessor = 1;
          break;
        }
        const register = (word >>> 11) & 31;
        const selector = (word >>> 21) & 31;
        if (fpuReady > cycle && selector <= 8) {
          // Moves wait for their register, control moves for all that is under way, branches for the condition.
          const result =
            selector === 8 ? FPU_RESULTS.condition : (selector & 2) !== 0 ? FPU_RESULTS.all : register;
          const stall = fpu.wait(result, base + cycle) | 0;
          cycle = (cycle + stall) | 0;
          stalled = (stalled + stall) | 0;
        }
        switch (selector) {
          case 0: // mfc1
            pendingRegister = (word >>> 16) & 31;
            pendingValue = words[FPR + register] as number;
            continue;
          case 2: // cfc1
            pendingRegister = (word >>> 16) & 31;
            pendingValue = cpu.readFpuControl(register) | 0;
            continue;
          case 4: // mtc1
            words[FPR + register] = operand;
            continue;
          case 6: // ctc1
            cpu.writeFpuControl(register, operand);
            if (cpu.attention) limit = cycle;
            continue;
          case 8: {
            // bc1f, bc1t
            const isSet = ((cpu.fcr31[0] as number) & FCR31.C) !== 0;
            if (isSet === ((word & 0x1_0000) !== 0)) nextPc = (pc + ((word << 16) >> 14)) | 0;
            delaySlot = (cycle - stalled + 1) | 0;
            continue;
          }
          case 1: // 64-bit moves and what was never defined
          case 3:
          case 5:
          case 7:
          case 9:
          case 10:
          case 11:
          case 12:
          case 13:
          case 14:
          case 15:
            fault = EXCEPTION.RI;
            break slow;
          default: {
            const isComplete = fpu.execute(word, base + cycle);
            const stall = fpu.stall | 0;
            cycle = (cycle + stall) | 0;
            stalled = (stalled + stall) | 0;
            fpuReady = Math.max(fpu.idleAt - base, 0) | 0;
            if (isComplete) continue;
            // The interrupt points at the instruction; masked, it stays pending.
            if (cpu.isInterruptPending) {
              fault = EXCEPTION.Int;
              break slow;
            }
            continue;
          }
        }
      }

      case IDLE:
        // A branch to itself: when its period repeats, skip whole iterations up to the limit.
        if (idlePc === current && cycle - idleCycle - (stalled - idleStalled) === 2) {
          const period = (cycle - idleCycle) | 0;
          if (
            period === idlePeriod &&
            current < 0xc000_0000 - 2 ** 32 &&
            cpu.idleSkip &&
            isNop(cpu, current + 4)
          ) {
            const count = Math.floor((limit - 1 - cycle) / period);
            if (count > 0) {
              cycle = (cycle + count * period) | 0;
              stalled = (stalled + count * (period - 2)) | 0;
              if (current >>> 0 >= 0xbfc0_0000) cpu.countRomInstructions(2 * count);
            }
          }
          idlePeriod = period;
        }
        idlePc = current;
        idleCycle = cycle;
        idleStalled = stalled;
        continue;
    }

    if (fault === FAULT.stopped) {
      // A breakpoint, or a watchpoint between fetch and access: the instruction has not run.
      cycle = (cycle - 1) | 0;
      if (!isFetchFault) {
        cpu.points.suspended = { word, address: operand, stored };
        // Its fetch is done, and counts.
        if (romSince >= 0) romInstructions = (romInstructions + 1) | 0;
        nextPc = pc;
        pc = current;
      }
      break;
    }

    // ---- exception
    if (pendingRegister !== 0) {
      words[pendingRegister] = pendingValue;
      pendingRegister = 0;
    }
    words[0] = 0;
    const isDelaySlot = cycle - stalled === delaySlot;
    if (isFetchFault) {
      // Nothing was fetched, so nothing was attempted: the cycle counts as a stall.
      stalled = (stalled + 1) | 0;
      isFetchFault = false;
    }
    cpu.enterException(
      fault,
      current,
      isDelaySlot,
      coprocessor,
      base + cycle,
      base - stallBase + cycle - stalled,
    );
    coprocessor = 0;
    delaySlot = -1;
    pc = cpu.pc | 0;
    nextPc = cpu.nextPc | 0;
    readMask = cpu.readMask | 0;
    writeMask = cpu.writeMask | 0;
    fetchPage = -1;
    const entry = timing.exceptionEntry | 0;
    cycle = (cycle + entry) | 0;
    stalled = (stalled + entry) | 0;
  }

  counters[COUNTER.dcacheMisses] = (counters[COUNTER.dcacheMisses] as number) + dataMisses;
  if (romSince >= 0) romInstructions += cycle - stalled - romSince;
  cpu.countRomInstructions(romInstructions);
  words[0] = 0;
  cpu.pc = pc;
  cpu.nextPc = nextPc;
  cpu.inDelaySlot = delaySlot === cycle - stalled + 1;
  cpu.pendingRegister = pendingRegister;
  cpu.pendingValue = pendingValue;
  cpu.stalls = stallBase + stalled;
  cpu.writeBufferEmptyAt = base + bufferEmpty;
  cpu.multiplyReadyAt = base + multiplyReady;
  clock.now = base + cycle;
}

/** Register value after load `opcode` read `value` (zero-extended) at byte `lane`; lwl and lwr merge with `old`. */
export function extendLoad(opcode: number, value: number, lane: number, old: number): number {
  const shift = lane << 3;
  switch (opcode) {
    case 32:
      return (value << 24) >> 24;
    case 33:
      return (value << 16) >> 16;
    case 34:
      return (old & (0x00ff_ffff >>> shift)) | (value << (24 - shift));
    case 38:
      return (old & (shift === 0 ? 0 : -1 << (32 - shift))) | (value >>> shift);
    default:
      return value | 0;
  }
}

/** True when the word at a kernel address (the delay slot of a branch to itself) is a nop. */
function isNop(cpu: Cpu, address: number): boolean {
  const physical = address & 0x1fff_ffff;
  if (physical < cpu.memory.ramBytes) return cpu.memory.words[(LAYOUT.ram + physical) >>> 2] === 0;
  return cpu.bus.read(physical, 4) === 0;
}
