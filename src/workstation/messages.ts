/**
 * Messages between the desktop (main thread) and the workstation (worker thread): commands one way, reports the other.
 * All are structured-clone data. A command that asks for an answer carries `id`; exactly one `reply` with that id
 * follows. Reports come in batches: output at most 30 times a second, ledger and counters at most 10.
 */

import type {
  CountersView,
  CycleAccountView,
  EventKind,
  EventView,
  Explanation,
  InspectorView,
  LedgerView,
} from '../observe/index.js';
import type { KeyStroke, MouseChange } from './human-input.js';
import type { ScaledPicture } from './screen-scaler.js';

/** Lines 0..15 are the terminal multiplexer's; this one is the board's serial console. Line 0 belongs to init's protocol. */
export const CONSOLE_LINE = 16;
export const FIRST_PANE_LINE = 1;
export const LAST_PANE_LINE = 15;

/** Id of the 'start' of the first program: posted while the desktop's code is still being loaded. */
export const FIRST_START_ID = 0;

/** 'max', or a factor of real time (1 = the real machine's speed). */
export type Speed = 'max' | number;

export interface ScreenReport {
  /** The machine's own size in pixels. */
  readonly frameWidth: number;
  readonly frameHeight: number;
  readonly picture: ScaledPicture;
  /** The keyboard's lamps: wait 1, compose 2, lock 4, hold 8; how often its bell has rung. */
  readonly leds: number;
  readonly bellCount: number;
}

export type WorkstationCommand =
  /** Bytes typed or pasted at a line. */
  | { readonly kind: 'input'; readonly line: number; readonly bytes: Uint8Array }
  /** A frame from outside, toward the machine's Ethernet. */
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  /** Starts a program on a library OS with its terminal on `line`, once init serves; reply: {environmentId}. */
  | {
      readonly kind: 'start';
      readonly id: number;
      readonly line: number;
      readonly program: string;
      readonly arguments: readonly string[];
      readonly libraryOs: string;
      /** The program is given the machine owner's capability. */
      readonly isGranted?: boolean;
      /** The program is lent the end of the disk. */
      readonly isLent?: boolean;
    }
  /** Destroys an environment; reply without value. */
  | { readonly kind: 'kill'; readonly id: number; readonly environmentId: number }
  /** Asks an environment for pages (visible revocation); reply when init has passed the request on. */
  | {
      readonly kind: 'revoke';
      readonly id: number;
      readonly environmentId: number;
      readonly pageCount: number;
    }
  /** Strokes on the workstation's own keyboard, in order. */
  | { readonly kind: 'keys'; readonly strokes: readonly KeyStroke[] }
  | { readonly kind: 'mouse'; readonly change: MouseChange }
  /** Whether 'screen' reports are wanted, and the most square pixels that the picture may have. */
  | { readonly kind: 'screen'; readonly isWanted: boolean; readonly width: number; readonly height: number }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** One instruction; implies pause. An inspector report follows. */
  | { readonly kind: 'step' }
  /** Runs until the next event is recorded, then pauses. */
  | { readonly kind: 'step-to-event' }
  | { readonly kind: 'speed'; readonly speed: Speed }
  /** Turns inspector reports on or off. While on, they come with each ledger report and after each step. */
  | { readonly kind: 'inspect'; readonly isWanted: boolean; readonly disassemblyCount: number }
  /** Programs on the disk (/bin) and library OSes (/libos); reply: {programs, libraryOses}. */
  | { readonly kind: 'catalog'; readonly id: number }
  /** Tells the worker to save NVRAM and overlay, then to end; a 'closed' report follows. */
  | { readonly kind: 'close' };

export interface CatalogReply {
  readonly programs: readonly string[];
  readonly libraryOses: readonly string[];
}

/** Value of a successful reply, by command kind. */
export interface ReplyValues {
  readonly start: { readonly environmentId: number };
  readonly kill: undefined;
  readonly revoke: undefined;
  readonly catalog: CatalogReply;
}

