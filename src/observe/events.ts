/**
 * From what a trace point saw (registers at an address in Aegis, named in `abi`) to an event for people: one line of text
 * and named details. Pure; the observer supplies who the environments are.
 */

import { AEGIS_CALLS, AEGIS_ERRORS, DESTROY_REASON } from '../abi/index.js';
import type { EventKind, EventView } from './types.js';

/** Who an environment was when the event happened. */
export interface Party {
  readonly slot: number;
  readonly environmentId: number;
  readonly name: string;
  readonly libraryOs: string;
}

/** Registers of a trace point by the names that `abi` gives them. */
export type EventArguments = Readonly<Record<string, number>>;

const EXCEPTION_NAMES: readonly string[] =
  'Int Mod TLBL TLBS AdEL AdES IBE DBE Sys Bp RI CpU Ov - - FPE'.split(' ');
const EXCEPTION_TEXTS: Readonly<Record<string, string>> = {
  Int: 'interrupt',
  Mod: 'write to a read-only page',
  TLBL: 'load from an unmapped page',
  TLBS: 'store to an unmapped page',
  AdEL: 'load from a bad address',
  AdES: 'store to a bad address',
  IBE: 'bus error on a fetch',
  DBE: 'bus error on a load',
  Sys: 'system call',
  Bp: 'breakpoint',
  RI: 'reserved instruction',
  CpU: 'coprocessor unusable',
  Ov: 'arithmetic overflow',
  FPE: 'floating-point exception',
};
const PAGE_KIND = 1;
const ENVIRONMENT_KIND = 4;
const RESOURCE_NAMES: Readonly<Record<number, string>> = {
  [PAGE_KIND]: 'page',
  2: 'terminal line',
  3: 'disk extent',
  [ENVIRONMENT_KIND]: 'environment',
  6: 'packet filter',
  7: 'time slice',
  8: 'tile',
  9: 'colour',
};
/** The deadline is given in ticks of the clock chip's fastest rate. */
const FAST_TICK_MICROSECONDS = 1_000_000 / 8192;

const ABORT_TEXTS: Readonly<Record<number, string>> = {
  1: 'its budget was used up',
  2: 'its page was taken',
  3: 'it ran past its end',
  4: 'it had used up its share of the time until the next tick',
};
const NOTHING = 0xffff_ffff;

/** Statuses that no program can exit with: library OSes tell by them why they ended it (libos/common/start-page.h). */
const STATUS_LIBRARY_OS = 256;
const STATUS_FAULT = 512;

