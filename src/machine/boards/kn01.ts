/**
 * KN01, the DECstation 3100 and 2100: which chip answers where, and which wire goes to which interrupt. IP2 SCSI, IP3
 * LANCE, IP4 serial lines (the DZ, and the terminal multiplexer of ours), IP5 clock chip, IP6 failed writes and the
 * frame buffer's vertical interrupt. RAM is the CPU's own business; RAM that is not fitted times out here. Addresses:
 * Linux kn01.h, Mach's kn01.h.
 */

import { Ds1287 } from '../devices/ds1287.js';
import { DZ_LINE, Dz } from '../devices/dz.js';
import { Esar } from '../devices/esar.js';
import type { HostLine } from '../devices/host-line.js';
import { KN01_CSR, Kn01Control } from '../devices/kn01-control.js';
import { Kn01FrameBuffer } from '../devices/kn01-frame-buffer.js';
import { Kn01LanceBuffer } from '../devices/kn01-lance-buffer.js';
import { Lance } from '../devices/lance.js';
import { coversLane, fromLanes } from '../devices/lanes.js';
import { Lk401 } from '../devices/lk401.js';
import { Rom } from '../devices/rom.js';
import { ScsiDisk } from '../devices/scsi-disk.js';
import { ScsiTarget } from '../devices/scsi-target.js';
import { SerialMux } from '../devices/serial-mux.js';
import { SharedWire } from '../devices/shared-wire.js';
import { Sii } from '../devices/sii.js';
import { SiiBuffer } from '../devices/sii-buffer.js';
import { VsxxxMouse } from '../devices/vsxxx-mouse.js';
import type { BlockDevice, SerialLine } from '../machine-types.js';
import { AddressMap } from '../memory/address-map.js';
import type { BusWindow, Device } from '../memory/bus.js';
import { type Parts, restoreParts, snapshotParts } from '../snapshot/parts.js';
import type { Clock } from '../time/clock.js';
import { KN01_TIMING } from '../time/kn01-timing.js';
import type { AccessCycles } from '../time/kn02ba-timing.js';
import { diskTiming, siiTiming } from '../time/scsi-timing.js';
import type { Board, BoardParts } from './board.js';

export const KN01_ADDRESS = {
  frameBuffer: 0x0fc0_0000,
  planeMask: 0x1000_0000,
  cursor: 0x1100_0000,
  dac: 0x1200_0000,
  multiplexer: 0x1400_0000,
  errorAddress: 0x1700_0000,
  lance: 0x1800_0000,
  lanceBuffer: 0x1900_0000,
  scsi: 0x1a00_0000,
  scsiBuffer: 0x1b00_0000,
  dz: 0x1c00_0000,
  /** Clock chip on byte lane 0, station address ROM on byte lane 1. */
  clock: 0x1d00_0000,
  csr: 0x1e00_0000,
  romAlias: 0x1f00_0000,
  rom: 0x1fc0_0000,
} as const;

const WINDOW_BYTES = 0x4_0000;
const MULTIPLEXER_BYTES = 0x20_0000;
const HOST_SCSI_ID = 7;
/** Digital's prefix; the rest is ours. */
const STATION_ADDRESS = [0x08, 0x00, 0x2b, 0x12, 0x31, 0x01] as const;

export interface Kn01 extends Board {
  /** The outside ends of the DZ's lines 0 and 1, where keyboard and mouse are. */
  readonly keyboardLine: HostLine;
  readonly mouseLine: HostLine;
  /** The vertical interrupt's wire, and the frame buffer's status inputs. */
  readonly control: Kn01Control;
}

