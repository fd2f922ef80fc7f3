/**
 * Commands that are answered: numbers them, and settles each promise with the reply of that number.
 */

import {
  FIRST_START_ID,
  type ReplyValues,
  type WorkstationCommand,
  type WorkstationReport,
} from '../workstation/index.js';
import type { Request } from './desktop-host.js';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Requests {
  readonly #post: (command: WorkstationCommand) => void;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  constructor(post: (command: WorkstationCommand) => void) {
    this.#post = post;
  }

  send<Kind extends keyof ReplyValues>(
    command: Extract<Request, { readonly kind: Kind }>,
  ): Promise<ReplyValues[Kind]> {
    const id = this.#nextId++;
    const reply = this.#await<Kind>(id);
    this.#post({ ...command, id } as WorkstationCommand);
    return reply;
  }

  /** The answer to the start that was posted under FIRST_START_ID before there was a desktop. */
  firstStart(): Promise<ReplyValues['start']> {
    return this.#await<'start'>(FIRST_START_ID);
  }

  #await<Kind extends keyof ReplyValues>(id: number): Promise<ReplyValues[Kind]> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
    });
  }

  settle(reply: Extract<WorkstationReport, { readonly kind: 'reply' }>): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.isOk) waiting?.resolve(reply.value);
    else waiting?.reject(new Error(reply.error));
  }
}