/** Text and details of an event; kinds as in `EventKind`. */
export function describeEvent(
  kind: EventKind,
  who: Party,
  args: EventArguments,
): Pick<EventView, 'text' | 'details'> {
  const subject = partyText(who);
  const of = (name: string): number => args[name] ?? 0;
  const identity = { label: 'environment', value: hex(who.environmentId) };
  const result = (
    text: string,
    ...details: { label: string; value: string }[]
  ): Pick<EventView, 'text' | 'details'> => ({
    text,
    details: who.environmentId === 0 ? details : [identity, ...details],
  });
  switch (kind) {
    case 'environment-created':
      return result(`${subject} created`, { label: 'created by', value: hex(of('parent')) });
    case 'environment-stopped':
      return result(`${subject} stopped, its pages can be taken`, {
        label: 'stopped by',
        value: hex(of('by')),
      });
    case 'environment-destroyed':
      return result(`${subject} ${destroyText(of('reason'), of('status'))}`, {
        label: 'reason',
        value: reasonName(of('reason')),
      });
    case 'revocation-asked':
      return result(`${subject} asked for ${amount(of('count'), of('kind'))}`, {
        label: resourceName(of('kind'), 2),
        value: `${of('count')}`,
      });
    case 'revocation-answered':
      return of('kind') === ENVIRONMENT_KIND
        ? result(`${subject} submitted itself`)
        : result(`${subject} gave back all ${resourceName(of('kind'), 2)} asked for`);
    case 'revocation-refused': {
      const how = of('spoken') === 1 ? 'refused' : 'did not answer';
      return result(`${subject} ${how}: ${amount(of('count'), of('kind'))} missing`, {
        label: `${resourceName(of('kind'), 2)} missing`,
        value: `${of('count')}`,
      });
    }
    case 'revocation-told': {
      const microseconds = Math.round(of('deadline') * FAST_TICK_MICROSECONDS);
      return result(
        `${subject} told to give ${amount(of('count'), of('kind'))} within ${microseconds} us`,
        { label: resourceName(of('kind'), 2), value: `${of('count')}` },
        { label: 'deadline', value: `${microseconds} us of its own time` },
      );
    }
    case 'emergency-raised':
      return result(`${subject} told to submit itself to a swap server`, {
        label: 'swap server',
        value: hex(of('server')),
      });
    case 'repossessed':
      return result(`${resourceName(of('kind'), 1)} ${of('instance')} repossessed from ${subject}`, {
        label: resourceName(of('kind'), 1),
        value:
          of('kind') === PAGE_KIND
            ? `${of('instance')} (${hex(of('instance') * 4096)})`
            : `${of('instance')}`,
      });
    case 'call-refused': {
      const why = errorName(-(of('error') | 0));
      return result(
        `${subject} was refused ${callName(of('call'))}: ${why.text}`,
        { label: 'error', value: why.name },
        { label: 'calls refused', value: `${of('total')} so far` },
      );
    }
    case 'asid-revoked':
      return result(
        `${subject} lost ASID ${of('asid')}, untold`,
        { label: 'addressing context', value: `${of('context')}` },
        { label: 'ASID', value: `${of('asid')}` },
      );
    case 'slice-overrun':
      return result(`${subject} over-ran its slice, owes ${of('excess')}`, {
        label: 'excess ticks owed',
        value: `${of('excess')}`,
      });
    case 'slice-forfeited':
      return result(`${subject} forfeited slice ${of('position')}`, {
        label: 'position in the slice vector',
        value: `${of('position')}`,
      });
    case 'filter-installed':
      return result(
        `${subject} installed packet filter ${of('filter')}`,
        { label: 'conditions', value: `${of('atoms')}` },
        { label: 'classifier for all filters', value: `${of('instructions')} instructions` },
      );
    case 'filter-refused': {
      const why = errorName(of('error'));
      return result(
        `${subject} was refused a packet filter: ${why.text}`,
        { label: 'error', value: why.name },
        ...(of('filter') >>> 0 === NOTHING
          ? []
          : [{ label: 'filter it overlaps', value: `${of('filter')}` }]),
      );
    }
    case 'filter-removed':
      return result(
        of('taken') === 1
          ? `packet filter ${of('filter')} taken from ${subject}`
          : `${subject} gave up packet filter ${of('filter')}`,
      );
    case 'packet-dropped':
      return result(`packet for filter ${of('filter')} of ${subject} dropped: no place in its ring`, {
        label: 'bytes',
        value: `${of('bytes')}`,
      });
    case 'handler-downloaded':
      return result(
        `${subject} downloaded handler ${of('ash')}`,
        { label: 'instructions handed over', value: `${of('source')}` },
        { label: 'instructions with their checks', value: `${of('code')}` },
      );
    case 'handler-refused':
      return result(`${subject} was refused a handler: instruction ${of('index')} may not be in one`, {
        label: 'instruction',
        value: hex(of('word')),
      });
    case 'handler-aborted':
      return result(
        `handler ${of('ash')} of ${subject} aborted: ${ABORT_TEXTS[of('reason')] ?? 'for some reason'}`,
      );
    case 'fault': {
      const cause = exceptionName(of('cause'));
      return result(
        `${subject}: ${EXCEPTION_TEXTS[cause] ?? cause} at ${hex(of('epc'))} could not be forwarded`,
        { label: 'exception', value: cause },
        { label: 'EPC', value: hex(of('epc')) },
        { label: 'BadVAddr', value: hex(of('address')) },
      );
    }
    case 'kernel-panic':
      return result('Aegis found an invariant broken and halts');
    case 'halt':
      return result('the machine halted: the firmware sits in its halted loop');
  }
}

/** 'matmul on exos', or the environment's number when it has no name yet. */
export function partyText(who: Party): string {
  if (who.environmentId === 0) return 'nobody';
  if (who.name === '') return `environment ${who.slot}`;
  return who.libraryOs === '' ? who.name : `${who.name} on ${who.libraryOs}`;
}

function callName(number: number): string {
  return AEGIS_CALLS.find((call) => call.number === number)?.name ?? `call ${number}`;
}

function errorName(code: number): { readonly name: string; readonly text: string } {
  return (
    AEGIS_ERRORS.find((error) => error.code === code) ?? { name: `error ${code}`, text: `error ${code}` }
  );
}

function destroyText(reason: number, status: number): string {
  switch (reason) {
    case DESTROY_REASON.EXIT:
      if (status >= STATUS_FAULT) return 'ended: fault';
      return status >= STATUS_LIBRARY_OS ? 'ended: its library OS gave up' : `exited with status ${status}`;
    case DESTROY_REASON.EXCESS_TIME:
      return 'destroyed: too much excess time';
    case DESTROY_REASON.FAULT:
      return 'destroyed: a fault that nobody handles';
    case DESTROY_REASON.KILLED:
      return 'destroyed on request';
    case DESTROY_REASON.REVOKED:
      return 'destroyed: it did not submit itself in an emergency';
    default:
      return 'destroyed';
  }
}

function reasonName(reason: number): string {
  const found = Object.entries(DESTROY_REASON).find(([, value]) => value === reason);
  return found === undefined ? String(reason) : found[0].toLowerCase().replaceAll('_', ' ');
}

function exceptionName(cause: number): string {
  const code = (cause >>> 2) & 31;
  return EXCEPTION_NAMES[code] ?? `exception ${code}`;
}

function amount(count: number, kind: number): string {
  return `${count} ${resourceName(kind, count)}`;
}

/** Name of a kind of resource (AEGIS_KIND_*), in the number of `count`. */
function resourceName(kind: number, count: number): string {
  return `${RESOURCE_NAMES[kind] ?? 'resource'}${count === 1 ? '' : 's'}`;
}

function hex(value: number): string {
  const digits = (value >>> 0).toString(16).padStart(8, '0');
  return `0x${digits.slice(0, 4)}_${digits.slice(4)}`;
}
