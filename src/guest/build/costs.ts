/**
 * What Aegis costs, read off the built kernel's symbols: bytes of its code, and instructions of the hot paths that run
 * straight through, so that the distance between two symbols is what is executed (the kernel's own tests count that they
 * are). `src/guest/aegis/costs.json` keeps the figures; the build says when they change, a test fails, and
 * `node dist/guest/build/main.js costs` accepts them.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import type { SymbolAddresses } from './symbols.js';

export interface KernelCosts {
  /** Bytes of the text section. */
  readonly codeBytes: number;
  /** By path. */
  readonly instructions: Readonly<Record<string, number>>;
}

const TO_CALL: readonly string[] = ['general_vector', 'general_vector_end', 'syscall_entry', 'demultiplex'];
const BY_NUMBER: readonly string[] = [...TO_CALL, 'demultiplex', 'bad_call'];

/** Each path: symbols in pairs, from the first of a pair up to the second. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  'null system call, without stack': [...BY_NUMBER, 'call_null', 'call_env_self'],
  'system call with stack, besides its function': [...BY_NUMBER, 'stack_call', 'secret_call'],
  CIDswitch: [...BY_NUMBER, 'call_cid_switch', 'cid_switch_end'],
  'exception dispatch': ['general_vector', 'general_vector_end', 'forward_12', 'forward_end'],
  'refill from the STLB': ['utlb_vector', 'utlb_hit_end'],
  'synchronous transfer': [...TO_CALL, 'call_scall', 'scall_refuse'],
};

/** Throws when a symbol is not there. */
export function kernelCosts(symbols: SymbolAddresses): KernelCosts {
  const distance = (from: string, to: string): number => {
    const [start, end] = [symbols[from], symbols[to]];
    if (start === undefined || end === undefined)
      throw new Error(`the kernel has no symbol ${start === undefined ? from : to}`);
    return Number.parseInt(end, 16) - Number.parseInt(start, 16);
  };
  const instructions = Object.entries(PATHS).map(([name, path]) => {
    let bytes = 0;
    for (let i = 0; i < path.length; i += 2) bytes += distance(path[i] as string, path[i + 1] as string);
    return [name, bytes / 4] as const;
  });
  return {
    codeBytes: distance('__image_start', '__text_end'),
    instructions: Object.fromEntries(instructions),
  };
}

export function readCosts(file: string): KernelCosts {
  return JSON.parse(readFileSync(file, 'utf8')) as KernelCosts;
}

export function writeCosts(file: string, costs: KernelCosts): void {
  writeFileSync(file, `${JSON.stringify(costs, undefined, 2)}\n`);
}

/** One line a figure; those that differ from what is kept say so. */
export function costLines(costs: KernelCosts, kept: KernelCosts): string[] {
  const line = (name: string, value: number, before: number | undefined, unit: string): string =>
    `  ${name}: ${value} ${unit}${value === before ? '' : `, was ${before ?? 'not kept'}: 'node dist/guest/build/main.js costs' accepts it`}`;
  return [
    line('aegis code', costs.codeBytes, kept.codeBytes, 'bytes'),
    ...Object.entries(costs.instructions).map(([name, count]) =>
      line(name, count, kept.instructions[name], 'instructions'),
    ),
  ];
}
