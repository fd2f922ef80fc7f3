/** A page of the manual as data, and its two forms: Markdown beside the kernel, and plain text for a terminal. */

export interface ManualList {
  readonly heading: string;
  /** Term and what it means; '' for a list of terms alone. */
  readonly items: readonly (readonly [term: string, text: string])[];
}

export interface ManualPage {
  /** What it is asked for by: letters, digits, - and _. */
  readonly name: string;
  readonly kind: 'concept' | 'call' | 'upcall' | 'event' | 'error' | 'structure' | 'list';
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly lists: readonly ManualList[];
  /** Section of the paper (SOSP 1995); '' when it is not in it. */
  readonly paper: string;
}

const PAPER = "Engler, Kaashoek, O'Toole, SOSP 1995";

export function paperText(section: string): string {
  if (section === '') return 'not in the paper';
  return `${PAPER}: ${/^\d/.test(section) ? `section ${section}` : section}`;
}

/** Pages that say nothing when they have no section: not everything is a mechanism. */
const WITHOUT_PAPER: readonly ManualPage['kind'][] = ['error', 'structure', 'list'];

/** `level` is that of the title. */
export function renderMarkdown(page: ManualPage, level = 1): string {
  const mark = '#'.repeat(level);
  const parts = [`${mark} ${page.title}`, ...page.paragraphs.map(escaped)];
  for (const { heading, items } of page.lists) {
    if (items.length === 0) continue;
    const rows = items.map(([term, text]) => `- \`${term}\`${text === '' ? '' : `: ${escaped(text)}`}`);
    parts.push(heading === '' ? rows.join('\n') : `**${heading}**\n\n${rows.join('\n')}`);
  }
  if (page.paper !== '' || !WITHOUT_PAPER.includes(page.kind)) parts.push(`*${paperText(page.paper)}.*`);
  return parts.join('\n\n');
}

/** Outside of backquotes, what Markdown would take for emphasis or a tag. */
function escaped(text: string): string {
  return text
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? part : part.replaceAll('*', '\\*').replaceAll(/<(?=[A-Za-z/])/g, '&lt;'),
    )
    .join('`');
}

/** Lines of at most `width` columns, backquotes left out. */
export function renderText(page: ManualPage, width: number): string {
  const lines: string[] = [page.title];
  for (const paragraph of page.paragraphs) {
    lines.push('');
    for (const line of paragraph.split('\n'))
      lines.push(...wrap(plain(line), width, /^- /.test(line) ? '  ' : ''));
  }
  for (const { heading, items } of page.lists) {
    if (items.length === 0) continue;
    lines.push('');
    if (heading !== '') lines.push(heading);
    const column = Math.min(24, Math.max(...items.map(([term]) => term.length)) + 2);
    for (const [term, text] of items) {
      const indent = ' '.repeat(column + 2);
      if (text === '' || term.length >= column) lines.push(`  ${term}`);
      if (text === '') continue;
      const [first = '', ...rest] = wrap(plain(text), width - column - 2, '');
      lines.push(`${term.length >= column ? indent : `  ${term.padEnd(column)}`}${first}`);
      lines.push(...rest.map((line) => indent + line));
    }
  }
  if (page.paper !== '' || !WITHOUT_PAPER.includes(page.kind))
    lines.push('', ...wrap(`${paperText(page.paper)}.`, width, ''));
  return `${lines.join('\n')}\n`;
}

function plain(text: string): string {
  return text.replaceAll('`', '');
}

function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
