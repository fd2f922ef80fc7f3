/**
 * The host's end of init's control protocol: numbered text lines over multiplexer line 0 (`guest/programs/init/README.md`).
 * Requests become promises-by-callback, so that the same client works inside the machine's loop and in a worker; all
 * bytes travel over the emulated wire, by the guest's own flow control.
 */

export type EndOfProgram =
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'killed'; readonly reason: string };

/** init's words for an end without a status, in those of the events and of the shell. */
const END_TEXTS: Readonly<Record<string, string>> = {
  killed: 'destroyed on request',
  'excess-time': 'destroyed: too much excess time',
  fault: 'ended: fault',
  libos: 'ended: its library OS gave up',
};

/** `reason`: of an end that is no exit. */
export function endText(reason: string): string {
  return END_TEXTS[reason] ?? reason;
}

export type InitReply =
  | { readonly isOk: true; readonly text: string }
  | { readonly isOk: false; readonly error: string };

export interface StartRequest {
  readonly line: number;
  readonly libraryOs: string;
  readonly program: string;
  readonly arguments: readonly string[];
  /** The library OS leaves out the echo of input: for lines that no person types on. */
  readonly isQuiet?: boolean;
  /** The program is given the machine owner's capability: it may revoke and destroy like init. */
  readonly isGranted?: boolean;
  /** The program is lent the sectors of the root disk behind its file system. */
  readonly isLent?: boolean;
  readonly onStarted: (reply: { environmentId: number } | { error: string }) => void;
  readonly onEnded: (end: EndOfProgram) => void;
}

export interface ListedProgram {
  readonly environmentId: number;
  readonly line: number;
  readonly libraryOs: string;
  readonly program: string;
}

/** Where the conversation stands. What became of other requests than starts is forgotten. */
export type InitState = {
  readonly received: string;
  readonly lastNumber: number;
  readonly isReady: boolean;
  /** Programs that were asked for and have not ended, three words each: number of the request, line, 1 = started. */
  readonly programs: Int32Array;
};

const MAX_LINE_BYTES = 255;

export class InitClient {
  readonly #send: (bytes: Uint8Array) => void;
  readonly #replies = new Map<number, (reply: InitReply, number: number) => void>();
  readonly #ends = new Map<number, (end: EndOfProgram) => void>();
  /** Lines of the programs that `#ends` waits for. */
  readonly #lines = new Map<number, number>();
  #received = '';
  #lastNumber = 0;
  #isReady = false;
  /** Called once, when init serves. */
  onReady: (() => void) | undefined;
  /** Called with anything that does not follow the protocol. */
  onNoise: ((line: string) => void) | undefined;

