/**
 * That no part of the machine keeps state which a snapshot misses. Private fields cannot be looked at from outside, so
 * the sources are read: every class with a field that can change, or that holds something that can, names that field
 * both where it saves and where it restores, or the field is excused here, with the reason.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const MACHINE = fileURLToPath(new URL('../../../src/machine', import.meta.url));

const LINEAR = 'in the linear memory, which is saved as a whole';
const WIRE = 'a wire: connected when the machine is built';
const WITHIN = 'lives within one call';
const PART = 'a part that its board or owner saves';

/** `Class.field` or `Class.*`: why a snapshot need not have it. */
const EXCUSED: Readonly<Record<string, string>> = {
  'AddressMap.*': 'built once; the outcome of an access lives within one call',
  'Rom.*': 'read-only',
  'Esar.*': 'read-only',
  'WarmUpBus.*': 'no part of a machine',
  'Fpu.stall': WITHIN,
  'Fpu.#words': LINEAR,
  'Fpu.#singles': LINEAR,
  'Fpu.#doubles': LINEAR,
  'Fpu.#control': LINEAR,
  'Fpu.#ready': LINEAR,
  'Cpu.gpr': LINEAR,
  'Cpu.hiLo': LINEAR,
  'Cpu.cp0': LINEAR,
  'Cpu.fpr': LINEAR,
  'Cpu.fcr31': LINEAR,
  'Cpu.fpuResults': LINEAR,
  'Cpu.tlbLo': LINEAR,
  'Cpu.counters': LINEAR,
  'Cpu.ram': LINEAR,
  'Cpu.accounts': 'what observers made of the run, which the machine saves apart',
  'CycleAccounts.#counters': LINEAR,
  'Cpu.#isolatedInstruction': LINEAR,
  'Cpu.#isolatedData': LINEAR,
  'Cpu.fpu': LINEAR,
  'Cpu.dataTags': LINEAR,
  'Cpu.instructionTags': LINEAR,
  'Cpu.tlbHi': LINEAR,
  'Cpu.translation': 'made again page by page; that costs no cycle',
  'Cpu.#filled': 'of the translations',
  'Cpu.#filledCount': 'of the translations',
  'Cpu.#entriesByPage': 'made from the TLB when it is restored',
  'Cpu.idleSkip': 'how the run is done, not what it does',
  'Cpu.attention': WITHIN,
  'Cpu.until': WITHIN,
  'Cpu.stopRequested': WITHIN,
  'Cpu.readMask': 'follows from Status',
  'Cpu.writeMask': 'follows from Status',
  'Cpu.fetchMask': 'follows from Status',
  'Cpu.fault': WITHIN,
  'Cpu.slowCycles': WITHIN,
  'Cpu.traced': 'who watches is no state',
  'DebugPoints.*': 'who watches is no state; a suspended access is saved by the CPU',
  'CpuDebugPort.*': WIRE,
  'Cpu.bus': WIRE,
  'Clock.nextAt': 'made from the slots when they are restored',
  'Clock.#actions': WIRE,
  'HostLine.onOutput': WIRE,
  'HostLine.onInput': WIRE,
  'HostLine.onArrival': WIRE,
  'HostLine.onBreak': WIRE,
  'HostLine.onCharacter': WIRE,
  'HostLine.onGuestBreak': WIRE,
  'Scc.onRequest': WIRE,
  'SerialEnd.#line': WIRE,
  'IoasicSccDma.*': "its registers are the IOASIC's; whether it is at work lives within one call",
  'HostWire.onFrame': WIRE,
  'HostWire.onArrival': WIRE,
  'HostWire.onInput': WIRE,
  'SerialMux.#rom': 'read-only',
  'SerialMux.hostLines': 'the ends of its lines, which save them',
  'PmagBa.generation': 'for who looks at the picture',
  'PmagBa.#rom': 'read-only',
  'PmagBa.#blank': "its timer is the clock's",
  'Bt478.#palette': 'made from the colour map and the mask',
  'Dc503.#blank': "its timer is the clock's",
  'Kn01FrameBuffer.generation': 'for who looks at the picture',
  'Bt459.#palette': 'made from the colour map and the read mask',
  'Ncr53c94.#dma': PART,
  'Ncr53c94.#targets': PART,
  'Sii.#targets': PART,
  'SiiDma.#bytes': 'the buffer, which saves them',
  'IoasicScsiDma.#ioasic': PART,
  'IoasicLanceDma.#ioasic': PART,
  'Ioasic.listener': WIRE,
  'LanceTransmitter.#burst': WITHIN,
  'ScsiDisk.#oneSector': 'a view of the buffer, which is saved',
};

