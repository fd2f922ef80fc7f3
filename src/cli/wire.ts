/** `--net`, `--mac` and `--pcap` of a headless run: what the machine's Ethernet is connected to, and where its frames are kept. */

import { closeSync, openSync, writeSync } from 'node:fs';
import { PcapngWriter } from '../export/index.js';
import {
  fileError,
  InputError,
  type NetworkChoice,
  openNetwork,
  parseNetworkChoice,
  type Speed,
  type Workstation,
} from '../workstation/index.js';

/** What the end that connects gets, so that the two ends of a wire differ. */
const SECOND_STATION = '08:00:2b:12:50:02';

export interface WireFlags {
  readonly net?: string;
  readonly mac?: string;
  readonly pcap?: string;
}

export interface WireChoice {
  readonly network: NetworkChoice | undefined;
  readonly pcapPath: string | undefined;
  readonly machine: { readonly stationAddress?: readonly number[] };
  /** Unless `--speed` says otherwise. What others are connected to keeps real time, or its time-outs mean nothing. */
  readonly speed: Speed;
}

/** Checks the flags. */
export function wireChoice(flags: WireFlags): WireChoice {
  const network = flags.net === undefined ? undefined : parseNetworkChoice(flags.net);
  const mac = flags.mac ?? (network?.kind === 'connect' ? SECOND_STATION : undefined);
  return {
    network,
    pcapPath: flags.pcap,
    machine: mac === undefined ? {} : { stationAddress: parseStationAddress(mac) },
    speed: network === undefined ? 'max' : 1,
  };
}

/** The desktop has no wire. */
export function refuseWire(flags: WireFlags): void {
  if (flags.net === undefined && flags.mac === undefined && flags.pcap === undefined) return;
  throw new InputError('--net, --mac, --pcap: not on the desktop in this version; add --headless');
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

/** Returns what ends it; the workstation itself leaves the network. */
export async function attachWire(
  workstation: Workstation,
  choice: WireChoice,
  notice: (text: string) => void,
): Promise<() => void> {
  const end = choice.pcapPath === undefined ? () => {} : keepFrames(workstation, choice.pcapPath);
  if (choice.network !== undefined) {
    workstation.network = await openNetwork(choice.network, {
      receive: (frame) => workstation.receiveFrame(frame),
      notice,
    });
  }
  return end;
}

function keepFrames(workstation: Workstation, path: string): () => void {
  const { machine } = workstation;
  const guarded = <Value>(action: () => Value): Value => {
    try {
      return action();
    } catch (error) {
      throw fileError(error, 'pcap', path);
    }
  };
  const file = guarded(() => openSync(path, 'w'));
  const writer = new PcapngWriter((bytes) => guarded(() => writeSync(file, bytes)), {
    hertz: machine.hertz,
    epochSeconds: machine.options.epochSeconds,
  });
  workstation.onFrame = (frame, isInbound) => writer.add(machine.cycle, isInbound, frame);
  return () => closeSync(file);
}
