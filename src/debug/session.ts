/**
 * One debugger's session: GDB's remote serial protocol, bytes in and bytes out, over a machine that somebody else drives:
 * `run` goes on for some cycles when GDB has said so, and reports a stop when there is one. No sockets, no clock. Whatever
 * comes in gets an answer or is dropped; nothing a client sends makes it throw. GDB manual, appendix E.
 */

import type { DebugStop, Machine, WatchKind } from '../machine/index.js';
import { GuestView } from './guest-view.js';
import { bytesToHex, hexToBytes, parseNumber, textToHex } from './hex.js';
import { describeRunner, isMeant, type MonitorSubject, monitor } from './monitor.js';
import { ACKNOWLEDGED, encodePacket, PACKET_BYTES, PacketReader, REFUSED } from './packet.js';
import {
  REGISTER_COUNT,
  readAllRegisters,
  readRegister,
  targetDescription,
  writeAllRegisters,
  writeRegister,
} from './registers.js';
import { isUserAddress, type Resumption, RunControl, type StopEvent } from './run-control.js';

const OK = 'OK';
const BAD_REQUEST = 'E01';
const BAD_ADDRESS = 'E0e';
const UNSUPPORTED = '';
const INTERRUPTED = 'T02thread:1;';
const TRAPPED = 'T05thread:1;';
const WATCH_KINDS: Readonly<Record<string, WatchKind>> = { 2: 'write', 3: 'read', 4: 'access' };
const WATCH_NAMES: Readonly<Record<WatchKind, string>> = { write: 'watch', read: 'rwatch', access: 'awatch' };
/** More points than any person sets. */
const MAX_POINTS = 1000;

export interface SessionHooks {
  /** Runs the machine to the absolute cycle at most. */
  run(untilCycle: number): void;
  /** Bytes for the debugger. */
  send(bytes: Uint8Array): void;
  /** The debugger has let go of the machine, which runs on, or wants it to end. */
  end(how: 'detached' | 'killed'): void;
}

export class DebugSession {
  readonly #machine: Machine;
  readonly #hooks: SessionHooks;
  readonly #reader: PacketReader = new PacketReader();
  readonly #control: RunControl;
  readonly #view: GuestView;
  readonly #subject: MonitorSubject;
  #acknowledges = true;
  #lastSent: Uint8Array | undefined;
  /** GDB knows the reasons swbreak and hwbreak. */
  #namesBreakpoints = false;
  #hardwareBreakpoints: Set<number> = new Set();
  #lastStop: string = TRAPPED;

  constructor(machine: Machine, hooks: SessionHooks) {
    this.#machine = machine;
    this.#hooks = hooks;
    this.#control = new RunControl(machine, (untilCycle) => hooks.run(untilCycle));
    this.#view = new GuestView(machine);
    this.#subject = { machine, view: this.#view, control: this.#control, only: null };
    this.#control.isWanted = (stop) => this.#isWanted(stop);
  }

  /** True while the machine is to go on: between GDB's resumption and the next stop. */
  get isRunning(): boolean {
    return this.#control.isRunning;
  }

  /** Goes on to the absolute cycle at most, when the debugger has said so. */
  run(untilCycle: number): void {
    const stop = this.#control.advance(untilCycle);
    if (stop !== undefined) this.#report(this.#stopReply(stop));
  }

