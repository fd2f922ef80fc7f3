/**
 * A small deterministic random number generator for tests (mulberry32), so that every run tries the same cases and a
 * failure can be repeated.
 */
export class TestRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** 32 random bits, unsigned. */
  word(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** An integer from 0 to limit - 1. */
  below(limit: number): number {
    return Math.floor((this.word() / 0x1_0000_0000) * limit);
  }

  pick<T>(choices: readonly T[]): T {
    const chosen = choices[this.below(choices.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }

  /** 32 bits that are often near a border: 0, 1, -1, the most negative and most positive number. */
  operand(): number {
    switch (this.below(8)) {
      case 0:
        return this.pick([0, 1, 2, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_ffff, 0xffff_fffe]);
      case 1:
        return (this.word() >> this.below(32)) >>> 0;
      case 2:
        return (1 << this.below(32)) >>> 0;
      default:
        return this.word();
    }
  }
}
