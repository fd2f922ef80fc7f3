/** The smallest debugger: packets in and out of a session, and a machine that runs when the session says so. */

import { DebugSession } from '../../src/debug/index.js';
import { encodePacket, PacketReader } from '../../src/debug/packet.js';
import { type BlockDevice, createMachine, type Machine } from '../../src/machine/index.js';

const SLICE_CYCLES = 10_000;

export class TestDebugger {
  readonly session: DebugSession;
  readonly machine: Machine;
  /** Everything the session has sent, by kind. */
  readonly received: string[] = [];
  readonly ends: string[] = [];
  sentBytes = 0;
  readonly #reader = new PacketReader();

  constructor(machine: Machine, run: (untilCycle: number) => void = (cycle) => machine.run(cycle)) {
    this.machine = machine;
    this.session = new DebugSession(machine, {
      run,
      send: (bytes) => {
        this.sentBytes += bytes.length;
        for (const event of this.#reader.feed(bytes)) {
          this.received.push(event.kind === 'packet' ? event.payload : event.kind);
        }
      },
      end: (how) => this.ends.push(how),
    });
  }

  /** Sends a packet and returns its answer; undefined when there is none. */
  ask(payload: string): string | undefined {
    this.received.length = 0;
    this.session.receive(encodePacket(payload));
    return this.received.find((one) => one !== 'ack');
  }

  /** Sends a packet that lets the machine go on; returns the stop, undefined when `cycles` have gone by without. */
  resume(payload: string, cycles = 10_000_000): string | undefined {
    this.ask(payload);
    const end = this.machine.cycle + cycles;
    while (this.session.isRunning && this.machine.cycle < end) {
      this.session.run(Math.min(end, this.machine.cycle + SLICE_CYCLES));
    }
    return this.received.find((one) => one !== 'ack');
  }

  monitor(command: string): string {
    const answer = this.ask(`qRcmd,${Buffer.from(command).toString('hex')}`) ?? '';
    return Buffer.from(answer, 'hex').toString();
  }

  /** A 32-bit register by GDB's number. */
  register(number: number): number {
    return Buffer.from(this.ask(`p${number.toString(16)}`) ?? '', 'hex').readUInt32LE(0);
  }
}

/** A machine whose reset vector holds these words. */
export function machineWith(program: readonly number[], disks: readonly BlockDevice[] = []): Machine {
  const rom = new Uint8Array(4 * program.length);
  const words = new DataView(rom.buffer);
  program.forEach((word, index) => {
    words.setUint32(4 * index, word, true);
  });
  return createMachine({
    model: '5000/125',
    memoryMiB: 8,
    rom,
    disks,
    seed: new Uint8Array(16),
    epochSeconds: 0,
  });
}
