import { describe, expect, it } from 'vitest';
import type { EventView } from '../../src/observe/index.js';
import { duration, grouped, hex, shortened } from '../../src/ui/format.js';
import { fuzzyFilter } from '../../src/ui/fuzzy.js';
import { splitWords } from '../../src/ui/program-actions.js';
import { launcherOrder, PROGRAM_NOTES } from '../../src/ui/program-notes.js';
import { cutRow, fitRow, printable, type Row, row, rowText, rowWidth, span } from '../../src/ui/rows.js';
import { countersView } from '../../src/ui/views/counters.js';
import { eventsView } from '../../src/ui/views/events.js';
import { memoryMapView } from '../../src/ui/views/memory-map.js';
import { ownershipView } from '../../src/ui/views/ownership.js';
import { timeSlicesView } from '../../src/ui/views/time-slices.js';
import { counters, environment, event, ledger } from './fake-workstation.js';

const ENVIRONMENTS = [
  environment(0, 'init', 'static', 200_000),
  environment(1, 'sh', 'exos', 5_000_000),
  environment(2, 'matmul', 'exos-ipt', 91_234_567),
];
const LEDGER = ledger(30_000_000, ENVIRONMENTS);

function text(rows: readonly Row[]): string {
  return rows.map(rowText).join('\n');
}

describe('ownership', () => {
  it('keeps the columns that matter most as the window narrows, and never overflows it', () => {
    for (let width = 36; width <= 200; width += 4) {
      const rows = ownershipView(LEDGER, undefined, width, 8);
      const [header] = rows;
      expect(rowWidth(header ?? [])).toBeLessThanOrEqual(width);
      expect(text(rows)).toContain('matmul');
      expect(rowText(header ?? [])).toContain('pages');
      if (width >= 76) expect(rowText(header ?? [])).toMatch(/slices.*TLB.*STLB.*user.*kernel.*refill/);
      if (width >= 130) expect(rowText(header ?? [])).toMatch(/ext.*lines/);
    }
  });

  it('says how many environments are above or below', () => {
    const many = Array.from({ length: 15 }, (_, slot) => environment(slot, 'hog', 'exos', 1000));
    const rows = ownershipView(ledger(30_000_000, many), undefined, 80, 7).map(rowText);
    expect(rows).toHaveLength(7);
    expect(rows.filter((line) => line.includes('hog'))).toHaveLength(5);
    expect(rows.at(-1)).toContain('+10 more: up/down  check: owners, free list and bindings agree');
    expect(text(ownershipView(LEDGER, undefined, 80, 7))).not.toContain('more');
  });

  it('says that the three-way check agrees, or what does not', () => {
    expect(text(ownershipView(LEDGER, undefined, 100, 8))).toContain(
      'owners, free list and bindings agree (12 TLB, 80 STLB, 0 DMA)',
    );
    const problems = [{ check: 'tlb', text: 'TLB entry 3 maps page 77 of nobody' }] as const;
    const broken = { ...LEDGER, ownership: { ...LEDGER.ownership, problems } };
    expect(text(ownershipView(broken, undefined, 100, 8))).toContain(
      'OWNERSHIP DISAGREES: TLB entry 3 maps page 77',
    );
  });
});

describe('ownership view, of the screen', () => {
  it('says who has its tiles and colours, as long as anybody does', () => {
    const painter = { ...environment(3, 'paint', 'exos', 1_000), tileCount: 54, colourCount: 8 };
    const rows = ownershipView(ledger(1, [...ENVIRONMENTS, painter]), undefined, 76, 8);
    expect(rows.length).toBe(8);
    expect(text(rows)).toContain('screen: 3 paint: 54 tiles, 8 colours');
    expect(text(ownershipView(LEDGER, undefined, 76, 8))).not.toContain('screen:');
  });
});

describe('memory map', () => {
  it('shows every page group, a page in use before free ones', () => {
    const rows = memoryMapView(LEDGER, 64, 20);
    const field = text(rows).split('\n1 cell')[0] ?? '';
    const cells = field.replace(/\s/g, '').length;
    const pagesPerCell = Number(/1 cell = (\d+) pages/.exec(text(rows))?.[1]);
    expect(cells).toBe(Math.ceil(8192 / pagesPerCell));
    for (const letter of ['K', '0', '1', '2', '·']) expect(field).toContain(letter);
    expect(text(rows)).toContain('2 matmul 34');
  });
});

describe('time slices', () => {
  it('shows all 64 positions and brackets the current one', () => {
    for (const width of [20, 42, 66, 140]) {
      const field = text(timeSlicesView(LEDGER, width, 20)).split('64 slices')[0] ?? '';
      expect(field.replace(/[\s[\]]/g, '')).toHaveLength(64);
      expect(field).toMatch(/\[.\]/);
    }
  });
});