interface Field {
  readonly name: string;
  readonly declaration: string;
}

interface ClassText {
  readonly path: string;
  readonly name: string;
  readonly fields: readonly Field[];
  readonly body: string;
}

const HOLDS = /\b(?:Uint8|Uint16|Uint32|Int32|Float32|Float64)Array\b|\bnew [A-Z]|\[\]|\bMap<|\bSet</;

function classes(): ClassText[] {
  const found: Omit<ClassText, 'fields'>[] = [];
  for (const entry of readdirSync(MACHINE, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts') || entry.name === 'machine.ts') continue;
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path, 'utf8');
    for (const [, name = '', body = ''] of text.matchAll(
      /^(?:export )?class (\w+)[^{]*\{\n([\s\S]*?)^\}/gm,
    )) {
      found.push({ path, name, body });
    }
  }
  // The clock is everybody's and its own to save.
  const parts = found.map(({ name }) => name).filter((name) => name !== 'Clock');
  return found.map((one) => ({ ...one, fields: fieldsOf(one.body, parts) }));
}

/** Fields that can change: those that are not readonly, and readonly ones that hold arrays, maps or parts. */
function fieldsOf(body: string, parts: readonly string[] = []): Field[] {
  const fields: Field[] = [];
  const part = new RegExp(`\\b(?:${parts.join('|')})\\b`);
  for (const [declaration, readonly, name = ''] of body.matchAll(
    /^ {2}(readonly )?(#?[a-z]\w*)[?!]?(?::| =)[^;]*;$/gm,
  )) {
    const isPart = parts.length > 0 && part.test(declaration);
    if (readonly === undefined || HOLDS.test(declaration) || isPart) fields.push({ name, declaration });
  }
  return fields;
}

/** Text of the methods whose names begin so. */
function methods(body: string, prefix: string): string {
  return [...body.matchAll(new RegExp(`^ {2}${prefix}\\w*\\([\\s\\S]*?^ {2}\\}$`, 'gm'))].join('\n');
}

function names(text: string, field: string): boolean {
  return new RegExp(`this\\.${field}\\b|[{,] ${field}\\b[^}]*\\} = this;`).test(text);
}

function missing(one: ClassText): string[] {
  const saves = methods(one.body, 'snapshot');
  const restores = methods(one.body, 'restore');
  return one.fields
    .filter(({ name }) => !(`${one.name}.${name}` in EXCUSED) && !(`${one.name}.*` in EXCUSED))
    .filter(({ name }) => !names(saves, name) || !names(restores, name))
    .map(({ name }) => `${one.name}.${name}`);
}

const all = classes();

describe('every field of the machine that can change', () => {
  it('is saved and restored, or excused', () => {
    expect(all.flatMap(missing)).toEqual([]);
  });

  it('is seen at all', () => {
    const seen = new Map(all.map(({ name, fields }) => [name, fields.map((field) => field.name)]));
    expect(all.length).toBeGreaterThan(15);
    expect(seen.get('HostLine')).toEqual(
      expect.arrayContaining(['onOutput', 'onInput', '#ring', '#head', '#count']),
    );
    expect(seen.get('MuxLine')).toContain('#receiveFifo');
    expect(seen.get('Lance')).toContain('#receiver');
  });

  it('is missed here when it is not saved', () => {
    const body = [
      '  #saved = 0;',
      '  #lost = 0;',
      '  readonly #ring: Uint8Array;',
      '  readonly #clock: Clock;',
      '  snapshot(): State {',
      '    return { saved: this.#saved, lost: this.#lost };',
      '  }',
      '  restore(state: State): void {',
      '    this.#saved = state.saved;',
      '  }',
      '',
    ].join('\n');
    expect(missing({ path: '', name: 'Chip', body, fields: fieldsOf(body) })).toEqual([
      'Chip.#lost',
      'Chip.#ring',
    ]);
  });

  it('has no variable beside the classes', () => {
    const loose: string[] = [];
    for (const folder of ['cpu', 'devices', 'boards', 'memory', 'time', 'snapshot']) {
      for (const name of readdirSync(join(MACHINE, folder))) {
        if (!name.endsWith('.ts') || name === 'warm-up.ts') continue;
        const text = readFileSync(join(MACHINE, folder, name), 'utf8');
        if (/^(?:export )?let /m.test(text)) loose.push(name);
      }
    }
    expect(loose).toEqual([]);
  });

  it('is excused only while there is such a field', () => {
    const known = new Set(
      all.flatMap(({ name, fields }) => [`${name}.*`, ...fields.map((f) => `${name}.${f.name}`)]),
    );
    expect(Object.keys(EXCUSED).filter((name) => !known.has(name))).toEqual([]);
  });
});
