import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { disassemble } from '../../../src/machine/cpu/disassembler.js';
import { TestRandom } from '../../support/random.js';
import { hasTools } from '../../support/tools.js';

const BASE = 0x8000_1000;
const OBJDUMP = 'mipsel-linux-gnu-objdump';
const FIXTURE = new URL('disassembler-fixture.txt', import.meta.url);
const JALX = 0x1d;

/** Words of every form: each opcode, function and coprocessor selector with fields zero, small and random. */
function selectedWords(): number[] {
  const random = new TestRandom(1);
  const words: number[] = [];
  const fields = (): number[] => [0, random.pick([0, 5]), random.below(32)];
  for (let op = 2; op < 64; op++) {
    if (op === JALX || (op >= 16 && op < 20)) continue;
    for (const rs of fields())
      for (const rt of fields()) words.push(pack(op, rs, rt) | (random.word() & 0xffff));
  }
  for (let code = 0; code < 64; code++) {
    for (const rs of fields()) {
      const rest = [0, pack(0, 0, 0, random.below(32)), pack(0, 0, 0, 31, random.pick([0, 1, 7]))];
      for (const low of rest) words.push(pack(0, rs, random.pick([0, 0, 6]), 0) | low | code);
    }
  }
  for (let condition = 0; condition < 32; condition++) {
    words.push(pack(1, 0, condition) | 0x10, pack(1, 9, condition) | 0xfff0);
  }
  for (let unit = 16; unit < 20; unit++) {
    for (let selector = 0; selector < 16; selector++) {
      for (const rt of [0, 1, 2, random.below(32)])
        words.push(pack(unit, selector, rt, random.below(32)) | (rt & 1));
      words.push(pack(unit, selector, random.below(32), random.below(32)));
    }
    for (let code = 0; code < 64; code++)
      words.push(pack(unit, 16) | code, pack(unit, 16, random.below(32)) | code);
  }
  for (let rd = 0; rd < 32; rd++)
    words.push(pack(16, 0, 8, rd), pack(16, 4, 8, rd), pack(17, 2, 8, rd), pack(17, 6, 8, rd));
  for (const format of [16, 17, 18, 20, 21]) {
    for (let code = 0; code < 64; code++) {
      words.push(
        pack(17, format, 0, 6, 8) | code,
        pack(17, format, 4, 6, 0) | code,
        pack(17, format, 0, 2, 0) | code,
      );
    }
  }
  words.push(0, 0x40, 0x80, 0xc0, 0xc, 0x4c, 0xd, 0x1000d, 0x1004d, 0x4d);
  return words.map((word) => word >>> 0);
}

function pack(op: number, rs = 0, rt = 0, rd = 0, amount = 0): number {
  return (op << 26) | (rs << 21) | (rt << 16) | (rd << 11) | (amount << 6);
}

/** What objdump prints for these words as a raw binary at `BASE`, one line each, tabs made spaces. */
function objdumpWords(words: readonly number[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'exostation-objdump-'));
  try {
    const file = join(folder, 'words.bin');
    writeFileSync(file, new Uint8Array(Uint32Array.from(words).buffer));
    const machine = ['-D', '-z', '-b', 'binary', '-m', 'mips:3000', '-EL', `--adjust-vma=${BASE}`];
    return parseListing(
      execFileSync(OBJDUMP, [...machine, file], { encoding: 'utf8', maxBuffer: 1 << 28 }),
    ).map((line) => line.text);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parseListing(listing: string): { address: number; word: number; text: string }[] {
  const lines: { address: number; word: number; text: string }[] = [];
  for (const line of listing.split('\n')) {
    const match = /^\s*([0-9a-f]+):\t([0-9a-f]{8}) \t(.*)$/.exec(line);
    if (match === null) continue;
    const [, address = '', word = '', text = ''] = match;
    lines.push({
      address: Number.parseInt(address, 16),
      word: Number.parseInt(word, 16),
      text: text.replace('\t', ' '),
    });
  }
  return lines;
}

describe('disassembler', () => {
  it('prints what objdump printed when the fixture was made', () => {
    const lines = readFileSync(FIXTURE, 'utf8').trim().split('\n');
    expect(lines.length).toBeGreaterThan(500);
    for (const line of lines) {
      const [address = '', word = '', ...text] = line.split(' ');
      expect(disassemble(Number.parseInt(word, 16), Number.parseInt(address, 16)), line).toBe(text.join(' '));
    }
  });

  it('names branch and jump targets when it is given symbols', () => {
    const symbolName = (address: number): string => `main+0x${(address - BASE).toString(16)}`;
    expect(disassemble(0x1000_0003, BASE, symbolName)).toBe('b 80001010 <main+0x10>');
    expect(disassemble(0x0c00_0408, BASE, symbolName)).toBe('jal 80001020 <main+0x20>');
  });

  it('takes signed words as well as unsigned ones', () => {
    expect(disassemble(0xafbf_0014 | 0, BASE)).toBe('sw ra,20(sp)');
  });

  describe.skipIf(!hasTools(OBJDUMP))('against objdump', () => {
    it('agrees on words of every form', () => {
      const words = selectedWords();
      const expected = objdumpWords(words);
      expect(expected.length).toBe(words.length);
      const lines = words.map(
        (word, index) => [(BASE + index * 4).toString(16), word, expected[index]] as const,
      );
      if (process.env.UPDATE_FIXTURES === '1') {
        const some = lines.filter((_, index) => index % 5 === 0);
        const text = some.map(([at, word, line]) => `${at} ${word.toString(16).padStart(8, '0')} ${line}\n`);
        writeFileSync(FIXTURE, text.join(''));
      }
      for (const [at, word, line] of lines) {
        expect(disassemble(word, Number.parseInt(at, 16)), word.toString(16)).toBe(line);
      }
    });

    it('agrees on 100000 random words', () => {
      const random = new TestRandom(2);
      const words = Array.from({ length: 100_000 }, () => random.word()).filter(
        (word) => word >>> 26 !== JALX,
      );
      const expected = objdumpWords(words);
      const wrong = words.flatMap((word, index) => {
        const text = disassemble(word, BASE + index * 4);
        return text === expected[index]
          ? []
          : [`${word.toString(16)}: ${text} | objdump: ${expected[index]}`];
      });
      expect(wrong).toEqual([]);
    });

    it.each(['dhry', 'mati', 'matf', 'tlb', 'exc'])('agrees on compiled code: %s.elf', (name) => {
      const file = new URL(`../../workloads/bare/${name}.elf`, import.meta.url).pathname;
      const lines = parseListing(
        execFileSync(OBJDUMP, ['-d', '-z', file], { encoding: 'utf8', maxBuffer: 1 << 28 }),
      );
      expect(lines.length).toBeGreaterThan(50);
      for (const { address, word, text } of lines) {
        const target = / ?(?:.*,)?([0-9a-f]{8}) <(.*)>$/.exec(text);
        const symbolName = (at: number): string | undefined =>
          target !== null && Number.parseInt(target[1] ?? '', 16) === at ? target[2] : undefined;
        expect(disassemble(word, address, symbolName), address.toString(16)).toBe(text);
      }
    });
  });
});
