/**
 * The host's end of the Ethernet: a queue of frames on their way to the guest, and a call for each frame the guest has
 * sent. The chip takes a frame when the wire is free. The queue is as finite as a bridge's: what comes while it is full
 * is lost.
 */

import type { NetworkPort } from '../machine-types.js';
import type { Stateful } from '../snapshot/state.js';
import { ADDRESS_BYTES, FCS_BYTES, MAX_FRAME_BYTES } from './ethernet.js';

export const HOST_WIRE_FRAMES = 256;
const HEADER_BYTES = 2 * ADDRESS_BYTES + 2;

/** Frames that are not on the wire yet, in order. */
export type HostWireState = { readonly frames: readonly Uint8Array[] };

export class HostWire implements NetworkPort, Stateful<HostWireState> {
  onFrame: ((frame: Uint8Array) => void) | undefined = undefined;
  onArrival: ((frame: Uint8Array) => void) | undefined = undefined;
  /** The chip's interest in new frames; set by the chip that owns this wire. */
  onInput: (() => void) | undefined = undefined;
  readonly #frames: Uint8Array[] = [];

  get pendingCount(): number {
    return this.#frames.length;
  }

  send(frame: Uint8Array): void {
    checkFrame(frame);
    if (this.#frames.length >= HOST_WIRE_FRAMES) return;
    this.#frames.push(frame.slice());
    this.onInput?.();
  }

  /** Removes and returns the next frame. */
  take(): Uint8Array | undefined {
    return this.#frames.shift();
  }

  snapshot(): HostWireState {
    return { frames: this.#frames.map((frame) => frame.slice()) };
  }

  restore({ frames }: HostWireState): void {
    this.#frames.length = 0;
    if (frames.length > HOST_WIRE_FRAMES) throw new RangeError('more frames than can wait');
    for (const frame of frames) {
      checkFrame(frame);
      this.#frames.push(frame.slice());
    }
  }
}

function checkFrame({ length }: Uint8Array): void {
  if (length < HEADER_BYTES || length > MAX_FRAME_BYTES - FCS_BYTES) {
    throw new RangeError(`${length} bytes are no Ethernet frame`);
  }
}
