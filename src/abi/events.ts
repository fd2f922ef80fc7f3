/**
 * Event kinds: an address in the kernel (an ordinary label) and the registers that hold what happened when it is
 * about to execute. The observer attaches to the symbol; the guest pays nothing.
 */

export type EventRegister = 'a0' | 'a1' | 'a2' | 'a3' | 'k0' | 'k1' | 'v0';

export interface EventDefinition {
  readonly name: string;
  readonly symbol: string;
  readonly arguments: readonly {
    readonly register: EventRegister;
    readonly name: string;
    readonly text: string;
  }[];
  readonly paper: string;
  readonly text: string;
}

const ENVID = { register: 'a0', name: 'envid', text: '' } as const;

const KIND_IN_A2 = { register: 'a2', name: 'kind', text: 'AEGIS_KIND_*' } as const;

/** ExcCodes that Aegis hands on: all but interrupts and system calls, those of the R3000A. */
const FORWARDED_CODES: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12];

export const EVENTS: readonly EventDefinition[] = [
  {
    name: 'environment-created',
    symbol: 'trace_env_create',
    paper: '5.1',
    text: 'An environment was created.',
    arguments: [ENVID, { register: 'a1', name: 'parent', text: 'envid' }],
  },
  {
    name: 'environment-started',
    symbol: 'trace_env_run',
    paper: '5.1',
    text: 'An environment was made ready; label and contexts are set.',
    arguments: [ENVID],
  },
  {
    name: 'environment-destroyed',
    symbol: 'trace_env_destroy',
    paper: '5.1.1',
    text: 'An environment was destroyed.',
    arguments: [
      ENVID,
      { register: 'a1', name: 'reason', text: 'AEGIS_REASON_*' },
      { register: 'a2', name: 'status', text: 'exit status' },
    ],
  },
  {
    name: 'environment-stopped',
    symbol: 'trace_env_stop',
    paper: '3.4',
    text: 'An environment was stopped by one who controls it: it has no upage, and its pages can be taken.',
    arguments: [ENVID, { register: 'a1', name: 'by', text: 'envid' }],
  },
  {
    name: 'environment-switched',
    symbol: 'trace_env_switch',
    paper: '5.1.1',
    text: 'The processor goes to an environment, or to nobody (envid 0). a0 is its slot number, or -1.',
    arguments: [{ register: 'a0', name: 'slot', text: '-1: idle' }],
  },
  {
    name: 'control-transferred',
    symbol: 'trace_transfer',
    paper: '5.4',
    text: 'A protected control transfer; k0 points to the record of the callee.',
    arguments: [{ register: 'k0', name: 'record', text: "kseg0 address of the callee's environment record" }],
  },
  {
    name: 'revocation-asked',
    symbol: 'trace_revoke_ask',
    paper: '3.3',
    text: 'An environment was asked for resources of a kind.',
    arguments: [ENVID, { register: 'a1', name: 'count', text: '' }, KIND_IN_A2],
  },
  {
    name: 'emergency-raised',
    symbol: 'trace_emergency',
    paper: '3.4',
    text: 'An environment was asked for itself, what is guaranteed included: it is to submit itself to a swap server.',
    arguments: [ENVID, { register: 'a1', name: 'server', text: 'envid' }],
  },
  {
    name: 'revocation-answered',
    symbol: 'trace_revoke_answer',
    paper: '3.3',
    text: 'The demand was met; all were given up, or, in an emergency, the environment was stopped.',
    arguments: [ENVID, { ...KIND_IN_A2, register: 'a1' }],
  },
  {
    name: 'revocation-refused',
    symbol: 'trace_revoke_refuse',
    paper: '3.3',
    text: 'The request was refused, or not answered in time.',
    arguments: [
      ENVID,
      { register: 'a1', name: 'count', text: 'still missing' },
      { register: 'a2', name: 'spoken', text: '1: said no; 0: said nothing' },
      { ...KIND_IN_A2, register: 'a3' },
    ],
  },
  {
    name: 'revocation-told',
    symbol: 'trace_revoke_tell',
    paper: '3.4',
    text: 'The imperative, with a deadline.',
    arguments: [
      ENVID,
      { register: 'a1', name: 'count', text: '' },
      { register: 'a2', name: 'deadline', text: 'ticks of 8192 Hz' },
      { ...KIND_IN_A2, register: 'a3' },
    ],
  },
  {
    name: 'repossessed',
    symbol: 'trace_repossess',
    paper: '3.4',
    text: 'The abort protocol took a resource: its bindings are broken and it is listed in the repossession vector.',
    arguments: [ENVID, { register: 'a1', name: 'instance', text: 'its number' }, KIND_IN_A2],
  },
  {
    name: 'asid-revoked',
    symbol: 'trace_asid_revoke',
    paper: '3.3',
    text: 'An addressing context lost its ASID and all that TLB and STLB held for it, unasked and untold; it gets another when it is next installed.',
    arguments: [
      ENVID,
      { register: 'a1', name: 'context', text: '' },
      { register: 'a2', name: 'asid', text: '' },
    ],
  },
  {
    name: 'slice-overrun',
    symbol: 'trace_slice_overrun',
    paper: '5.1.1',
    text: 'A further timer interrupt found the environment still saving: excess time.',
    arguments: [ENVID, { register: 'a1', name: 'excess', text: 'ticks now owed' }],
  },
  {
    name: 'slice-forfeited',
    symbol: 'trace_slice_forfeit',
    paper: '5.1.1',
    text: 'A slice was lost to pay for excess time.',
    arguments: [ENVID, { register: 'a1', name: 'position', text: '' }],
  },
  {
    name: 'fault',
    symbol: 'trace_fault',
    paper: '5.3',
    text: 'An exception that could not be forwarded; the environment is destroyed.',
    arguments: [
      ENVID,
      { register: 'a1', name: 'cause', text: 'Cause register' },
      { register: 'a2', name: 'epc', text: '' },
      { register: 'a3', name: 'address', text: 'BadVAddr' },
    ],
  },
  {
    name: 'filter-installed',
    symbol: 'trace_filter_install',
    paper: '5.5.1',
    text: 'A packet filter was installed; the classifier was compiled anew.',
    arguments: [
      ENVID,
      { register: 'a1', name: 'filter', text: '' },
      { register: 'a2', name: 'atoms', text: 'its conditions' },
      { register: 'a3', name: 'instructions', text: 'of the classifier for all filters' },
    ],
  },
  {
    name: 'filter-refused',
    symbol: 'trace_filter_refuse',
    paper: '5.5.1',
    text: 'A packet filter was refused.',
    arguments: [
      ENVID,
      { register: 'a1', name: 'error', text: 'E_*' },
      { register: 'a2', name: 'filter', text: 'that it overlaps; AEGIS_ANY: none' },
    ],
  },
  {
    name: 'filter-removed',
    symbol: 'trace_filter_remove',
    paper: '5.5.1',
    text: 'A packet filter was removed by its owner, with its owner, or by force.',
    arguments: [
      ENVID,
      { register: 'a1', name: 'filter', text: '' },
      { register: 'a2', name: 'taken', text: '1: taken by the machine owner' },
    ],
  },
  {
    name: 'packet-dropped',
    symbol: 'trace_packet_drop',
    paper: '5.5.1',
    text: 'A packet was claimed by a filter but had no place to go.',
    arguments: [
      ENVID,
      { register: 'a1', name: 'filter', text: '' },
      { register: 'a2', name: 'bytes', text: 'of the packet' },
    ],
  },
  {
    name: 'handler-downloaded',
    symbol: 'trace_ash_download',
    paper: '5.5.2',
    text: 'A handler was inspected and sandboxed.',
    arguments: [
      ENVID,
      { register: 'a1', name: 'ash', text: '' },
      { register: 'a2', name: 'source', text: 'instructions as downloaded' },
      { register: 'a3', name: 'code', text: 'instructions as they run' },
    ],
  },
  {
    name: 'handler-refused',
    symbol: 'trace_ash_refuse',
    paper: '5.5.2',
    text: 'A handler has an instruction that it may not have.',
    arguments: [
      ENVID,
      { register: 'a1', name: 'index', text: 'of the instruction' },
      { register: 'a2', name: 'word', text: 'the instruction' },
    ],
  },
  {
    name: 'handler-aborted',
    symbol: 'trace_ash_abort',
    paper: '5.5.2',
    text: 'A handler used up its budget, or could not be run; its message was treated as if there were none.',
    arguments: [
      ENVID,
      { register: 'a1', name: 'ash', text: '' },
      { register: 'a2', name: 'reason', text: 'AEGIS_ASH_ABORT_*' },
    ],
  },
  {
    name: 'kernel-entered',
    symbol: 'trace_syscall',
    paper: '5.2',
    text: 'A system call; v0 is the number, user registers as the caller left them.',
    arguments: [{ register: 'v0', name: 'call', text: 'number' }],
  },
  {
    name: 'call-refused',
    symbol: 'trace_refuse',
    paper: '3.2',
    text: "A call was refused for protection: one more in refused_count of the caller's record.",
    arguments: [
      { register: 'k0', name: 'record', text: "kseg0 address of the caller's environment record" },
      { register: 'k1', name: 'call', text: 'number' },
      { register: 'v0', name: 'error', text: 'negated E_*' },
    ],
  },
  {
    name: 'stlb-missed',
    symbol: 'trace_stlb_miss',
    paper: '5.3',
    text: 'A TLB miss that the STLB could not serve.',
    arguments: [],
  },
  {
    name: 'control-transferred',
    symbol: 'trace_transfer_async',
    paper: '5.4',
    text: 'An asynchronous one, likewise.',
    arguments: [{ register: 'k0', name: 'record', text: "kseg0 address of the callee's environment record" }],
  },
  ...FORWARDED_CODES.map((code) => ({
    name: 'exception-forwarded',
    symbol: `forward_${code}`,
    paper: '5.3',
    text: `Exception ${code} (ExcCode) is about to be forwarded to the environment's handler; there may be none.`,
    arguments: [],
  })),
  {
    name: 'kernel-panic',
    symbol: 'trace_panic',
    paper: '',
    text: 'Aegis found an invariant broken and halts.',
    arguments: [{ register: 'a0', name: 'message', text: 'kseg0 address of the text' }],
  },
];
