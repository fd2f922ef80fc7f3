/**
 * The keys of an LK401 by name: the code that each sends, and the division of the keyboard that it belongs to. Codes and
 * divisions: LK201 programming information in EK-104AA-TM; the LK401's own as Linux (lkkbd.c) has them.
 */

/** Divisions, as the mode command numbers them. */
export const DIVISION = {
  main: 1,
  keypad: 2,
  delete: 3,
  returnAndTab: 4,
  lockAndCompose: 5,
  shiftAndControl: 6,
  horizontal: 7,
  vertical: 8,
  editing: 9,
  functions1: 10,
  functions2: 11,
  functions3: 12,
  functions4: 13,
  functions5: 14,
} as const;

export const DIVISION_COUNT = 14;

export interface Lk401Key {
  readonly code: number;
  readonly division: number;
  /** What it sends until the host asks for the LK401's own codes; 0: nothing. The same code otherwise. */
  readonly lk201Code?: number;
}

type Keys = Readonly<Record<string, number>>;

const MAIN: Keys = {
  '`': 0xbf,
  '1': 0xc0,
  q: 0xc1,
  a: 0xc2,
  z: 0xc3,
  '2': 0xc5,
  w: 0xc6,
  s: 0xc7,
  x: 0xc8,
  '<': 0xc9,
  '3': 0xcb,
  e: 0xcc,
  d: 0xcd,
  c: 0xce,
  '4': 0xd0,
  r: 0xd1,
  f: 0xd2,
  v: 0xd3,
  space: 0xd4,
  '5': 0xd6,
  t: 0xd7,
  g: 0xd8,
  b: 0xd9,
  '6': 0xdb,
  y: 0xdc,
  h: 0xdd,
  n: 0xde,
  '7': 0xe0,
  u: 0xe1,
  j: 0xe2,
  m: 0xe3,
  '8': 0xe5,
  i: 0xe6,
  k: 0xe7,
  ',': 0xe8,
  '9': 0xea,
  o: 0xeb,
  l: 0xec,
  '.': 0xed,
  '0': 0xef,
  p: 0xf0,
  ';': 0xf2,
  '/': 0xf3,
  '=': 0xf5,
  ']': 0xf6,
  '\\': 0xf7,
  '-': 0xf9,
  '[': 0xfa,
  "'": 0xfb,
};

const KEYPAD: Keys = {
  'kp-0': 0x92,
  'kp-.': 0x94,
  'kp-enter': 0x95,
  'kp-1': 0x96,
  'kp-2': 0x97,
  'kp-3': 0x98,
  'kp-4': 0x99,
  'kp-5': 0x9a,
  'kp-6': 0x9b,
  'kp-,': 0x9c,
  'kp-7': 0x9d,
  'kp-8': 0x9e,
  'kp-9': 0x9f,
  'kp--': 0xa0,
  pf1: 0xa1,
  pf2: 0xa2,
  pf3: 0xa3,
  pf4: 0xa4,
};

const OTHERS: readonly (readonly [division: number, keys: Keys])[] = [
  [DIVISION.main, MAIN],
  [DIVISION.keypad, KEYPAD],
  [DIVISION.delete, { delete: 0xbc }],
  [DIVISION.returnAndTab, { return: 0xbd, tab: 0xbe }],
  [DIVISION.lockAndCompose, { lock: 0xb0, compose: 0xb1 }],
  [DIVISION.shiftAndControl, { shift: 0xae, control: 0xaf }],
  [DIVISION.horizontal, { left: 0xa7, right: 0xa8 }],
  [DIVISION.vertical, { down: 0xa9, up: 0xaa }],
  [
    DIVISION.editing,
    { find: 0x8a, 'insert-here': 0x8b, remove: 0x8c, select: 0x8d, 'prev-screen': 0x8e, 'next-screen': 0x8f },
  ],
  [DIVISION.functions1, { f1: 0x56, f2: 0x57, f3: 0x58, f4: 0x59, f5: 0x5a }],
  [DIVISION.functions2, { f6: 0x64, f7: 0x65, f8: 0x66, f9: 0x67, f10: 0x68 }],
  [DIVISION.functions3, { f11: 0x71, f12: 0x72, f13: 0x73, f14: 0x74 }],
  [DIVISION.functions4, { help: 0x7c, do: 0x7d }],
  [DIVISION.functions5, { f17: 0x80, f18: 0x81, f19: 0x82, f20: 0x83 }],
];

export const LK401_KEYS: Readonly<Record<string, Lk401Key>> = {
  ...Object.fromEntries(
    OTHERS.flatMap(([division, keys]) =>
      Object.entries(keys).map(([name, code]) => [name, { code, division }]),
    ),
  ),
  // An LK201 has one pair of shift keys with one code, one Compose key and no Alt.
  'right-shift': { code: 0xab, division: DIVISION.shiftAndControl, lk201Code: 0xae },
  alt: { code: 0xac, division: DIVISION.shiftAndControl, lk201Code: 0 },
  'right-alt': { code: 0xb2, division: DIVISION.shiftAndControl, lk201Code: 0 },
  'right-compose': { code: 0xad, division: DIVISION.lockAndCompose, lk201Code: 0xb1 },
};
