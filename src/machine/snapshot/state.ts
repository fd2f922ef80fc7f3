/**
 * What a chip's state is made of. Everything that takes part in the guest's future can say its state as plain data and
 * take it back: `restore(snapshot())` in a machine built from the same options goes on exactly as the first would
 * have. State that can be derived (from options, from other state) is left out. What is in the linear memory is saved
 * once, by the machine. Typed arrays in a state are copies. Numbers may be Infinity (a timer that is not armed).
 */

export type StateValue =
  | number
  | boolean
  | string
  | null
  | Uint8Array
  | Int32Array
  | Float64Array
  | readonly StateValue[]
  | { readonly [key: string]: StateValue };

/** State of one part, by field name. */
export type State = { readonly [key: string]: StateValue };

/**
 * A number of a state that must lie between two others, or the machine would never come to an end with it. What is
 * wrong in other ways only makes for a strange guest. Throws RangeError.
 */
export function inRange(value: number, low: number, high: number): number {
  if (value >= low && value <= high) return value;
  throw new RangeError(`${value} is not between ${low} and ${high}`);
}

/** A part of the machine whose state can be saved and put back, between two `run` calls. */
export interface Stateful<S extends State = State> {
  snapshot(): S;
  /** Takes a state that `snapshot` of the same part gave. Throws RangeError when it cannot be one. */
  restore(state: S): void;
}
