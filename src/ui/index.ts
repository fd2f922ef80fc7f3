/**
 * The public face of the desktop. React, Ink and the terminal emulator are loaded only when a desktop is really opened,
 * so that every other command starts without them.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { detectColourDepth, InputRouter, Tty } from '../terminal/index.js';
import { type DesktopOptions, FIRST_PANE_LINE, FIRST_START_ID } from '../workstation/index.js';

/** For the workstation to save what it keeps; the second, when it has never said a word and so has nothing to save. */
const CLOSE_MILLISECONDS = 3000;
const SILENT_CLOSE_MILLISECONDS = 500;

/**
 * Ink colours by what chalk finds in the environment when it is loaded; our painter decides the depth. So chalk always
 * loads at full depth, and the environment is put back.
 */
export async function loadDesktop(): Promise<typeof import('./desktop.js')> {
  const forced = process.env.FORCE_COLOR;
  process.env.FORCE_COLOR = '3';
  try {
    return await import('./desktop.js');
  } finally {
    if (forced === undefined) delete process.env.FORCE_COLOR;
    else process.env.FORCE_COLOR = forced;
  }
}

/** Asks for the first program; the workstation starts it as soon as it can, whether or not the desktop is there yet. */
export function postFirstStart({ port, firstProgram, firstLibraryOs }: DesktopOptions): void {
  if (firstProgram === '') return;
  port.post({
    kind: 'start',
    id: FIRST_START_ID,
    line: FIRST_PANE_LINE,
    program: firstProgram,
    arguments: [],
    libraryOs: firstLibraryOs,
  });
}

/** Shows the desktop on the process's terminal until the user leaves; resolves with the exit status. */
export async function runDesktop(options: DesktopOptions): Promise<number> {
  const depth = detectColourDepth(process.env);
  postFirstStart(options);
  const { Desktop } = await loadDesktop();
  let leave: (status: number) => void = () => {};
  const left = new Promise<number>((resolve) => {
    leave = resolve;
  });
  let hasClosed: () => void = () => {};
  const closed = new Promise<void>((resolve) => {
    hasClosed = resolve;
  });
  let failure: string | undefined;
  let hasSpoken = false;

  // The desktop sees every report; two of them also decide how this ends.
  const port: DesktopOptions['port'] = {
    post: (command) => options.port.post(command),
    dispose: () => options.port.dispose(),
    onReport: (receive) =>
      options.port.onReport((report) => {
        hasSpoken = true;
        if (report.kind === 'failed')
          failure = [report.text, report.details].filter((text) => text !== '').join('\n');
        if (report.kind === 'failed' || report.kind === 'closed') hasClosed();
        receive(report);
      }),
  };
  const tty = new Tty({
    input: process.stdin,
    output: process.stdout,
    isMouseWanted: true,
    onInput: (bytes) => router.feed(bytes),
    onResize: (columns, rows) => desktop.resize(columns, rows),
    onSignal: (signal) => leave(signal === 'SIGHUP' ? 129 : signal === 'SIGINT' ? 130 : 143),
  });
  tty.open();
  const desktop = new Desktop(
    { ...options, port },
    {
      columns: tty.columns,
      rows: tty.rows,
      depth,
      write: (text) => tty.write(text),
      onQuit: () => leave(0),
    },
  );
  const router = new InputRouter(desktop);
  const status = await left;
  router.dispose();
  desktop.dispose();
  tty.restore();
  options.port.post({ kind: 'close' });
  const patience = hasSpoken ? CLOSE_MILLISECONDS : SILENT_CLOSE_MILLISECONDS;
  await Promise.race([closed, delay(patience, undefined, { ref: false })]);
  await options.port.dispose();
  if (failure !== undefined) process.stderr.write(`${failure}\n`);
  return failure === undefined ? status : 1;
}
