/**
 * Enter on a line of the ownership table: everything the tables hold for one environment, each number with what it is.
 * This is also where the table's column names are explained.
 */

import type { EnvironmentView } from '../../observe/index.js';
import { grouped, hex } from '../format.js';
import { EMPTY_ROW, padEnd, padStart, printable, type Row, row, span, wrapText } from '../rows.js';
import { libraryOsColour, slotLetter } from '../theme.js';
import { TextOverlay } from './text-overlay.js';

const LABEL_WIDTH = 9;
const NUMBER_WIDTH = 14;

const CHECK_TEXT =
  "'check' below the table: at each sample, each page has one owner or is on the free list, and all that TLB, STLB and DMA " +
  'can reach belongs to who may use it.';

function heading(text: string): Row {
  return row(span(text, { bold: true, underline: true }));
}

function fact(label: string, value: number | string, meaning: string): Row {
  const text = typeof value === 'number' ? grouped(value) : value;
  return row(
    span(padEnd(label, LABEL_WIDTH), { color: 'cyan' }),
    span(padStart(text, NUMBER_WIDTH), { bold: true }),
    span(`  ${meaning}`, { dim: true }),
  );
}

function rowsOf(environment: EnvironmentView, width: number): readonly Row[] {
  const { cycles } = environment;
  const libraryOs = environment.libraryOs === '' ? 'none' : environment.libraryOs;
  const staticNote = libraryOs === 'static' ? ' (linked in)' : '';
  return [
    row(
      `Slot ${environment.slot} (letter ${slotLetter(environment.slot)}), environment ${hex(environment.environmentId)}, library OS `,
      span(libraryOs, { color: libraryOsColour(environment.libraryOs), bold: true }),
      staticNote,
    ),
    EMPTY_ROW,
    heading('What it owns'),
    fact('pages', environment.pageCount, 'physical pages'),
    fact('bound', environment.boundPageCount, 'pages of others that it may read or write'),
    fact('slices', environment.sliceCount, 'of the 64 positions in the vector of time slices'),
    fact('TLB', environment.tlbEntryCount, 'entries in the hardware TLB, of 64'),
    fact('STLB', environment.stlbEntryCount, "entries in Aegis's software TLB, of 4,096"),
    fact('ext', environment.extentCount, 'disk extents'),
    fact('tiles', environment.tileCount, 'of the screen, four lines each'),
    fact('colours', environment.colourCount, 'entries of the colour map, of 256'),
    fact(
      'filter',
      environment.filterCount,
      `packet filters: ${environment.packetCount} packets, ${environment.droppedPacketCount} lost`,
    ),
    fact(
      'ASH',
      environment.handlerCount,
      `handlers in Aegis, ${environment.abortedHandlerCount} runs cut off`,
    ),
    fact('lines', environment.lines.length === 0 ? '-' : environment.lines.join(' '), 'terminal lines'),
    EMPTY_ROW,
    heading('What it has cost, in cycles'),
    fact('user', cycles.userCycles, 'its program and its library OS'),
    fact('kernel', cycles.kernelCycles - cycles.refillCycles, 'in Aegis on its behalf'),
    fact('refill', cycles.refillCycles, 'in Aegis, for TLB misses'),
    fact('misses', cycles.tlbMisses, 'TLB misses'),
    EMPTY_ROW,
    heading('What Aegis has asked for and taken'),
    fact('asked', environment.demandedPageCount, 'pages that an open demand still asks for'),
    fact('taken', environment.repossessedCount, 'pages repossessed, in its repossession vector'),
    fact('excess', environment.excessTicks, 'timer interrupts taken after the end of its slice'),
    fact('forfeit', environment.forfeitedSlices, 'slices lost for that'),
    fact('refused', environment.refusedCount, 'of its calls refused for protection'),
    EMPTY_ROW,
    ...wrapText(CHECK_TEXT, width).map((line) => row(span(line, { dim: true }))),
  ];
}

export function environmentOverlay(
  environment: EnvironmentView,
  newest: () => EnvironmentView | undefined,
): TextOverlay {
  return new TextOverlay({
    title: printable(environment.name === '' ? 'Environment' : environment.name),
    width: 76,
    // The numbers go on while the overlay is open.
    content: (width) => rowsOf(newest() ?? environment, width),
  });
}