export function createKn01({ clock, interrupts, options }: BoardParts): Kn01 {
  const serial = new SharedWire((isRaised) => interrupts.setInterrupt(4, isRaised));
  const dz = new Dz(clock, (isRaised) => serial.set(0, isRaised));
  const mux = new SerialMux(clock, (isRaised) => serial.set(1, isRaised));
  const control = new Kn01Control({
    interrupt: (isRaised) => interrupts.setInterrupt(6, isRaised),
    transmitOff: (isOff) => {
      dz.isMuted = isOff;
    },
  });
  const rtc = new Ds1287(clock, options, (isRaised) => interrupts.setInterrupt(5, isRaised));
  const esar = new Esar(options.stationAddress ?? STATION_ADDRESS);
  const lanceBuffer = new Kn01LanceBuffer();
  const lance = new Lance(clock, lanceBuffer, (isRaised) => interrupts.setInterrupt(3, isRaised));
  const targets = createTargets(clock, options.disks);
  const scsiBuffer = new SiiBuffer();
  const scsi = new Sii(clock, scsiBuffer, targets, siiTiming(clock.hertz), (isRaised) =>
    interrupts.setInterrupt(2, isRaised),
  );
  const rom = new Rom(options.rom, WINDOW_BYTES);
  const frameBuffer = new Kn01FrameBuffer(clock, options.display === 'mono', () => control.raiseVideo());
  control.video = frameBuffer.isMono ? KN01_CSR.mono : 0;
  const keyboardLine = dz.hostLines[DZ_LINE.keyboard] as HostLine;
  const mouseLine = dz.hostLines[DZ_LINE.mouse] as HostLine;
  const keyboard = new Lk401(clock, keyboardLine);
  const mouse = new VsxxxMouse(clock, mouseLine);

  const timing = KN01_TIMING;
  const at = (
    name: keyof typeof KN01_ADDRESS,
    device: Device,
    cycles: AccessCycles,
    length: number = WINDOW_BYTES,
  ): BusWindow => ({
    name,
    base: KN01_ADDRESS[name],
    length,
    device,
    readCycles: cycles.read,
    writeCycles: cycles.write,
  });
  const bus = new AddressMap(
    [
      at('frameBuffer', frameBuffer, timing.frameBuffer, frameBuffer.byteCount),
      at('planeMask', frameBuffer.planeMask, timing.video),
      at('cursor', frameBuffer.cursor, timing.video),
      at('dac', frameBuffer.dac, timing.video),
      at('multiplexer', mux, timing.multiplexer, MULTIPLEXER_BYTES),
      at('errorAddress', control.errorAddressRegister, timing.register),
      at('lance', lance, timing.lanceRegister),
      at('lanceBuffer', lanceBuffer, timing.lanceBuffer),
      at('scsi', scsi, timing.scsiRegister),
      at('scsiBuffer', scsiBuffer, timing.scsiBuffer),
      at('dz', dz, timing.dz),
      at('clock', clockAndAddress(rtc, esar), timing.clock),
      at('csr', control.statusRegister, timing.register),
      at('romAlias', rom, timing.rom),
      at('rom', rom, timing.rom),
    ],
    {
      cycles: timing.timeout,
      // The board does not keep the address of a read: the CPU takes a bus error there.
      onReadTimeout: () => {},
      onWriteTimeout: (physical) => control.writeTimedOut(physical),
    },
  );

  const parts: Parts = {
    control,
    serial,
    dz,
    mux,
    rtc,
    lance,
    lanceBuffer,
    scsi,
    scsiBuffer,
    keyboard,
    mouse,
    frameBuffer,
    ...Object.fromEntries(targets.map((target, id) => [`disk${id}`, target])),
  };
  const board: Kn01 = {
    bus,
    console: dz.hostLines[DZ_LINE.console] as SerialLine,
    keyboardLine,
    mouseLine,
    keyboard,
    mouse,
    lines: mux.hostLines,
    network: lance.network,
    screen: frameBuffer,
    control,
    get nvram() {
      return rtc.nvram;
    },
    reset() {
      control.reset();
      dz.reset();
      mux.reset();
      rtc.reset();
      lance.reset();
      scsi.reset();
      frameBuffer.reset();
      keyboard.reset();
      mouse.reset();
      for (const target of targets) target.reset();
    },
    snapshot: () => snapshotParts(parts),
    restore: (state) => restoreParts(parts, state),
  };
  board.reset();
  return board;
}

function createTargets(clock: Clock, disks: readonly BlockDevice[]): ScsiTarget[] {
  if (disks.length > HOST_SCSI_ID) throw new RangeError(`at most ${HOST_SCSI_ID} disks, not ${disks.length}`);
  return disks.map((disk) => new ScsiTarget(clock, new ScsiDisk(disk, diskTiming(clock.hertz))));
}

/** Two 8-bit chips side by side, each on a byte lane of the same words. Only a chip that is asked answers. */
function clockAndAddress(rtc: Ds1287, esar: Esar): Device {
  return {
    read(offset, size) {
      const word = offset & ~3;
      const low = coversLane(offset, size, 0) ? rtc.read(word, 1) : 0;
      const high = coversLane(offset, size, 1) ? esar.read(word, 1) : 0;
      return fromLanes(low | (high << 8), offset, size);
    },
    write: (offset, value, size) => rtc.write(offset, value, size),
  };
}
