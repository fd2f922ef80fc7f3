/** `exostation manual [NAME]`: a page of Aegis's manual in the terminal; without a name, what there is. */

import { DIFFERENCES, type ManualPage, manualPages, renderText } from '../abi/index.js';
import { InputError } from '../workstation/index.js';

const MAX_COLUMNS = 100;
const MIN_COLUMNS = 40;

const KINDS: readonly (readonly [kind: ManualPage['kind'], heading: string])[] = [
  ['concept', 'Concepts'],
  ['call', 'Calls'],
  ['upcall', 'Upcalls'],
  ['event', 'Events'],
  ['error', 'Errors'],
  ['structure', 'Structures'],
  ['list', 'And'],
];

export function manualText(name: string | undefined, columns: number): string {
  const pages = manualPages(DIFFERENCES);
  if (name === undefined) return contents(pages, columns);
  const wanted = normal(name);
  const page = pages.find((one) => normal(one.name) === wanted);
  if (page === undefined)
    throw new InputError(`no page '${name}' in the manual; 'exostation manual' lists them`);
  return renderText(page, columns);
}

export function manualCommand(name: string | undefined): number {
  const columns = Math.max(MIN_COLUMNS, Math.min(MAX_COLUMNS, process.stdout.columns ?? MAX_COLUMNS));
  process.stdout.write(manualText(name, columns));
  return 0;
}

function contents(pages: readonly ManualPage[], columns: number): string {
  return renderText(
    {
      name: 'manual',
      kind: 'list',
      title: 'The manual of Aegis: exostation manual NAME',
      paragraphs: KINDS.map(
        ([kind, heading]) =>
          `${heading}: ${pages
            .filter((page) => page.kind === kind)
            .map((page) => page.name)
            .join(' ')}`,
      ),
      lists: [],
      paper: '',
    },
    columns,
  );
}

/** Case, and which of blank, - and _ parts the words, do not matter. */
function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[ _]/g, '-');
}
