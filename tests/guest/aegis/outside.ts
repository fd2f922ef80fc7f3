/** What stands around the machine of a kernel test: its disk, who answers on its lines and on its wire. */

import type { KernelMachine } from './kernel-machine.js';

const SECTORS = 2048;
const SERVICE_PAGE = 1500;
const SERVICE_READY = 0x5e71ce;
const REQUEST_TYPE = 0x88b5;
const REQUEST_HEADER = 16;

/** Each word of it is its number. */
export function numberedDisk(): Uint8Array {
  const words = Uint32Array.from({ length: SECTORS * 128 }, (_, index) => index);
  return new Uint8Array(words.buffer);
}

/** Whoever asks with a question mark, on line 2 or the console, is greeted. */
export function greet({ machine }: KernelMachine): void {
  for (const line of [machine.lines[2], machine.console]) {
    if (line === undefined) continue;
    const collect = line.onOutput;
    line.onOutput = (byte) => {
      collect?.(byte);
      if (byte === 0x3f) line.send(new TextEncoder().encode('hello'));
    };
  }
}

/** Sends back what the guest asks to receive, and keeps the other frames that it sends. */
export function answerRequests(kernel: KernelMachine, sent: Uint8Array[]): void {
  const { network } = kernel.machine;
  network.onFrame = (frame) => {
    const view = new DataView(frame.buffer, frame.byteOffset);
    if (view.getUint16(12) !== REQUEST_TYPE) sent.push(frame.slice());
    else network.send(frame.slice(REQUEST_HEADER, REQUEST_HEADER + view.getUint16(14)));
  };
}

/** A word of the page that the network tests' service works with. */
export function serviceWord(kernel: KernelMachine, index: number): number {
  return kernel.view.getUint32(SERVICE_PAGE * 4096 + index * 4, true);
}

export function isServiceReady(kernel: KernelMachine): boolean {
  return serviceWord(kernel, 3) === SERVICE_READY;
}