  constructor(send: (bytes: Uint8Array) => void) {
    this.#send = send;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  snapshot(): InitState {
    return {
      received: this.#received,
      lastNumber: this.#lastNumber,
      isReady: this.#isReady,
      programs: Int32Array.from(
        [...this.#lines].flatMap(([number, line]) => [number, line, this.#replies.has(number) ? 0 : 1]),
      ),
    };
  }

  /** Takes up a conversation; who wants to hear of its programs calls `adopt`. */
  restore(state: InitState): void {
    this.#received = state.received;
    this.#lastNumber = state.lastNumber;
    this.#isReady = state.isReady;
    this.#replies.clear();
    this.#ends.clear();
    this.#lines.clear();
    const { programs } = state;
    for (let at = 0; at < programs.length; at += 3) {
      const number = programs[at] as number;
      const line = programs[at + 1] ?? 0;
      if (programs[at + 2] !== 1) this.#replies.set(number, () => {});
      this.#ends.set(number, () => {});
      this.#lines.set(number, line);
    }
  }

  /**
   * Takes charge of a program that was asked for before the state was saved: `onStarted` is called at once when it has
   * started. False when there is none on the line.
   */
  adopt(line: number, request: Pick<StartRequest, 'onStarted' | 'onEnded'>): boolean {
    const number = [...this.#lines].find(([, used]) => used === line)?.[0];
    if (number === undefined) return false;
    this.#ends.set(number, request.onEnded);
    if (this.#replies.has(number))
      this.#replies.set(
        number,
        startReply(request, () => this.#forget(number)),
      );
    // Which environment it is was said before; nobody who adopts a program asks.
    else request.onStarted({ environmentId: 0 });
    return true;
  }

  /** What another end of the line sent, in a run that is repeated: keeps the books as if it had been sent from here. */
  overhear(bytes: Uint8Array): void {
    const [, digits, line] =
      /^(\d+) (?:(?:start|grant|lend) (\d+))?/.exec(new TextDecoder().decode(bytes)) ?? [];
    if (digits === undefined) return;
    const number = Number(digits);
    this.#lastNumber = number;
    this.#replies.set(number, () => {});
    if (line === undefined) return;
    const nobody = { onStarted: (): void => {} };
    this.#replies.set(
      number,
      startReply(nobody, () => this.#forget(number)),
    );
    this.#ends.set(number, () => {});
    this.#lines.set(number, Number(line));
  }

  #forget(number: number): void {
    this.#ends.delete(number);
    this.#lines.delete(number);
  }

  /** A byte that the guest sent on line 0. */
  receive(byte: number): void {
    if (byte === 0x0d) return;
    if (byte !== 0x0a) {
      this.#received += String.fromCharCode(byte);
      return;
    }
    const line = this.#received;
    this.#received = '';
    this.#handle(line);
  }

  start(request: StartRequest): void {
    const line = `${request.line}${request.isQuiet === true ? '-quiet' : ''}`;
    const words = [line, request.libraryOs, request.program, ...request.arguments];
    const bad = words.find((word) => word === '' || /[^\x21-\x7e]/.test(word));
    if (bad !== undefined) {
      request.onStarted({
        error: `argument '${bad}': empty, or with spaces or letters outside ASCII, which init does not take`,
      });
      return;
    }
    const forget = (answered: number): void => this.#forget(answered);
    const verb = request.isGranted === true ? 'grant' : request.isLent === true ? 'lend' : 'start';
    const number = this.#request(`${verb} ${words.join(' ')}`, startReply(request, forget));
    if (!this.#replies.has(number)) return;
    this.#ends.set(number, request.onEnded);
    this.#lines.set(number, request.line);
  }

  list(onReply: (programs: readonly ListedProgram[] | { error: string }) => void): void {
    this.#request('list', (reply) => {
      if (!reply.isOk) onReply({ error: reply.error });
      else onReply(reply.text.split(' ').slice(1).map(parseListed));
    });
  }

  kill(environmentId: number, onReply: (reply: InitReply) => void): void {
    this.#request(`kill ${hex(environmentId)}`, onReply);
  }

  revokePages(environmentId: number, count: number, onReply: (reply: InitReply) => void): void {
    this.revoke(environmentId, 'pages', count, onReply);
  }

  /** `resource` as in init's protocol: pages, slices, lines, extents, filters. */
  revoke(environmentId: number, resource: string, count: number, onReply: (reply: InitReply) => void): void {
    this.#request(`revoke ${hex(environmentId)} ${resource} ${count}`, onReply);
  }

  /** Has an environment told to submit itself to a swap server. */
  swap(environmentId: number, serverId: number, onReply: (reply: InitReply) => void): void {
    this.#request(`swap ${hex(environmentId)} ${hex(serverId)}`, onReply);
  }

  /** Has a swap server asked for an environment. */
  bringBack(environmentId: number, serverId: number, onReply: (reply: InitReply) => void): void {
    this.#request(`return ${hex(environmentId)} ${hex(serverId)}`, onReply);
  }

  ping(onReply: (reply: InitReply) => void): void {
    this.#request('ping', onReply);
  }

  #request(text: string, onReply: (reply: InitReply, number: number) => void): number {
    const number = ++this.#lastNumber;
    const line = `${number} ${text}\n`;
    if (line.length - 1 > MAX_LINE_BYTES) {
      onReply(
        { isOk: false, error: `the command is longer than init takes (${MAX_LINE_BYTES} bytes)` },
        number,
      );
      return number;
    }
    this.#replies.set(number, onReply);
    this.#send(new TextEncoder().encode(line));
    return number;
  }

  #handle(line: string): void {
    const parts = /^(\d+) (\w+)(?: (.*))?$/.exec(line);
    if (parts === null) {
      this.onNoise?.(line);
      return;
    }
    const number = Number(parts[1]);
    const text = parts[3] ?? '';
    switch (parts[2]) {
      case 'ready':
        if (this.#isReady) break;
        this.#isReady = true;
        this.onReady?.();
        break;
      case 'ok':
        this.#settle(number, { isOk: true, text }, line);
        break;
      case 'error':
        this.#settle(number, { isOk: false, error: text }, line);
        break;
      case 'exit':
        this.#end(number, { kind: 'exit', status: Number.parseInt(text, 10) }, line);
        break;
      case 'killed':
        this.#end(number, { kind: 'killed', reason: text }, line);
        break;
      default:
        this.onNoise?.(line);
    }
  }

  #settle(number: number, reply: InitReply, line: string): void {
    const onReply = this.#replies.get(number);
    if (onReply === undefined) {
      this.onNoise?.(line);
      return;
    }
    this.#replies.delete(number);
    onReply(reply, number);
  }

  #end(number: number, end: EndOfProgram, line: string): void {
    const onEnded = this.#ends.get(number);
    if (onEnded === undefined) {
      this.onNoise?.(line);
      return;
    }
    this.#forget(number);
    onEnded(end);
  }
}

/** What becomes of the answer to a start. */
function startReply(
  { onStarted }: Pick<StartRequest, 'onStarted'>,
  forget: (number: number) => void,
): (reply: InitReply, number: number) => void {
  return (reply, number) => {
    if (reply.isOk) {
      onStarted({ environmentId: Number.parseInt(reply.text, 16) });
      return;
    }
    forget(number);
    onStarted({ error: reply.error });
  };
}

function parseListed(text: string): ListedProgram {
  const [id = '', line = '', libraryOs = '', ...program] = text.split(':');
  return {
    environmentId: Number.parseInt(id, 16),
    line: Number(line),
    libraryOs,
    program: program.join(':'),
  };
}

function hex(environmentId: number): string {
  return (environmentId >>> 0).toString(16).padStart(8, '0');
}