describe('events and counters', () => {
  it('follow the newest event until one is selected', () => {
    const events = Array.from({ length: 50 }, (_, index) =>
      event(index, 1000 + index, { environmentId: index }),
    );
    expect(text(eventsView(events, undefined, 80, 10))).toContain('is asked for 50 pages');
    const selected = eventsView(events, 5, 80, 10);
    expect(text(selected)).toContain('is asked for 6 pages');
    expect(text(selected)).not.toContain('50 pages');
    expect(selected.flat().some(({ inverse }) => inverse === true)).toBe(true);
  });

  it('count events of one kind in a row as one line', () => {
    const pages = Array.from({ length: 50 }, (_, index) =>
      event(index + 1, 2000 + index, { kind: 'repossessed', text: `page ${index} repossessed from hog` }),
    );
    const rows = eventsView([event(0, 1000), ...pages, event(51, 3000)], 20, 80, 10);
    expect(rows).toHaveLength(3);
    expect(rowText(rows[1] ?? [])).toContain('2,000 1 50 pages repossessed from hog (0, ...)');
    expect(rows[1]?.some(({ inverse }) => inverse === true)).toBe(true);
  });

  it('keep their words in a narrow list', () => {
    const told = { name: 'hog', text: 'hog on exos told to give 17 pages within 488 us' };
    const line = (width: number, fields: object = told): string =>
      text(eventsView([event(0, 318_373_346, fields)], undefined, width, 5));
    expect(line(80)).toBe('318,373,346 1 hog on exos told to give 17 pages within 488 us');
    expect(line(52)).toBe('318.37M 1 hog told to give 17 pages within 488 us');
    expect(line(44)).toBe('318.37M 1 hog told to give 17 pages within …');
  });

  it('count as one only what is repossessed of one resource', () => {
    const taken = (index: number, text: string): EventView =>
      event(index, index, { kind: 'repossessed', text });
    const events = [
      taken(1, 'page 7 repossessed from hog on exos'),
      taken(2, 'page 9 repossessed from hog on exos'),
    ];
    const rows = eventsView([...events, taken(3, 'tile 9 repossessed from hog on exos')], undefined, 90, 9);
    expect(rows.map(rowText).map((line) => line.trim())).toEqual([
      '1 1 2 pages repossessed from hog on exos (7, ...)',
      '3 1 tile 9 repossessed from hog on exos',
    ]);
    expect(text(eventsView(events, undefined, 39, 9))).toBe('      1 1 2 pages repossessed from hog');
  });

  it('give rates per second of machine time', () => {
    const rows = text(countersView(counters(50_000_000), counters(25_000_000), LEDGER, 70));
    expect(rows).toMatch(/cycles +50,000,000 +25\.0+M\/s/);
    expect(rows).toMatch(/yield +500/);
    expect(rows).toContain('matmul');
  });
});

describe('rows and numbers', () => {
  it('fit to a width, keeping styles', () => {
    expect(rowText(fitRow(row('abc', span('def', { bold: true })), 5))).toBe('abcde');
    expect(rowText(fitRow(row('ab'), 4))).toBe('ab  ');
    expect(cutRow(row('ab', span('   ', { bold: true })), 10)).toEqual([{ text: 'ab' }]);
    expect(cutRow(row('ab', span('  ', { inverse: true })), 10)).toHaveLength(2);
    expect(printable('a\x1b[1m漢\tz')).toBe('a?[1m??z');
  });

  it('print for people', () => {
    expect(grouped(1_234_567)).toBe('1,234,567');
    expect(shortened(99_999, 7)).toBe('99,999');
    expect(shortened(91_234_567, 7)).toBe('91.235M');
    expect(shortened(12_345_678_901, 7).length).toBeLessThanOrEqual(7);
    expect(hex(0x80000400 | 0)).toBe('0x8000_0400');
    expect(duration(25_000_000, 25_000_000)).toBe('1.000 s');
    expect(duration(250, 25_000_000)).toBe('10 us');
  });

  it('find by letters in order, best first', () => {
    const items = ['Memory map of owners', 'Restart on another library OS', 'Revoke pages'];
    expect(fuzzyFilter('rest', items, (item) => item)[0]).toBe('Restart on another library OS');
    expect(fuzzyFilter('zz', items, (item) => item)).toEqual([]);
    expect(fuzzyFilter('', items, (item) => item)).toEqual(items);
    expect(fuzzyFilter('exos', ['exos', 'exos-ipt'], (item) => item)[0]).toBe('exos');
  });

  it('split arguments as a shell would', () => {
    expect(splitWords('  pages 40 "a b" \'c d\' ')).toEqual(['pages', '40', 'a b', 'c d']);
    expect(splitWords('')).toEqual([]);
  });
});

describe('the launcher', () => {
  it('lists the tools of measurements and tests last', () => {
    const programs = ['attack', 'bench', 'hog', 'ls', 'mine', 'sh', 'touch'];
    expect(launcherOrder(programs)).toEqual(['sh', 'hog', 'ls', 'mine', 'attack', 'touch', 'bench']);
  });

  it('had notes so long that they ran into the names of their programs', () => {
    // 60 columns less the mark before and the space behind, and two between.
    for (const [name, { purpose }] of Object.entries(PROGRAM_NOTES)) {
      expect(name.length + purpose.length, name).toBeLessThanOrEqual(55);
    }
  });
});
