/**
 * Numbers for people: grouped, shortened to a column's width, hexadecimal in groups of four.
 */

/** 12345678 -> '12,345,678'. */
export function grouped(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

const UNITS = ['', 'k', 'M', 'G', 'T', 'P'] as const;

/** As exact as `width` cells allow: '12,345', '12345k', '1.23M'. */
export function shortened(count: number, width = 7): string {
  const full = grouped(count);
  if (full.length <= width) return full;
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = Math.max(0, width - 1 - Math.floor(value).toString().length - 1);
  return `${value.toFixed(Math.min(digits, 3))}${UNITS[unit]}`;
}

/** 0x80000400 -> '8000_0400'. */
export function hexDigits(word: number): string {
  const digits = (word >>> 0).toString(16).padStart(8, '0');
  return `${digits.slice(0, 4)}_${digits.slice(4)}`;
}

export function hex(word: number): string {
  return `0x${hexDigits(word)}`;
}

/** Cycles as machine time: '4.935 s', '812 us'. */
export function duration(cycles: number, hertz: number): string {
  const seconds = cycles / hertz;
  if (seconds >= 1) return `${seconds.toFixed(3)} s`;
  if (seconds >= 0.001) return `${(seconds * 1000).toFixed(3)} ms`;
  return `${Math.round(seconds * 1e6)} us`;
}

/** A clock rate in MHz, with the digits that it has: '25', '16.67'. */
export function megahertz(hertz: number): string {
  return String(Math.round(hertz / 1e4) / 100);
}

export function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

export function percentage(share: number): string {
  return `${Math.round(Math.max(0, Math.min(1, share)) * 100)}%`;
}
