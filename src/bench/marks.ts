/** Numbers by which guest programs mark what they do between `bench_begin` and `bench_end`: `guest/lib/include/bench.h`. */

export const MARK = {
  procedure: 1,
  null: 2,
  nullStack: 3,
  unaligned: 4,
  overflow: 5,
  coprocessor: 6,
  protection: 7,
  stlbHit: 8,
  stlbMiss: 9,
  transfer: 10,
  transferLibrary: 11,
  classifyWarm: 12,
  classifyCold: 13,
  classifyEmpty: 14,
  matrix: 15,
  touch: 16,
  delay: 17,
  copy: 18,
  read: 19,
  write: 20,
  cidSwitch: 21,
} as const;

export type Mark = (typeof MARK)[keyof typeof MARK];
