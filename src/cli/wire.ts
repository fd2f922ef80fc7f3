/**
 * `--net`, `--machines`, `--mac` and `--pcap`: what the Ethernet of the machines is connected to, which addresses they have
 * there, and where the frames are kept. A machine with one connection is at its end of it; several machines, several
 * connections, or `--net lan` make a wire in this process (workstation/lan.ts) to which all are attached.
 */

import { InputError, type NetworkChoice, parseNetworkChoice, type Speed } from '../workstation/index.js';

const FIRST_STATION = '08:00:2b:12:50:01';
/** What the end that connects gets, so that the two ends of a wire differ; and when it is several machines. */
const SECOND_STATION = '08:00:2b:12:50:02';
const SECOND_STATIONS = '08:00:2b:12:51:01';
const MAX_MACHINES = 16;

export interface WireFlags {
  readonly net?: readonly string[];
  readonly machines?: string;
  readonly mac?: string;
  readonly pcap?: string;
}

export interface WireChoice {
  readonly networks: readonly NetworkChoice[];
  /** All meet on a wire of this process. */
  readonly isShared: boolean;
  /** What each machine is built with. */
  readonly machines: readonly { readonly stationAddress?: readonly number[] }[];
  readonly pcapPath: string | undefined;
  /** Unless `--speed` says otherwise. What others are connected to keeps real time, or its time-outs mean nothing. */
  readonly speed: Speed;
}

/** Checks the flags. */
export function wireChoice(flags: WireFlags): WireChoice {
  const count = parseMachines(flags.machines);
  const words = flags.net ?? [];
  const networks = words.filter((word) => word !== 'lan').map(parseNetworkChoice);
  const isShared = count > 1 || networks.length > 1 || networks.length < words.length;
  const connects = networks.some(({ kind }) => kind === 'connect');
  const second = connects ? (count > 1 ? SECOND_STATIONS : SECOND_STATION) : undefined;
  const mac = flags.mac ?? second ?? (count > 1 ? FIRST_STATION : undefined);
  const first = mac === undefined ? undefined : parseStationAddress(mac);
  return {
    networks,
    isShared,
    machines: Array.from({ length: count }, (_, index) =>
      first === undefined ? {} : { stationAddress: countUp(first, index) },
    ),
    pcapPath: flags.pcap,
    speed: networks.length === 0 ? 'max' : 1,
  };
}

function parseMachines(text: string | undefined): number {
  const count = Number(text ?? '1');
  if (!/^\d+$/.test(text ?? '1') || count < 1 || count > MAX_MACHINES) {
    throw new InputError(`--machines ${text}: give 1 to ${MAX_MACHINES}`);
  }
  return count;
}

function parseStationAddress(text: string): number[] {
  const bytes = text
    .split(/[:-]/)
    .map((digits) => (/^[0-9a-f]{2}$/i.test(digits) ? Number(`0x${digits}`) : -1));
  if (bytes.length !== 6 || bytes.includes(-1))
    throw new InputError(`--mac ${text}: give six bytes, 08:00:2b:xx:xx:xx`);
  if ((bytes[0] as number) & 1)
    throw new InputError(`--mac ${text}: that is a group address; give an even first byte`);
  return bytes;
}

/** The address `steps` further on, in its last three bytes: the others are the maker's. */
function countUp(address: readonly number[], steps: number): number[] {
  const [a = 0, b = 0, c = 0] = address.slice(3);
  const low = (((a << 16) | (b << 8) | c) + steps) & 0xff_ffff;
  return [...address.slice(0, 3), low >>> 16, (low >>> 8) & 0xff, low & 0xff];
}
