/**
 * Whether a state that came from a file can be one of this machine: the same fields with the same kinds of values as the
 * state that the machine has now. Arrays and lists that are empty, and values that are nothing, may hold any number of
 * things: queues, frames, keys that are down. Numbers are whole, or Infinity (a timer that is not armed).
 */

import type { StateValue } from '../machine/index.js';

/** Where `given` does not fit, as a path of names; undefined when it does. */
export function misfit(
  model: StateValue,
  given: StateValue | undefined,
  at: string = '',
): string | undefined {
  const name = at === '' ? 'the state' : at;
  if (given === undefined) return name;
  if (model === null) return given === null || given instanceof Uint8Array ? undefined : name;
  if (typeof model === 'number') return typeof given === 'number' && isPlausible(given) ? undefined : name;
  if (typeof model !== 'object') return typeof given === typeof model ? undefined : name;
  if (model instanceof Uint8Array)
    return given instanceof Uint8Array && fits(model, given) ? undefined : name;
  if (model instanceof Int32Array)
    return given instanceof Int32Array && fits(model, given) ? undefined : name;
  if (model instanceof Float64Array) {
    return given instanceof Float64Array && fits(model, given) && given.every(isPlausible) ? undefined : name;
  }
  if (Array.isArray(model)) return misfitList(model, given, name);
  if (typeof given !== 'object' || given === null || Array.isArray(given) || ArrayBuffer.isView(given))
    return name;
  const names = Object.keys(model);
  if (Object.keys(given).length !== names.length) return name;
  for (const field of names) {
    const wrong = misfit(
      (model as Readonly<Record<string, StateValue>>)[field] as StateValue,
      (given as Readonly<Record<string, StateValue>>)[field],
      at === '' ? field : `${at}.${field}`,
    );
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function misfitList(model: readonly StateValue[], given: StateValue, name: string): string | undefined {
  if (!Array.isArray(given)) return name;
  if (model.length === 0) return given.every(isSimple) ? undefined : name;
  if (given.length !== model.length) return name;
  for (let index = 0; index < model.length; index++) {
    const wrong = misfit(model[index] as StateValue, given[index], `${name}.${index}`);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function isSimple(value: StateValue): boolean {
  if (typeof value === 'number') return isPlausible(value);
  return typeof value === 'string' || value instanceof Uint8Array;
}

function fits(model: ArrayLike<number>, given: ArrayLike<number>): boolean {
  return model.length === 0 || model.length === given.length;
}

function isPlausible(value: number): boolean {
  return Number.isSafeInteger(value) || value === Number.POSITIVE_INFINITY;
}
