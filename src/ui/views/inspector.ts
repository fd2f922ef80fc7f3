/**
 * The inspector: where the machine is, whose code that is, its registers, CP0, TLB, and the instructions around the PC
 * with symbols and marked delay slots. Wide windows show all at once, narrow ones a page at a time.
 */

import type { InspectorView, LedgerView } from '../../observe/index.js';
import { grouped, hexDigits } from '../format.js';
import { beside, highlight, padEnd, printable, type Row, row, span } from '../rows.js';
import { libraryOsColour, slotColour, slotLetter } from '../theme.js';

const REGISTER_NAMES = [
  'zero',
  'at',
  'v0',
  'v1',
  'a0',
  'a1',
  'a2',
  'a3',
  't0',
  't1',
  't2',
  't3',
  't4',
  't5',
  't6',
  't7',
  's0',
  's1',
  's2',
  's3',
  's4',
  's5',
  's6',
  's7',
  't8',
  't9',
  'k0',
  'k1',
  'gp',
  'sp',
  'fp',
  'ra',
] as const;

/** Pages of a narrow inspector, chosen with Tab. */
export const INSPECTOR_PAGES = ['code', 'registers', 'TLB'] as const;
export type InspectorPage = (typeof INSPECTOR_PAGES)[number];

const WIDE = 88;
/** Rows from which a narrow inspector shows its pages below each other. */
const TALL = 40;

function headerRows(inspector: InspectorView, ledger: LedgerView | undefined): readonly Row[] {
  const environment = ledger?.environments.find(({ slot }) => slot === inspector.currentSlot);
  const owner = inspector.pcOwner === '' ? 'unknown' : inspector.pcOwner;
  const who =
    environment === undefined
      ? 'no environment'
      : `${printable(environment.name)}${environment.libraryOs === '' ? '' : ` on ${environment.libraryOs}`}`;
  return [
    row(
      span('pc ', { dim: true }),
      span(hexDigits(inspector.pc), { bold: true }),
      ` ${inspector.pcSymbol}`,
      span(inspector.isDelaySlot ? ' (in a delay slot)' : '', { color: 'yellow' }),
    ),
    row(
      span('code of ', { dim: true }),
      span(owner, { color: libraryOsColour(owner), bold: true }),
      span(', running for ', { dim: true }),
      span(`${slotLetter(inspector.currentSlot)} `, { color: slotColour(inspector.currentSlot), bold: true }),
      who,
    ),
    row(span('cycle ', { dim: true }), grouped(inspector.cycle)),
  ];
}

function registerRows(inspector: InspectorView, width: number): readonly Row[] {
  const perRow = Math.max(1, Math.min(4, Math.floor((width + 1) / 15)));
  const cells = REGISTER_NAMES.map((name, index) => ({
    name: name as string,
    value: inspector.registers[index] ?? 0,
  }));
  cells.push({ name: 'hi', value: inspector.hi }, { name: 'lo', value: inspector.lo });
  return wordRows(cells, perRow, 4);
}

function wordRows(
  cells: readonly { readonly name: string; readonly value: number }[],
  perRow: number,
  nameWidth: number,
): readonly Row[] {
  const rows: Row[] = [];
  for (let first = 0; first < cells.length; first += perRow) {
    rows.push(
      cells
        .slice(first, first + perRow)
        .flatMap(({ name, value }) => [
          span(`${padEnd(name, nameWidth)} `, { dim: true }),
          span(`${hexDigits(value)} `, value === 0 ? { dim: true } : {}),
        ]),
    );
  }
  return rows;
}

function cp0Rows(inspector: InspectorView, width: number): readonly Row[] {
  const cells = Object.entries(inspector.cp0).map(([name, value]) => ({ name, value }));
  return wordRows(cells, Math.max(1, Math.floor((width + 1) / 19)), 8);
}

function codeRows(inspector: InspectorView, width: number, height: number): readonly Row[] {
  const rows: Row[] = [];
  let current = 0;
  for (const line of inspector.disassembly) {
    if (line.symbol !== '') rows.push(row(span(`${line.symbol}:`, { color: 'cyan' })));
    if (line.isCurrent) current = rows.length;
    const [mnemonic = '', ...operands] = line.text.trim().split(/\s+/);
    const text = line.word === undefined ? '(not mapped)' : `${mnemonic.padEnd(7)} ${operands.join(' ')}`;
    const code = row(
      span(line.isCurrent ? '>' : ' ', { bold: true }),
      span(`${hexDigits(line.address)} `, { dim: true }),
      // A delay slot runs with the branch above it, before its target.
      span(line.isDelaySlot ? '↳ ' : '  ', { color: 'yellow' }),
      span(text, line.isDelaySlot ? { color: 'yellow' } : {}),
    );
    rows.push(line.isCurrent ? highlight(code, width, { inverse: true }) : code);
  }
  const first = Math.max(0, Math.min(current - Math.floor(height / 3), rows.length - height));
  return rows.slice(first, first + height);
}

function tlbRows(inspector: InspectorView, height: number): readonly Row[] {
  const header = row(span(' #  virtual   asid physical   flags', { dim: true }));
  const valid = inspector.tlb.filter(({ isValid }) => isValid);
  const lines = valid.map((entry) => {
    const flags = `V${entry.isWritable ? 'D' : '-'}${entry.isGlobal ? 'G' : '-'}${entry.isUncached ? 'N' : '-'}`;
    return row(
      span(`${String(entry.index).padStart(2)}  `, { dim: true }),
      `${hexDigits((entry.virtualPage << 12) >>> 0)} ${String(entry.asid).padStart(4)} `,
      `${hexDigits((entry.physicalPage << 12) >>> 0)}  ${flags}`,
    );
  });
  const room = Math.max(1, height - 1);
  const shown = lines.slice(0, room);
  if (lines.length > room) shown[room - 1] = row(span(`... ${lines.length - room + 1} more`, { dim: true }));
  if (valid.length === 0) shown.push(row(span('no valid entry', { dim: true })));
  return [header, ...shown];
}

export function inspectorView(
  inspector: InspectorView | undefined,
  ledger: LedgerView | undefined,
  page: InspectorPage,
  width: number,
  height: number,
): readonly Row[] {
  if (inspector === undefined) return [row(span('Waiting for the machine.', { dim: true }))];
  const header = headerRows(inspector, ledger);
  const room = Math.max(1, height - header.length);
  if (width < WIDE && room >= TALL) {
    const state = [...registerRows(inspector, width), ...cp0Rows(inspector, width)];
    const tlb = tlbRows(inspector, Math.floor((room - state.length) / 2));
    return [...header, ...state, ...codeRows(inspector, width, room - state.length - tlb.length), ...tlb];
  }
  if (width < WIDE) {
    if (page === 'TLB') return [...header, ...tlbRows(inspector, room)];
    if (page === 'registers')
      return [...header, ...registerRows(inspector, width), ...cp0Rows(inspector, width)];
    const registers = room >= 22 ? registerRows(inspector, width) : [];
    return [...header, ...registers, ...codeRows(inspector, width, room - registers.length)];
  }
  const leftWidth = Math.min(62, Math.floor(width / 2));
  const left = [...registerRows(inspector, leftWidth - 2), ...cp0Rows(inspector, leftWidth - 2)];
  left.push(...tlbRows(inspector, Math.max(2, room - left.length)));
  const right = codeRows(inspector, width - leftWidth, room);
  const rows: Row[] = [...header];
  for (let line = 0; line < room; line++) rows.push(beside(left[line] ?? [], leftWidth, right[line] ?? []));
  return rows;
}
