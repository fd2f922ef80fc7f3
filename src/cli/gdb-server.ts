/**
 * A TCP port at which a debugger takes hold of a machine: bytes between its socket and a debug session, and who may run the
 * machine when: nobody before the first debugger has come, the debugger while it is attached, the command line again once
 * it has detached. One debugger at a time; another one may come after it.
 */

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { DebugSession } from '../debug/index.js';
import { InputError, type Runnable, type Workstation } from '../workstation/index.js';
import type { HeadlessRun } from './headless.js';

const LOOPBACK = '127.0.0.1';
/** How long the last packet may take to leave. */
const GOODBYE_MILLISECONDS = 500;

export interface GdbAddress {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** `[HOST:]PORT`; an IPv6 address in brackets. */
export function parseGdbAddress(text: string): GdbAddress {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]:|([^:[\]]*):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) {
    throw new InputError(`--gdb ${text}: give [HOST:]PORT, such as --gdb 1234`);
  }
  return { host: bracketed ?? (plain === undefined || plain === '' ? LOOPBACK : plain), port };
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; give another, or 0 for any',
  EADDRNOTAVAIL: 'this computer has no such address',
  EACCES: 'not allowed; give a port above 1023',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'no such host',
};

export class GdbServer implements Runnable {
  readonly #workstation: Workstation;
  readonly #notice: (text: string) => void;
  readonly #server: Server;
  /** Called when the debugger wants the machine to end. */
  #onKilled: () => void = () => {};
  #socket: Socket | undefined;
  #session: DebugSession | undefined;
  /** No debugger has a say. */
  #isFree = false;
  #wake: () => void = () => {};

  private constructor(workstation: Workstation, server: Server, notice: (text: string) => void) {
    this.#workstation = workstation;
    this.#server = server;
    this.#notice = notice;
    server.on('connection', (socket) => this.#accept(socket));
    server.on('error', (error) => notice(`--gdb: ${error.message}`));
  }

  /** Listens; the machine stands still. Throws InputError when the address cannot be bound. */
  static async open(
    address: GdbAddress,
    workstation: Workstation,
    notice: (text: string) => void,
  ): Promise<GdbServer> {
    const server = createServer({ noDelay: true });
    try {
      server.listen(address.port, address.host);
      await once(server, 'listening');
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      throw new InputError(`--gdb ${address.host}:${address.port}: ${REASONS[code] ?? message}`);
    }
    return new GdbServer(workstation, server, notice);
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get hertz(): number {
    return this.#workstation.hertz;
  }

  get cycle(): number {
    return this.#workstation.cycle;
  }

  get isHalted(): boolean {
    return this.#workstation.isHalted;
  }

  run(untilCycle: number): void {
    if (this.#isFree) this.#workstation.run(untilCycle);
    else this.#session?.run(untilCycle);
  }

  stop(): void {
    this.#workstation.stop();
  }

  /** While the machine stands still: a promise to wait for. Then ask again. */
  hold(): Promise<void> | undefined {
    if (this.#isFree || this.#session?.isRunning === true) return undefined;
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** From now on the run waits for the debugger, and ends when it kills the machine. */
  control(run: HeadlessRun): void {
    run.hold = () => this.hold();
    this.#onKilled = () => run.end({ reason: 'killed', status: 0 });
  }

  /** Tells the debugger that the run has ended, with which status, and closes the port. */
  async dispose(status: number): Promise<void> {
    this.#session?.machineEnded(status);
    this.#session?.dispose();
    this.#session = undefined;
    this.#server.close();
    const socket = this.#socket;
    if (socket === undefined) return;
    const timer = setTimeout(() => socket.destroy(), GOODBYE_MILLISECONDS);
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.end();
    });
    clearTimeout(timer);
  }

  #accept(socket: Socket): void {
    if (this.#socket !== undefined) {
      this.#notice('a second debugger was turned away: one is attached');
      socket.destroy();
      return;
    }
    const session = new DebugSession(this.#workstation.machine, {
      run: (untilCycle) => this.#workstation.run(untilCycle),
      send: (bytes) => {
        if (socket.writable) socket.write(bytes);
      },
      end: (how) => {
        if (how === 'killed') this.#onKilled();
        else this.#release('the debugger has detached; the machine runs on');
        socket.end();
      },
    });
    this.#socket = socket;
    this.#session = session;
    this.#isFree = false;
    socket.on('data', (bytes) => {
      session.receive(bytes);
      this.#wake();
    });
    // Whatever went wrong, 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#socket = undefined;
      if (this.#session !== session) return;
      this.#release(
        session.isRunning
          ? 'the debugger has gone; the machine runs on'
          : 'the debugger has gone; the machine stands still until another attaches',
        session.isRunning,
      );
    });
  }

  #release(text: string, isFree: boolean = true): void {
    this.#session?.dispose();
    this.#session = undefined;
    this.#isFree = isFree;
    this.#notice(text);
    this.#wake();
  }
}
