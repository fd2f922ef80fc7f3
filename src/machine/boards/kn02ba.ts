/**
 * KN02-BA, the DECstation 5000/125: which chip answers where, and which wire goes to which interrupt. IP2 to IP4 are
 * TURBOchannel slots 0 to 2, IP5 is the IOASIC with all on-board chips behind it, IP6 the halt button. RAM is the
 * CPU's own business; RAM that is not fitted times out here. Addresses: Linux kn02ba.h and ioasic_addrs.h.
 */

import { Ds1287 } from '../devices/ds1287.js';
import { Esar } from '../devices/esar.js';
import type { HostLine } from '../devices/host-line.js';
import { Ioasic, SIR, SSR } from '../devices/ioasic.js';
import { IoasicLanceDma } from '../devices/ioasic-lance-dma.js';
import { IoasicSccDma, SCC0_DMA, SCC1_DMA } from '../devices/ioasic-scc-dma.js';
import { IoasicScsiDma } from '../devices/ioasic-scsi-dma.js';
import { Lance } from '../devices/lance.js';
import { Lk401 } from '../devices/lk401.js';
import { MemoryController } from '../devices/memory-controller.js';
import { Ncr53c94 } from '../devices/ncr53c94.js';
import { PmagBa } from '../devices/pmag-ba.js';
import { Rom } from '../devices/rom.js';
import { Scc } from '../devices/scc.js';
import { ScsiDisk } from '../devices/scsi-disk.js';
import { ScsiTarget } from '../devices/scsi-target.js';
import { SerialMux } from '../devices/serial-mux.js';
import { VsxxxMouse } from '../devices/vsxxx-mouse.js';
import { AddressMap } from '../memory/address-map.js';
import type { AccessSize, BusWindow, Device } from '../memory/bus.js';
import { type Parts, restoreParts, snapshotParts } from '../snapshot/parts.js';
import type { State, Stateful } from '../snapshot/state.js';
import { type AccessCycles, KN02BA_TIMING } from '../time/kn02ba-timing.js';
import type { Board, BoardParts } from './board.js';

export const KN02BA_ADDRESS = {
  memoryError: 0x0c40_0000,
  memorySize: 0x0c80_0000,
  timeout: 0x0e00_0000,
  slot0: 0x1000_0000,
  slot1: 0x1400_0000,
  romAlias: 0x1c00_0000,
  ioasic: 0x1c04_0000,
  esar: 0x1c08_0000,
  lance: 0x1c0c_0000,
  scc0: 0x1c10_0000,
  scc1: 0x1c18_0000,
  rtc: 0x1c20_0000,
  scsi: 0x1c30_0000,
  scsiDma: 0x1c38_0000,
  rom: 0x1fc0_0000,
} as const;

const SUB_SLOT_BYTES = 0x4_0000;
const SLOT_BYTES = 0x400_0000;
const HOST_SCSI_ID = 7;
/** Digital's prefix; the rest is ours. */
const STATION_ADDRESS = [0x08, 0x00, 0x2b, 0x12, 0x50, 0x01] as const;

export interface Kn02ba extends Board {
  /** The outside ends of SCC1's and SCC0's channel A, where keyboard and mouse are. */
  readonly keyboardLine: HostLine;
  readonly mouseLine: HostLine;
  /** The button on the back panel: IP6 while it is held, and two IOASIC bits. */
  setHaltButton(isPressed: boolean): void;
}

/** A chip that the IOASIC can hold in reset: then it is silent and deaf. */
type HeldState = { readonly isHeld: boolean; readonly chip: State };

class ResettableChip implements Device, Stateful<HeldState> {
  isHeld = true;
  readonly #chip: Device & Stateful & { reset(): void };

  constructor(chip: Device & Stateful & { reset(): void }) {
    this.#chip = chip;
  }

