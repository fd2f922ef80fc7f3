/** The wire of a headless run: connects machines with what `--net` names and with each other, and captures what passes. */

import {
  Lan,
  type NetworkConnection,
  openNetwork,
  type Runnable,
  type Workstation,
} from '../workstation/index.js';
import { Capture } from './capture.js';
import type { WireChoice } from './wire.js';

export interface AttachedWire {
  /** What is to be run: the machine, or all of them in step. */
  readonly machine: Runnable;
  dispose(): void;
}

/** `workstations`: as many as the choice has machines, none of which has run. Throws InputError. */
export async function attachWire(
  workstations: readonly Workstation[],
  choice: WireChoice,
  notice: (text: string) => void,
): Promise<AttachedWire> {
  const first = workstations[0] as Workstation;
  const { pcapPath, networks } = choice;
  const capture =
    pcapPath === undefined ? undefined : new Capture(pcapPath, first.machine.options.epochSeconds);
  if (!choice.isShared) {
    if (networks[0] !== undefined) {
      first.network = await openNetwork(networks[0], {
        receive: (frame) => first.receiveFrame(frame),
        notice,
      });
    }
    first.onFrame = (frame, isInbound) => capture?.add(frame, first.cycle, first.hertz, isInbound);
    return { machine: first, dispose: () => capture?.dispose() };
  }
  const lan = new Lan(workstations);
  lan.onFrame = (frame, cycle) => capture?.add(frame, cycle, lan.hertz, undefined);
  lan.onHalt = (index) => notice(`machine ${index + 1} has halted; the others go on`);
  const connections: NetworkConnection[] = [];
  for (const network of networks) {
    const connection: NetworkConnection = await openNetwork(network, {
      receive: (frame) => lan.receive(frame, connection),
      notice,
    });
    connections.push(connection);
    lan.connect(connection);
  }
  return {
    machine: lan,
    dispose() {
      capture?.dispose();
      for (const connection of connections) connection.dispose();
    },
  };
}
