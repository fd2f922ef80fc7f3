/**
 * Standard output that cannot be written any more: nobody reads the pipe (`| head`), the terminal is gone, the disk is
 * full. A run that keeps files for its end is told, and ends by itself; anything else ends at once.
 */

const STATUS_BAD_INPUT = 2;
export const STATUS_HANGUP = 129;
const STATUS_BROKEN_PIPE = 141;

type OnLost = (status: number) => void;

let present: OnLost | undefined;
let lostStatus: number | undefined;

/** Call once, when the process begins. */
export function watchOutput(): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    const status = code === 'EPIPE' ? STATUS_BROKEN_PIPE : code === 'EIO' ? STATUS_HANGUP : STATUS_BAD_INPUT;
    if (lostStatus === undefined && status === STATUS_BAD_INPUT) {
      const what = code === 'ENOSPC' ? 'no space left on the host disk' : (code ?? message);
      process.stderr.write(`exostation: standard output: ${what}; the run ends here\n`);
    }
    // More than one write may fail; the run that was told of the first is on its way out.
    if (present === undefined && lostStatus === undefined) process.exit(status);
    lostStatus ??= status;
    present?.(status);
  });
}

/** `onLost` is called with the status to end with; undefined: no run goes on. */
export function whenOutputIsLost(onLost: OnLost | undefined): void {
  present = onLost;
}

/** What the process is to end with when nothing can be written there any more; undefined: it can. */
export function outputLossStatus(): number | undefined {
  return lostStatus;
}
