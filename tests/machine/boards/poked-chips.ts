/** Pokes that get further into two chips than single ones do: SCSI command sequences, LANCE bring-ups. */

import fc from 'fast-check';
import { KN02BA_ADDRESS } from '../../../src/machine/boards/index.js';
import {
  ASC_COMMAND,
  ASC_REGISTER,
  CSR0,
  IOASIC_REGISTER,
  LANCE_REGISTER,
  SCSI_COMMAND,
} from '../../../src/machine/devices/index.js';
import type { Poke } from './poked-board.js';

const write = (address: number, value: number, size: 1 | 2 | 4 = 4): Poke => ({
  kind: 'write',
  address,
  size,
  value,
});
const scsi = (register: number, value: number): Poke => write(KN02BA_ADDRESS.scsi + register * 4, value, 1);
const ioasic = (register: number, value: number): Poke => write(KN02BA_ADDRESS.ioasic + register, value);
const pass: fc.Arbitrary<Poke> = fc
  .oneof(fc.nat(100), fc.nat(3000), fc.nat(400_000))
  .map((cycles): Poke => ({ kind: 'pass', cycles }));

const pointer = fc.oneof(
  fc.nat(0x1_ffff).map((address) => (address << 3) >>> 0),
  fc.constantFrom(0, 0xffff_ffff, 0xfff_ffe0, 0x7fff_ff00),
  fc.integer({ min: 0, max: 0xffff_ffff }),
);
const byte = fc.nat(0xff);
const descriptor: fc.Arbitrary<number[]> = fc
  .tuple(
    fc.constantFrom(...Object.values(SCSI_COMMAND)),
    fc.array(fc.oneof(byte, fc.nat(3)), { minLength: 5, maxLength: 11 }),
  )
  .map(([operation, rest]) => [operation, ...rest]);
const command = fc.oneof(fc.constantFrom(...Object.values(ASC_COMMAND)), byte);

/** One or several pokes at the 53C94 and its DMA. */
export const anyScsiPoke: fc.Arbitrary<Poke[]> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.nat(3), fc.array(byte, { maxLength: 3 }), descriptor, command, fc.boolean(), pass)
      .map(([id, messages, bytes, code, isDma, wait]) => [
        scsi(ASC_REGISTER.selectId, id),
        ...[...messages, ...bytes].map((one) => scsi(ASC_REGISTER.fifo, one)),
        scsi(ASC_REGISTER.command, code | (isDma ? ASC_COMMAND.dma : 0)),
        wait,
      ]),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(command, pass).map(([code, wait]) => [scsi(ASC_REGISTER.command, code), wait]),
  },
  { weight: 2, arbitrary: fc.tuple(fc.nat(15), byte).map(([register, one]) => [scsi(register, one)]) },
  {
    weight: 2,
    arbitrary: fc
      .nat(15)
      .map((register): Poke[] => [{ kind: 'read', address: KN02BA_ADDRESS.scsi + register * 4, size: 1 }]),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          IOASIC_REGISTER.scsiDmaPointer,
          IOASIC_REGISTER.scsiNextPointer,
          IOASIC_REGISTER.scsiControl,
          IOASIC_REGISTER.interrupt,
        ),
        pointer,
      )
      .map(([register, to]) => [ioasic(register, to)]),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 0, max: 0xffff_ffff }).map((bits) => [ioasic(IOASIC_REGISTER.status, bits)]),
  },
  { weight: 1, arbitrary: pass.map((wait) => [wait]) },
);

const lance = (register: number, number: number): Poke[] => [
  write(KN02BA_ADDRESS.lance + LANCE_REGISTER.address, register, 2),
  write(KN02BA_ADDRESS.lance + LANCE_REGISTER.data, number, 2),
];
const halfword = fc.oneof(
  fc.nat(0xff),
  fc.nat(0xffff),
  fc.nat(15).map((bit) => 1 << bit),
);

/** Pokes at the LANCE; the block and the rings are whatever lies in memory. */
export const anyLancePoke: fc.Arbitrary<Poke[]> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(halfword, fc.nat(0xff), pass)
      .map(([low, high, wait]) => [
        ...lance(0, CSR0.stop),
        ...lance(1, low & 0xfffe),
        ...lance(2, high),
        ...lance(0, CSR0.init | CSR0.start | CSR0.enable),
        wait,
        ...lance(0, CSR0.enable | CSR0.demand),
      ]),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.nat(3), halfword).map(([register, number]) => lance(register, number)),
  },
  { weight: 2, arbitrary: pointer.map((to) => [ioasic(IOASIC_REGISTER.lanceDmaPointer, to)]) },
  { weight: 3, arbitrary: pass.map((wait) => [wait]) },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 14, max: 1514 }).map((length): Poke[] => [{ kind: 'frame', length }]),
  },
  {
    weight: 1,
    arbitrary: fc
      .nat(3)
      .map((at): Poke[] => [{ kind: 'read', address: KN02BA_ADDRESS.lance + at * 2, size: 2 }]),
  },
);
