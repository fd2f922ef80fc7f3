/**
 * Draws hostile system calls from a seed: each argument by its name in src/abi/calls.ts, most often something that might
 * pass (a page of one's own, a living envid, a capability that was once good), else what is on the edge of it, another's,
 * the kernel's, or anything. What it draws depends on the seed and on what the guest exports alone.
 */

import { AEGIS, AEGIS_CALLS, AEGIS_CONSTANTS, type CallDefinition } from '../../../src/abi/index.js';

export type Capability = readonly [number, number, number, number];

/** What the one who calls may know; all of it exported by Aegis, or its own. */
export interface World {
  readonly self: number;
  readonly environments: readonly number[];
  /** Environments and the pages that are or were their upages. */
  readonly upages: readonly (readonly [envid: number, page: number])[];
  readonly ownPages: readonly number[];
  readonly otherPages: readonly number[];
  readonly pageCount: number;
  readonly tick: number;
  /** Its addressing contexts. */
  readonly contexts: readonly number[];
  /** Results of earlier calls of all attackers. */
  readonly capabilities: readonly Capability[];
  /** Physical address of a condition array and, 256 bytes on, of handler code that would pass. */
  readonly data: number;
  /** Virtual address that every handler may have without losing its owner to the void. */
  readonly handler: number;
}

export interface DrawnCall {
  readonly number: number;
  readonly words: readonly number[];
}

const CONSTANT = new Map(AEGIS_CONSTANTS.map(({ name, value }) => [name, value]));
const named = (name: string): number => {
  const value = CONSTANT.get(`AEGIS_${name}`);
  if (value === undefined) throw new Error(`no constant AEGIS_${name}`);
  return value;
};

const NO_HANDLER = 0xbfff_fff0;
const DO_LOAD = 256;
const DO_STORE = 257;
const DO_JUMP = 258;
const ANY = 0xffff_ffff;
const GUARANTEED = named('FIELD_GUARANTEED');
const KERNEL_ADDRESSES = [
  0x8000_0000, 0x8000_0080, 0x8002_0000, 0x8001_8000, 0xa002_0000, 0xbfc0_0000, 0xbf00_0000, 0xbfff_fff0,
  0xc000_0000, 0xffff_e000, 0xffff_f000, 0xffff_fffc,
];
const EDGES = [
  0,
  1,
  2,
  3,
  4,
  7,
  8,
  31,
  32,
  63,
  64,
  127,
  128,
  255,
  256,
  4095,
  4096,
  0x7fff_ffff,
  ANY,
  0xffff_fff0,
];
const OFFSETS = [0, 0, 0, 4, 512, 2048, 4080, 4092, 4094, 4095];
/** How often, where not once like every other; a transfer or a wait puts its caller to sleep. */
const WEIGHTS: Readonly<Record<string, number>> = {
  null: 0.3,
  null_stack: 0.3,
  env_self: 0.3,
  wait: 0.1,
  scall: 0.1,
  acall: 0.2,
  yield: 0.3,
  env_destroy: 0.4,
  page_give: 0.5,
  page_alloc: 2,
  tlb_write: 4,
  bind: 3,
  env_set: 3,
  mint: 3,
};

