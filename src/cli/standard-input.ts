/**
 * Standard input as a source of bytes for a guest. A file or a pipe that ends at once is read whole before the machine
 * starts, so that its bytes enter by the guest's flow control alone and the run repeats to the cycle; what is still open
 * after a moment, and a terminal, is live. The guest echoes what is typed: a terminal on both sides gives its keys as they
 * are struck, shows none, and keeps but one for itself, Ctrl-C.
 */

const WHOLE_INPUT_MILLISECONDS = 200;
const INTERRUPT = 3;
const END_OF_TRANSMISSION = 4;
/** Ctrl-D for a line that has no line end, and for each program that reads to the end, a shell and those that it starts. */
export const END_OF_INPUT: Uint8Array = new Uint8Array(16).fill(END_OF_TRANSMISSION);

export class StandardInput {
  /** Keys come from a terminal that shows what the guest says. */
  readonly isTerminal: boolean = process.stdin.isTTY && process.stdout.isTTY;
  readonly #chunks: Uint8Array[] = [];
  #hasEnded = false;
  #receive: ((bytes: Uint8Array) => void) | undefined;
  #onEnd: (() => void) | undefined;

  /** Starts reading, and waits for the end of an input that is not a terminal, but not long. */
  static async open(): Promise<StandardInput> {
    const input = new StandardInput();
    const { stdin } = process;
    let finish = (): void => {};
    const whole = new Promise<void>((resolve) => {
      finish = resolve;
    });
    if (input.isTerminal) stdin.setRawMode(true);
    stdin.on('data', (chunk: Uint8Array) => input.#take(chunk));
    const ended = (): void => {
      input.#end();
      finish();
    };
    stdin.once('end', ended);
    stdin.once('error', ended);
    if (!stdin.isTTY) {
      const timer = setTimeout(finish, WHOLE_INPUT_MILLISECONDS);
      await whole;
      clearTimeout(timer);
    }
    return input;
  }

  /** Sends what has come and what will come to `receive`; `onEnd` after the last byte. */
  connect(receive: (bytes: Uint8Array) => void, onEnd: () => void): void {
    this.#receive = receive;
    this.#onEnd = onEnd;
    for (const chunk of this.#chunks.splice(0)) receive(chunk);
    if (this.#hasEnded) onEnd();
  }

  dispose(): void {
    if (this.isTerminal) process.stdin.setRawMode(false);
    process.stdin.removeAllListeners('data');
    process.stdin.pause();
  }

  #take(chunk: Uint8Array): void {
    if (this.isTerminal && chunk.includes(INTERRUPT)) {
      process.kill(process.pid, 'SIGINT');
      return;
    }
    if (this.#receive === undefined) this.#chunks.push(chunk);
    else this.#receive(chunk);
  }

  #end(): void {
    this.#hasEnded = true;
    this.#onEnd?.();
  }
}