  /** Bytes from the debugger. */
  receive(bytes: Uint8Array): void {
    for (const event of this.#reader.feed(bytes)) {
      switch (event.kind) {
        case 'packet':
          if (this.#acknowledges) this.#hooks.send(ACKNOWLEDGED);
          this.#answer(event.payload);
          break;
        case 'damaged':
          if (this.#acknowledges) this.#hooks.send(REFUSED);
          break;
        case 'nak':
          if (this.#acknowledges && this.#lastSent !== undefined) this.#hooks.send(this.#lastSent);
          break;
        case 'interrupt':
          this.interrupt();
          break;
        case 'ack':
          break;
      }
    }
  }

  /** Stops the machine where it is. */
  interrupt(): void {
    if (!this.isRunning) return;
    this.#control.halt();
    this.#report(INTERRUPTED);
  }

  /** The run has ended: the debugger is told, as of a program that has exited with this status. */
  machineEnded(status: number): void {
    this.#control.halt();
    this.#report(`W${(status & 0xff).toString(16).padStart(2, '0')}`);
  }

  /** Takes every breakpoint out. */
  dispose(): void {
    this.#control.halt();
    this.#control.removeAll();
  }

  #answer(payload: string): void {
    // While the machine runs a debugger sends nothing but interrupts.
    if (this.isRunning) return;
    const reply = this.#reply(payload);
    if (reply !== undefined) this.#sendPacket(reply);
  }

  /** Undefined: the answer comes with the next stop, or not at all. */
  #reply(payload: string): string | undefined {
    const rest = payload.slice(1);
    switch (payload[0]) {
      case '?':
        return this.#lastStop;
      case 'g':
        return readAllRegisters(this.#machine);
      case 'G': {
        const values = hexToBytes(rest);
        return values !== undefined && writeAllRegisters(this.#machine, values) ? OK : BAD_REQUEST;
      }
      case 'p':
        return readRegister(this.#machine, parseNumber(rest) ?? REGISTER_COUNT) ?? BAD_REQUEST;
      case 'P': {
        const [number = '', digits = ''] = rest.split('=');
        const value = hexToBytes(digits);
        if (value === undefined) return BAD_REQUEST;
        return writeRegister(this.#machine, parseNumber(number) ?? REGISTER_COUNT, value) ? OK : BAD_REQUEST;
      }
      case 'm':
        return this.#readMemory(rest);
      case 'M':
        return this.#writeMemory(rest, hexToBytes);
      case 'X':
        return this.#writeMemory(rest, (data) => Uint8Array.from(data, (char) => char.charCodeAt(0)));
      case 'Z':
      case 'z':
        return this.#changePoint(payload[0] === 'Z', rest);
      case 'c':
      case 'C':
      case 's':
      case 'S':
        return this.#resumeAt(payload);
      case 'v':
        return this.#verbose(payload);
      case 'q':
      case 'Q':
        return this.#query(payload);
      case 'H':
      case 'T':
        return OK;
      case 'D':
        this.#sendPacket(OK);
        this.#hooks.end('detached');
        return undefined;
      case 'k':
        this.#hooks.end('killed');
        return undefined;
      default:
        return UNSUPPORTED;
    }
  }

  #query(payload: string): string {
    const [name = ''] = payload.split(/[:,;]/);
    const rest = payload.slice(name.length + 1);
    switch (name) {
      case 'qSupported':
        this.#namesBreakpoints = /(?:^|;)hwbreak\+/.test(rest) && /(?:^|;)swbreak\+/.test(rest);
        return (
          `PacketSize=${PACKET_BYTES.toString(16)};QStartNoAckMode+;qXfer:features:read+;` +
          'swbreak+;hwbreak+;vContSupported+'
        );
      case 'QStartNoAckMode':
        this.#acknowledges = false;
        return OK;
      case 'qXfer':
        return this.#transfer(rest);
      case 'qAttached':
        return '1';
      case 'qC':
        return 'QC1';
      case 'qfThreadInfo':
        return 'm1';
      case 'qsThreadInfo':
        return 'l';
      case 'qThreadExtraInfo':
        return textToHex(describeRunner(this.#view));
      case 'qSymbol':
        return OK;
      case 'qRcmd': {
        const bytes = hexToBytes(rest);
        if (bytes === undefined) return BAD_REQUEST;
        return textToHex(monitor(this.#subject, new TextDecoder().decode(bytes)));
      }
      default:
        return UNSUPPORTED;
    }
  }

  #verbose(payload: string): string | undefined {
    if (payload === 'vCont?') return 'vCont;c;C;s;S;r';
    if (payload.startsWith('vKill')) {
      this.#sendPacket(OK);
      this.#hooks.end('killed');
      return undefined;
    }
    // One thread: the first action is the one that counts.
    const [, action, range] = /^vCont;([cCsSr])([^:;]*)/.exec(payload) ?? [];
    switch (action) {
      case 'c':
      case 'C':
        return this.#resume({ kind: 'continue' });
      case 's':
      case 'S':
        return this.#resume({ kind: 'step', first: 0, end: 0 });
      case 'r': {
        const [first, end] = (range ?? '').split(',').map(parseNumber);
        return first === undefined || end === undefined
          ? BAD_REQUEST
          : this.#resume({ kind: 'step', first, end });
      }
      default:
        return UNSUPPORTED;
    }
  }

  /** c [address], C signal[;address], s and S alike. */
  #resumeAt(payload: string): string | undefined {
    const isSignalled = payload[0] === 'C' || payload[0] === 'S';
    const text = isSignalled ? payload.split(';')[1] : payload.slice(1);
    if (text !== undefined && text !== '') {
      const address = parseNumber(text);
      if (address === undefined) return BAD_REQUEST;
      this.#machine.debugPort.writeRegister('pc', 0, address);
    }
    const isStep = payload[0] === 's' || payload[0] === 'S';
    return this.#resume(isStep ? { kind: 'step', first: 0, end: 0 } : { kind: 'continue' });
  }

  #resume(resumption: Resumption): undefined {
    this.#control.resume(resumption);
    return undefined;
  }

  #readMemory(rest: string): string {
    const [address, length] = rest.split(',').map(parseNumber);
    if (address === undefined || length === undefined) return BAD_REQUEST;
    const bytes = this.#view.read(address, Math.min(length, PACKET_BYTES / 2));
    return bytes.length === 0 && length !== 0 ? BAD_ADDRESS : bytesToHex(bytes);
  }

  #writeMemory(rest: string, decode: (data: string) => Uint8Array | undefined): string {
    const colon = rest.indexOf(':');
    const [address, length] = rest.slice(0, Math.max(colon, 0)).split(',').map(parseNumber);
    const bytes = decode(rest.slice(colon + 1));
    if (colon < 0 || address === undefined || bytes === undefined || bytes.length !== length) {
      return BAD_REQUEST;
    }
    return this.#view.write(address, bytes) ? OK : BAD_ADDRESS;
  }

  /** Z and z: type,address,kind. */
  #changePoint(isAdded: boolean, rest: string): string {
    const [type = '', ...numbers] = (rest.split(';')[0] ?? '').split(',');
    const [address, length] = numbers.map(parseNumber);
    if (address === undefined || length === undefined) return BAD_REQUEST;
    if (isAdded && this.#control.pointCount >= MAX_POINTS) return BAD_REQUEST;
    const kind = WATCH_KINDS[type];
    if (kind !== undefined) {
      if (isAdded) this.#control.addWatchpoint(kind, address, length);
      else this.#control.removeWatchpoint(kind, address, length);
      return OK;
    }
    if (type !== '0' && type !== '1') return UNSUPPORTED;
    if (isAdded) this.#control.addBreakpoint(address);
    else this.#control.removeBreakpoint(address);
    if (isAdded && type === '1') this.#hardwareBreakpoints.add(address);
    else this.#hardwareBreakpoints.delete(address);
    return OK;
  }

  /** qXfer:features:read:target.xml:offset,length */
  #transfer(rest: string): string {
    const [object, action, annex, range = ''] = rest.split(':');
    if (object !== 'features' || action !== 'read') return UNSUPPORTED;
    const [offset, length] = range.split(',').map(parseNumber);
    if (annex !== 'target.xml' || offset === undefined || length === undefined) return 'E00';
    const document = targetDescription();
    const part = document.slice(offset, offset + Math.min(length, PACKET_BYTES - 8));
    return `${offset + part.length < document.length ? 'm' : 'l'}${part}`;
  }

  #isWanted(stop: DebugStop): boolean {
    const { only } = this.#subject;
    if (only === null || !isUserAddress(stop.address)) return true;
    const { current } = this.#view;
    return current !== undefined && isMeant(current, only);
  }

  #stopReply(stop: StopEvent): string {
    if (stop.kind === 'step') return TRAPPED;
    if (stop.kind === 'breakpoint') {
      if (!this.#namesBreakpoints) return TRAPPED;
      return `${TRAPPED}${this.#hardwareBreakpoints.has(stop.address) ? 'hwbreak' : 'swbreak'}:;`;
    }
    return `${TRAPPED}${WATCH_NAMES[stop.kind]}:${stop.address.toString(16)};`;
  }

  #report(reply: string): void {
    this.#lastStop = reply;
    this.#sendPacket(reply);
  }

  #sendPacket(payload: string): void {
    const bytes = encodePacket(payload);
    this.#lastSent = bytes;
    this.#hooks.send(bytes);
  }
}