/** mulberry32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  word(): number {
    this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  below(limit: number): number {
    return Math.floor((this.word() / 0x1_0000_0000) * limit);
  }

  chance(of: number): boolean {
    return this.below(of) === 0;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}

const total = AEGIS_CALLS.reduce((sum, { name }) => sum + (WEIGHTS[name] ?? 1), 0);

export class CallDrawer {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  draw(world: World): DrawnCall {
    const random = this.#random;
    if (random.chance(40))
      return { number: random.chance(2) ? random.below(128) : this.#wild(world), words: this.#words(world) };
    if (random.chance(16)) return this.#access(world);
    if (random.chance(30)) return this.#control(world);
    const call = this.#call();
    const words: number[] = [];
    if (call.takesCapability) words.push(...this.#capability(world));
    for (const { name } of call.arguments) words.push(this.#argument(call, name, words, world) >>> 0);
    while (words.length < 8) words.push(random.chance(4) ? this.#wild(world) : 0);
    return { number: call.number, words };
  }

  /** What a server does to one that submitted itself: stop it, take and give back its upage, start it. */
  #control(world: World): DrawnCall {
    const random = this.#random;
    const [target, upage] = random.pick(world.upages);
    const [name, ...words] = random.pick([
      ['env_set', target, named('FIELD_UPAGE'), ANY],
      ['env_set', target, named('FIELD_UPAGE'), ANY],
      ['env_set', target, named('FIELD_UPAGE'), upage],
      ['env_set', target, GUARANTEED, 0],
      ['env_set', target, GUARANTEED, (upage << 12) | 0x600],
      ['env_set', target, named('FIELD_RUN'), 0],
      ['page_give', upage, random.chance(2) ? world.self : target],
    ] as const);
    const number = AEGIS_CALLS.find((call) => call.name === name)?.number ?? 0;
    return { number, words: [...words, 0, 0, 0, 0, 0, 0].slice(0, 8).map((word) => word >>> 0) };
  }

  #call(): CallDefinition {
    let at = (this.#random.word() / 0x1_0000_0000) * total;
    for (const call of AEGIS_CALLS) {
      at -= WEIGHTS[call.name] ?? 1;
      if (at < 0) return call;
    }
    return AEGIS_CALLS[0] as CallDefinition;
  }

  #words(world: World): number[] {
    return Array.from({ length: 8 }, () => this.#wild(world));
  }

  /** A load, a store or a jump. Stores go where it may write: its upage, what it has mapped. */
  #access(world: World): DrawnCall {
    const random = this.#random;
    const kind = random.pick([DO_LOAD, DO_LOAD, DO_STORE, DO_STORE, DO_JUMP]);
    let kernel = random.pick(KERNEL_ADDRESSES);
    // Where the kernel sends those that have no handler: it ends whoever goes there.
    if (kind === DO_JUMP && kernel === NO_HANDLER && !random.chance(20)) kernel = 0x8000_0000;
    if (kind === DO_JUMP) return { number: DO_JUMP, words: [kernel, 0, 0, 0, 0, 0, 0, 0] };
    const upage = 0x7f00_0100 + 4 * random.below(0x140);
    const address = random.chance(4)
      ? kernel
      : random.chance(2)
        ? upage
        : this.#virtual() + 4 * random.below(1024);
    return { number: kind, words: [address >>> 0, this.#wild(world), 0, 0, 0, 0, 0, 0] };
  }

  #wild(world: World): number {
    const random = this.#random;
    switch (random.below(7)) {
      case 0:
        return random.word();
      case 1:
        return random.pick(EDGES);
      case 2:
        return random.pick(KERNEL_ADDRESSES);
      case 3:
        return this.#address(world);
      case 4:
        return this.#environment(world);
      case 5:
        return this.#page(world);
      default:
        return (random.pick(EDGES) - 1 + random.below(3)) >>> 0;
    }
  }

  #page(world: World): number {
    const random = this.#random;
    if (world.ownPages.length > 0 && !random.chance(4)) return random.pick(world.ownPages);
    if (random.chance(16)) return random.pick(world.upages)[1];
    if (random.chance(2)) return random.pick(world.otherPages);
    return random.pick([
      0,
      0x10,
      0x18,
      0x20,
      0xf8,
      0x100,
      world.pageCount - 1,
      world.pageCount,
      0xfffff,
      ANY,
    ]);
  }

  #address(world: World): number {
    const random = this.#random;
    if (random.chance(4)) return world.data + (random.chance(2) ? 256 : 0);
    return (this.#page(world) * AEGIS.PAGE_SIZE + random.pick(OFFSETS)) >>> 0;
  }

  #environment(world: World): number {
    const random = this.#random;
    const known = random.pick(world.environments);
    switch (random.below(8)) {
      case 0:
        return 0;
      case 1:
        return random.below(AEGIS.ENV_COUNT);
      case 2:
        return (known + 256 * (random.below(5) - 2)) >>> 0;
      case 3:
        return world.self;
      default:
        return known;
    }
  }

  /** A few pages here and there, so that TLB and STLB entries meet. */
  #virtual(): number {
    const random = this.#random;
    if (random.chance(24)) return random.pick([...KERNEL_ADDRESSES, 0x7f00_0000, 0x7f00_4000, 0x7f03_f000]);
    return (random.pick([0, 0x2000_0000, 0x2100_0000, 0x7fff_f000]) + random.below(24) * 4096) >>> 0;
  }

  #entryLo(world: World): number {
    const random = this.#random;
    const flags = random.chance(8)
      ? random.below(4096)
      : random.pick([0x200, 0x200, 0x600, 0x600, 0xe00, 0x400]);
    return ((this.#page(world) << 12) | flags) >>> 0;
  }

  #capability(world: World): Capability {
    const random = this.#random;
    if (world.capabilities.length === 0 || random.chance(16))
      return [this.#wild(world), this.#wild(world), this.#wild(world), this.#wild(world)];
    const control = world.capabilities.filter(([name]) => name >>> 24 === named('KIND_ENV'));
    const words = [...random.pick(control.length > 0 && random.chance(4) ? control : world.capabilities)] as [
      number,
      number,
      number,
      number,
    ];
    if (random.chance(4))
      words[random.below(4)] = ((words[random.below(4)] as number) ^ (1 << random.below(32))) >>> 0;
    return words;
  }

  #field(): number {
    const random = this.#random;
    if (random.chance(12)) return random.below(0x40);
    if (random.chance(24)) return random.pick(EDGES);
    if (random.chance(8))
      return random.pick([
        named('FIELD_FPU'),
        named('FIELD_PAGE_LIMIT'),
        named('FIELD_LABEL') + random.below(9),
      ]);
    return GUARANTEED + 8 + random.below(56);
  }

  #argument(call: CallDefinition, name: string, before: readonly number[], world: World): number {
    const random = this.#random;
    if (random.chance(14) && call.name !== 'env_destroy') return this.#wild(world);
    switch (name) {
      case 'envid':
        if (call.name === 'env_destroy' && !random.chance(40))
          return random.pick(world.environments.filter((id) => id !== world.self));
        return this.#environment(world);
      case 'page':
        return call.name === 'page_alloc' && random.chance(2) ? ANY : this.#page(world);
      case 'address':
      case 'address2':
      case 'completion':
        return call.name.startsWith('disk') && name === 'address'
          ? this.#address(world) & ~511
          : this.#address(world);
      case 'virtual':
      case 'origin':
        return this.#virtual();
      case 'entry_lo':
        return this.#entryLo(world);
      case 'kind':
        if (call.name === 'mint' && random.chance(3)) return named('KIND_ENV');
        return random.below(named('KIND_COUNT') + 1);
      case 'instance':
        return this.#instance(before[0] ?? 0, world);
      case 'rights':
        if (before[0] === named('KIND_ENV') && !random.chance(4)) return named('RIGHT_CONTROL');
        return random.below(8);
      case 'field':
        return this.#field();
      case 'value':
        if (before[1] === named('FIELD_PAGE_LIMIT')) return random.chance(2) ? ANY : random.below(64);
        if ((before[1] ?? 0) >= GUARANTEED) return random.chance(4) ? 0 : this.#entryLo(world);
        return random.chance(2) ? world.handler : this.#wild(world);
      case 'value2':
        return random.chance(2) ? 0x40 : this.#wild(world);
      case 'position':
        return random.chance(3) ? ANY : random.below(AEGIS.SLICE_COUNT + 1);
      case 'context':
        return random.chance(3) ? random.below(AEGIS.CONTEXT_COUNT + 2) : (random.pick(world.contexts) ?? 0);
      case 'line':
        return random.below(AEGIS.LINE_COUNT + 1);
      case 'disk':
        return random.below(3);
      case 'start':
        return 990 + random.below(540);
      case 'extent':
      case 'filter':
        return random.below(4);
      case 'ash':
      case 'index':
        return random.below(10);
      case 'sector':
        return random.below(510);
      case 'count':
        return call.name === 'ash_download' ? random.below(6) : random.below(14);
      case 'colour':
        return random.below(17);
      case 'bytes':
        return call.name === 'cache_flush'
          ? random.pick([4, 64, 4096, 16384, 8 << 20])
          : random.pick([14, 60, 1514, 1515]);
      case 'bytes2':
        return random.pick([0, 0, 60, 1454]);
      case 'flags':
        return random.below(4);
      case 'deadline':
        return world.tick + random.below(3);
      default:
        return random.chance(2) ? random.below(16) : this.#wild(world);
    }
  }

  #instance(kind: number, world: World): number {
    if (kind === named('KIND_PAGE')) return this.#page(world);
    if (kind === named('KIND_ENV'))
      return (this.#random.chance(2) ? world.self : this.#environment(world)) % AEGIS.ENV_COUNT;
    return this.#random.below(66);
  }
}

/** A call as one reads it. */
export function describeCall({ number, words }: DrawnCall): string {
  const call = AEGIS_CALLS.find((candidate) => candidate.number === number);
  const name =
    call?.name ??
    ({ 256: 'load', 257: 'store', 258: 'jump' } as Record<number, string>)[number] ??
    `call ${number}`;
  const shown = call === undefined ? 4 : call.arguments.length + (call.takesCapability ? 4 : 0);
  return `${name}(${words
    .slice(0, shown)
    .map((word) => `0x${word.toString(16)}`)
    .join(', ')})`;
}
