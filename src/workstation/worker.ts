/**
 * Entry of the worker thread: builds the workstation from plain data, connects it to the port. Everything else is in
 * `machine-thread.ts`.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { DataFolder } from './data-folder.js';
import { fileError, InputError } from './input-error.js';
import { MachineThread } from './machine-thread.js';
import type { WorkstationCommand, WorkstationReport } from './messages.js';
import type { WorkerData } from './port.js';
import { Recorder } from './recorder.js';
import { Workstation } from './workstation.js';

const { choice, speed, folderPath, areFramesWanted, recordPath } = workerData as WorkerData;
const port = parentPort;
if (port === null) throw new Error('worker.js runs in a worker thread only');

const report = (message: WorkstationReport): void => port.postMessage(message);

/** The data folder, locked; undefined, with one line for the user, when it cannot be had. */
function acquireFolder(path: string): DataFolder | undefined {
  try {
    const folder = DataFolder.acquire(path);
    if (folder === undefined) {
      report({
        kind: 'notice',
        text: 'Another exostation holds the disk: nothing is kept here.',
      });
    }
    return folder;
  } catch (error) {
    report({
      kind: 'notice',
      text: `Nothing will be kept when this ends: ${fileError(error, 'folder', path).message}`,
    });
    return undefined;
  }
}

function open(): MachineThread {
  const folder = folderPath === undefined ? undefined : acquireFolder(folderPath);
  const workstation = new Workstation({
    ...choice,
    ...(folder === undefined ? {} : { folder }),
    notice: (text) => report({ kind: 'notice', text }),
  });
  const recorder = recordPath === undefined ? undefined : new Recorder(workstation, recordPath);
  const options = { speed, isDiskKept: folder !== undefined, areFramesWanted, recorder };
  return new MachineThread(workstation, options, (message) => {
    if (message.kind === 'closed') folder?.dispose();
    report(message);
  });
}

function fail(error: unknown): void {
  const isInput = error instanceof InputError;
  const details = error instanceof Error && !isInput ? (error.stack ?? '') : '';
  report({ kind: 'failed', text: error instanceof Error ? error.message : String(error), details });
}

try {
  const thread = open();
  port.on('message', (command: WorkstationCommand) => {
    try {
      thread.handle(command);
    } catch (error) {
      fail(error);
    }
  });
  thread.start();
} catch (error) {
  fail(error);
}
