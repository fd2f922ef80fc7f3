/**
 * What Aegis's hot paths cost on the 5000/125, warm, with the loop's own instruction: medians that the kernel's own tests
 * take from the running machine and compare with these. Instruction counts are also those of `src/guest/aegis/costs.json`.
 */

export interface MeasuredCost {
  /** As the kernel's tests name the path. */
  readonly path: string;
  /** The page of the manual that it belongs to: a call or a concept. */
  readonly page: string;
  readonly instructions: number;
  /** Of 40 ns. */
  readonly cycles: number;
  /** The paper's figure for the same machine; '' when it has none. */
  readonly paper: string;
}

export const MEASURED_COSTS: readonly MeasuredCost[] = [
  { path: 'null call', page: 'null', instructions: 21, cycles: 25, paper: '40 cycles' },
  { path: 'null call with stack', page: 'null_stack', instructions: 34, cycles: 38, paper: '57 cycles' },
  { path: 'tlb_write', page: 'tlb_write', instructions: 66, cycles: 70, paper: '' },
  { path: 'cid_switch', page: 'cid_switch', instructions: 40, cycles: 44, paper: '' },
  {
    path: 'exception dispatch',
    page: 'exception-forwarding',
    instructions: 18,
    cycles: 22,
    paper: '18 instructions, 38 cycles',
  },
  { path: 'refill from the STLB', page: 'stlb', instructions: 18, cycles: 22, paper: '18 instructions' },
  { path: 'transfer out', page: 'scall', instructions: 26, cycles: 30, paper: '30 instructions, 35 cycles' },
  { path: 'transfer back', page: 'scall', instructions: 26, cycles: 30, paper: '30 instructions, 35 cycles' },
];

/** Instructions of a call written in C besides its function, from the exception vector back to the caller. */
export const STACK_CALL_INSTRUCTIONS = 32;