  snapshot(): HeldState {
    return { isHeld: this.isHeld, chip: this.#chip.snapshot() };
  }

  restore(state: HeldState): void {
    this.isHeld = state.isHeld;
    this.#chip.restore(state.chip);
  }

  setRunning(isRunning: boolean): void {
    if (!isRunning) this.#chip.reset();
    this.isHeld = !isRunning;
  }

  read(offset: number, size: AccessSize): number {
    return this.isHeld ? 0 : this.#chip.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    if (!this.isHeld) this.#chip.write(offset, value, size);
  }
}

export function createKn02ba({ clock, interrupts, dma, options }: BoardParts): Kn02ba {
  const ioasic = new Ioasic(clock, (isRaised) => interrupts.setInterrupt(5, isRaised));
  const memory = new MemoryController(options.memoryMiB, (isRaised) => ioasic.setLine(SIR.bus, isRaised));
  const scc0 = new Scc(clock, (isRaised) => ioasic.setLine(SIR.scc0, isRaised));
  const scc1 = new Scc(clock, (isRaised) => ioasic.setLine(SIR.scc1, isRaised));
  const sccDma = [
    new IoasicSccDma(ioasic, scc0.channelA, dma, KN02BA_TIMING.lance, SCC0_DMA),
    new IoasicSccDma(ioasic, scc1.channelA, dma, KN02BA_TIMING.lance, SCC1_DMA),
  ] as const;
  scc0.onRequest = () => sccDma[0].serve();
  scc1.onRequest = () => sccDma[1].serve();
  const serveScc = (): void => {
    for (const engine of sccDma) engine.serve();
  };
  const rtc = new Ds1287(clock, options, (isRaised) => ioasic.setLine(SIR.rtc, isRaised));
  const lance = new Lance(clock, new IoasicLanceDma(ioasic, dma, KN02BA_TIMING.lance), (isRaised) =>
    ioasic.setLine(SIR.lance, isRaised),
  );
  const mux = new SerialMux(clock, (isRaised) => interrupts.setInterrupt(2, isRaised));
  const scsiDma = new IoasicScsiDma(ioasic, dma, KN02BA_TIMING.scsi.dmaBurst);
  const targets = options.disks.map((disk) => new ScsiTarget(clock, new ScsiDisk(disk, KN02BA_TIMING.disk)));
  if (targets.length > HOST_SCSI_ID)
    throw new RangeError(`at most ${HOST_SCSI_ID} disks, not ${targets.length}`);
  const scsi = new Ncr53c94(clock, scsiDma, targets, KN02BA_TIMING.scsi, {
    interrupt: (isRaised) => ioasic.setLine(SIR.scsi, isRaised),
    request: (isRaised) => ioasic.setLine(SIR.scsiRequest, isRaised),
  });
  const rom = new Rom(options.rom, SUB_SLOT_BYTES);
  const keyboard = new Lk401(clock, scc1.hostA);
  const mouse = new VsxxxMouse(clock, scc0.hostA);
  const frameBuffer = new PmagBa(clock, (isRaised) => interrupts.setInterrupt(3, isRaised));

  const gates = {
    scc0: new ResettableChip(scc0),
    scc1: new ResettableChip(scc1),
    rtc: new ResettableChip(rtc),
    scsi: new ResettableChip(scsi),
    lance: new ResettableChip(lance),
  };
  ioasic.listener = {
    supportChanged: (value, changed) => {
      if (changed & SSR.sccRun) {
        gates.scc0.setRunning((value & SSR.sccRun) !== 0);
        gates.scc1.setRunning((value & SSR.sccRun) !== 0);
      }
      if (changed & SSR.rtcRun) gates.rtc.setRunning((value & SSR.rtcRun) !== 0);
      if (changed & SSR.scsiRun) gates.scsi.setRunning((value & SSR.scsiRun) !== 0);
      if (changed & (SSR.scsiDmaEnable | SSR.scsiDirection)) scsi.dmaChanged();
      if (changed & SSR.lanceRun) gates.lance.setRunning((value & SSR.lanceRun) !== 0);
      serveScc();
    },
    scsiPointerWritten: () => {
      scsiDma.reset();
      scsi.dmaChanged();
    },
    dmaChanged: () => {
      scsi.dmaChanged();
      serveScc();
    },
  };

  const timing = KN02BA_TIMING;
  const at = (
    name: keyof typeof KN02BA_ADDRESS,
    length: number,
    device: Device,
    cycles: AccessCycles,
  ): BusWindow => ({
    name,
    base: KN02BA_ADDRESS[name],
    length,
    device,
    readCycles: cycles.read,
    writeCycles: cycles.write,
  });
  const bus = new AddressMap(
    [
      at('memoryError', SUB_SLOT_BYTES, memory.errorRegister, timing.memoryController),
      at('memorySize', SUB_SLOT_BYTES, memory.sizeRegister, timing.memoryController),
      at('timeout', SUB_SLOT_BYTES, memory.timeoutRegisters, timing.memoryController),
      at('slot0', SLOT_BYTES, mux, timing.option),
      at('slot1', SLOT_BYTES, frameBuffer, timing.option),
      at('romAlias', SUB_SLOT_BYTES, rom, timing.rom),
      at('ioasic', SUB_SLOT_BYTES, ioasic, timing.ioasicRegister),
      at('esar', SUB_SLOT_BYTES, new Esar(options.stationAddress ?? STATION_ADDRESS), timing.ioasicDevice),
      at('lance', SUB_SLOT_BYTES, gates.lance, timing.ioasicDevice),
      at('scc0', SUB_SLOT_BYTES, gates.scc0, timing.ioasicDevice),
      at('scc1', SUB_SLOT_BYTES, gates.scc1, timing.ioasicDevice),
      at('rtc', SUB_SLOT_BYTES, gates.rtc, timing.ioasicDevice),
      at('scsi', SUB_SLOT_BYTES, gates.scsi, timing.ioasicDevice),
      at('scsiDma', SUB_SLOT_BYTES, gates.scsi, timing.ioasicDevice),
      at('rom', SUB_SLOT_BYTES, rom, timing.rom),
    ],
    {
      cycles: timing.timeout,
      onReadTimeout: (physical) => memory.readTimedOut(physical),
      onWriteTimeout: (physical) => memory.writeTimedOut(physical),
    },
  );

  // The gates save their chips.
  const parts: Parts = {
    ioasic,
    memory,
    mux,
    frameBuffer,
    keyboard,
    mouse,
    scsiDma,
    ...gates,
    ...Object.fromEntries(targets.map((target, id) => [`disk${id}`, target])),
  };
  const board: Kn02ba = {
    bus,
    console: scc1.hostB,
    lines: mux.hostLines,
    network: lance.network,
    screen: frameBuffer,
    keyboard,
    mouse,
    keyboardLine: scc1.hostA,
    mouseLine: scc0.hostA,
    get nvram() {
      return rtc.nvram;
    },
    reset() {
      ioasic.reset();
      memory.reset();
      mux.reset();
      frameBuffer.reset();
      keyboard.reset();
      mouse.reset();
      scsiDma.reset();
      for (const target of targets) target.reset();
      for (const gate of Object.values(gates)) gate.setRunning(false);
    },
    snapshot: () => snapshotParts(parts),
    restore: (state) => restoreParts(parts, state),
    setHaltButton(isPressed) {
      interrupts.setInterrupt(6, isPressed);
      ioasic.setLine(SIR.haltOn, isPressed);
      ioasic.setLine(SIR.haltOff, !isPressed);
    },
  };
  board.reset();
  return board;
}
