/**
 * The desktop's wire: `--net` and `--pcap` of a machine that runs in the worker thread. Sockets and files are the main
 * thread's; frames travel as messages, and one from outside enters the machine, recorded, between two of its slices.
 */

import {
  InputError,
  type NetworkConnection,
  openNetwork,
  type WorkstationCommand,
  type WorkstationPort,
  type WorkstationReport,
} from '../workstation/index.js';
import { Capture } from './capture.js';
import type { WireChoice } from './wire.js';

export class DesktopWire {
  readonly #capture: Capture | undefined;
  #network: NetworkConnection | undefined;
  #port: WorkstationPort | undefined;
  #receive: ((report: WorkstationReport) => void) | undefined;

  /** Opens what the choice names. Throws InputError. */
  static async open(choice: WireChoice, epochSeconds: number): Promise<DesktopWire> {
    if (choice.machines.length > 1) {
      throw new InputError('--machines: the desktop shows one machine; add --headless');
    }
    const [network, another] = choice.networks;
    if (another !== undefined)
      throw new InputError('--net: the desktop takes one connection; add --headless');
    const wire = new DesktopWire(
      choice.pcapPath === undefined ? undefined : new Capture(choice.pcapPath, epochSeconds),
    );
    if (network !== undefined) {
      wire.#network = await openNetwork(network, {
        receive: (bytes) => wire.#port?.post({ kind: 'frame', bytes }),
        notice: (text) => wire.#receive?.({ kind: 'notice', text }),
      });
    }
    return wire;
  }

  private constructor(capture: Capture | undefined) {
    this.#capture = capture;
  }

  /** Whether the worker has to report frames. */
  get isWanted(): boolean {
    return this.#network !== undefined || this.#capture !== undefined;
  }

  /** The same port without the reports of frames: these go to the wire. */
  attach(port: WorkstationPort): WorkstationPort {
    this.#port = port;
    return {
      post: (command: WorkstationCommand) => port.post(command),
      onReport: (receive) => {
        this.#receive = receive;
        port.onReport((report) => {
          if (report.kind === 'frame') this.#take(report);
          else receive(report);
        });
      },
      dispose: () => port.dispose(),
    };
  }

  dispose(): void {
    this.#port = undefined;
    this.#network?.dispose();
    this.#capture?.dispose();
  }

  #take({ bytes, cycle, hertz, isInbound }: Extract<WorkstationReport, { kind: 'frame' }>): void {
    this.#capture?.add(bytes, cycle, hertz, isInbound);
    if (!isInbound) this.#network?.send(bytes);
  }
}
