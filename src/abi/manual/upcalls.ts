/**
 * Where Aegis enters an environment of its own accord: the handlers that it names with `env_set`, and the pending bits
 * that it finds in its upage then. The register conventions are those of `vectors.S`, `transfer.S` and `entry.S`.
 */

export interface UpcallDefinition {
  readonly name: string;
  /** How the environment asks for it. */
  readonly setBy: string;
  /** When it comes. */
  readonly text: string;
  /** What the handler finds. */
  readonly arguments: readonly (readonly [place: string, text: string])[];
  readonly endsBy: string;
  readonly concept: string;
  readonly paper: string;
}

const FRAME: readonly (readonly [string, string])[] = [
  ['upage.frame_depth', 'which of the two interrupt frames is current'],
  ['upage.frames', '16 bytes each: the PC, k1 and v0 of what was interrupted'],
  ['upage.pending', 'AEGIS_PENDING_*: what has happened meanwhile'],
];

export const UPCALLS: readonly UpcallDefinition[] = [
  {
    name: 'start-of-slice',
    setBy: 'env_set AEGIS_FIELD_SLICE_START',
    text: 'A slice begins: the handler loads what it saved, looks at pending, and resumes. A tick in it starts it over.',
    arguments: [...FRAME, ['registers', 'all zero']],
    endsBy: 'resume',
    concept: 'time-slice',
    paper: '5.1.1',
  },
  {
    name: 'end-of-slice',
    setBy: 'env_set AEGIS_FIELD_SLICE_END',
    text: 'The slice is over: the handler saves what it needs and yields. Further ticks before it does are excess time.',
    arguments: [...FRAME, ['registers', "the interrupted code's, all but k1"]],
    endsBy: 'yield, or wait',
    concept: 'time-slice',
    paper: '5.1.1',
  },
  {
    name: 'repossession',
    setBy: 'env_set AEGIS_FIELD_REPOSSESSION; without one start-of-slice is entered',
    text: 'The abort protocol has taken something: entered in place of start-of-slice, so that mappings can be repaired.',
    arguments: [
      ...FRAME,
      ['upage.repossessed_count', 'resources taken so far'],
      ['upage.repossessed', 'entry n % 512 names the nth: AEGIS_KIND_* << 24 | number'],
      ['registers', 'all zero'],
    ],
    endsBy: 'resume',
    concept: 'revocation',
    paper: '3.4',
  },
  {
    name: 'emergency',
    setBy: 'start-of-slice: AEGIS_PENDING_EMERGENCY is among the pending bits',
    text: 'The environment is asked for itself, its guaranteed pages included. It mints a capability of control of itself, hands it to the swap server by a protected control transfer, and waits to be stopped. Everything that it must keep is in its own memory by then.',
    arguments: [
      ...FRAME,
      ['upage.revoke_server', 'envid of the swap server that the machine owner names'],
      ['registers', 'all zero'],
    ],
    endsBy: 'wait, in guaranteed code',
    concept: 'revocation',
    paper: '3.4',
  },
  {
    name: 'synchronous-entry',
    setBy: 'env_set AEGIS_FIELD_SCALL',
    text: 'Somebody transferred control here by scall, and this slice with its future instantiations. The answer to an own scall arrives here too.',
    arguments: [
      ['registers', "the caller's, every one: the register file is the message"],
      [
        'aegis_env.caller',
        'envid of who it was, in the own exported record; 0: nobody, who was awaited is gone',
      ],
      ['v0', '-E_ENVIRONMENT when caller is 0, every other register zero'],
    ],
    endsBy: 'scall to the caller',
    concept: 'protected-control-transfer',
    paper: '5.4',
  },
  {
    name: 'asynchronous-entry',
    setBy: 'env_set AEGIS_FIELD_ACALL',
    text: 'Somebody transferred control here by acall, with what is left of its slice.',
    arguments: [
      ['registers', "the caller's, every one"],
      ['aegis_env.caller', 'envid of who it was'],
    ],
    endsBy: 'yield, or the end of the slice; resume, to go back to what the transfer found',
    concept: 'protected-control-transfer',
    paper: '5.4',
  },
  {
    name: 'exception-handler',
    setBy: 'env_set AEGIS_FIELD_EXCEPTION + ExcCode (1 to 7, 9 to 12, 15), with a save area in the upage',
    text: 'The environment raised an exception that is neither an interrupt nor a system call: a TLB miss that neither STLB nor guaranteed mappings serve, an unaligned access, overflow and the like; 15 stands for what the R3010 reports by its interrupt. It goes on without the kernel.',
    arguments: [
      ['t0', 'EPC'],
      ['t1', 'BadVAddr; of 15 FCR31'],
      ['t2', 'Cause'],
      ['save area', "12 bytes: the interrupted code's t0, t1, t2"],
      ['k1', 'lost'],
      ['other registers', "the interrupted code's"],
    ],
    endsBy: 'a jump to EPC; no call is needed',
    concept: 'exception-forwarding',
    paper: '5.3',
  },
];
