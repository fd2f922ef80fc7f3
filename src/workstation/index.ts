/** The public face of the workstation: a running machine, how to build one, what it says. */

export { assetPath, DISK_IMAGE_PATH } from './assets.js';
export { DataFolder, dataFolderPath } from './data-folder.js';
export { type DiskChoice, openDisk, parseDiskChoice } from './disk-file.js';
export { type Executable, parseExecutable } from './executable.js';
export { listFolder } from './ext2.js';
export type { KeyStroke, MouseChange } from './human-input.js';
export { type EndOfProgram, endText, type InitReply, type StartRequest } from './init-client.js';
export { fileError, InputError } from './input-error.js';
export { Lan } from './lan.js';
export { FIXED_EPOCH_SECONDS, FIXED_SEED, type MachineChoice } from './machine-choice.js';
export * from './messages.js';
export {
  type NetworkChoice,
  type NetworkConnection,
  openNetwork,
  parseNetworkChoice,
} from './network.js';
export { Pacer } from './pacer.js';
export { startWorkstation, type WorkerData } from './port.js';
export { Recorder } from './recorder.js';
export { readRecording } from './recording.js';
export { Replay } from './replay.js';
export { choiceOf, type Places, type RunIdentity } from './run-identity.js';
export { tryFile } from './sealed-file.js';
export { checkSnapshot, readSnapshot, type SnapshotFile, writeSnapshot } from './snapshot-file.js';
export { type ExitReason, type RunExit, writeStats } from './stats.js';
export { checkChoice, type Runnable, Workstation, type WorkstationOptions } from './workstation.js';