export type WorkstationReport =
  | { readonly kind: 'reply'; readonly id: number; readonly isOk: true; readonly value: unknown }
  | { readonly kind: 'reply'; readonly id: number; readonly isOk: false; readonly error: string }
  /** Bytes the guest sent, per line, in order. */
  | { readonly kind: 'output'; readonly line: number; readonly bytes: Uint8Array }
  | { readonly kind: 'ledger'; readonly ledger: LedgerView; readonly counters: CountersView }
  | { readonly kind: 'events'; readonly events: readonly EventView[] }
  | { readonly kind: 'inspector'; readonly inspector: InspectorView }
  | { readonly kind: 'status'; readonly status: WorkstationStatus }
  /** The machine's screen has changed, or another size was asked for; at most 10 times a second. */
  | { readonly kind: 'screen'; readonly screen: ScreenReport }
  /** A program that was started by 'start' has ended. */
  | {
      readonly kind: 'ended';
      readonly environmentId: number;
      readonly line: number;
      readonly program: string;
      readonly arguments: readonly string[];
      readonly libraryOs: string;
      /** Exit status, undefined when it was destroyed. */
      readonly status: number | undefined;
      /** Why it was destroyed, '' when it exited. */
      readonly reason: string;
      /** All cycles charged to it over its life. */
      readonly cycles: number;
      /** The same by mode, when it is known; the desktop compares runs on several library OSes with it. */
      readonly account?: CycleAccountView | undefined;
    }
  /** A frame has passed over the machine's wire; inbound is toward it. Only when the worker was asked for frames. */
  | {
      readonly kind: 'frame';
      readonly bytes: Uint8Array;
      readonly cycle: number;
      readonly hertz: number;
      readonly isInbound: boolean;
    }
  /** One line for the user: overlay set aside, disk locked, ... */
  | { readonly kind: 'notice'; readonly text: string }
  /** The workstation cannot go on (bad disk, host bug). One line; details only for host bugs. */
  | { readonly kind: 'failed'; readonly text: string; readonly details: string }
  | { readonly kind: 'closed' };

/**
 * 'firmware': PROM until Aegis's first instruction (and from then on, if another kernel boots); 'prompt': the firmware has
 * shown its prompt, having nothing to boot; 'booting': until init serves; 'ready' from then on.
 */
export type BootPhase = 'firmware' | 'prompt' | 'booting' | 'ready' | 'halted';

export interface WorkstationStatus {
  readonly cycle: number;
  readonly hertz: number;
  readonly phase: BootPhase;
  readonly isPaused: boolean;
  readonly speed: Speed;
  /** Emulated cycles per wall-clock second over the last second, as a multiple of `hertz`. */
  readonly measuredSpeed: number;
  readonly memoryMiB: number;
  readonly model: string;
  /** The user's own kernel, which boots instead of Aegis. */
  readonly kernelName: string | undefined;
  /** False with --ephemeral, or when another desktop holds the overlay. */
  readonly isDiskKept: boolean;
}

/** The workstation as the desktop holds it. The command line makes one around a worker; tests make fakes. */
export interface WorkstationPort {
  post(command: WorkstationCommand): void;
  /** Sets the one receiver of reports; reports that came earlier are delivered first. */
  onReport(receive: (report: WorkstationReport) => void): void;
  /** Ends the worker, whatever it is doing. Use 'close' first for an orderly end. */
  dispose(): Promise<void>;
}

/** What the command line passes to the desktop: `runDesktop(options: DesktopOptions): Promise<number>` (exit status). */
export interface DesktopOptions {
  readonly port: WorkstationPort;
  /** True when no desktop has run before on this account: show the orientation. */
  readonly isFirstStart: boolean;
  /** Library OS and program of the first pane; '' = none. */
  readonly firstProgram: string;
  readonly firstLibraryOs: string;
  /** What an event kind means, for Enter on an event (observe's explanations). */
  readonly explain: (kind: EventKind) => Explanation;
}
