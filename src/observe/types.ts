/**
 * View data: what the observer hands to whoever shows it. Plain readonly objects made from bytes that the machine held
 * at one cycle; nothing here is live, and nothing here can change the guest. Environments are named by slot (0..31),
 * because slots are what masks and vectors in the guest hold; `environmentId` also carries the generation.
 */

/** Slot numbers that are not environments, in page owners and slice owners. */
export const NO_OWNER = -1;
export const KERNEL_OWNER = -2;

/** Cycles and counts that the machine charged to one environment (or to nobody: boot and idle). */
export interface CycleAccountView {
  readonly userCycles: number;
  readonly kernelCycles: number;
  /** Kernel cycles of entries through the UTLB refill vector; not part of `kernelCycles`. */
  readonly refillCycles: number;
  readonly instructions: number;
  readonly icacheMisses: number;
  readonly dcacheMisses: number;
  readonly tlbMisses: number;
  readonly exceptions: number;
}

export type EnvironmentState = 'running' | 'ready' | 'waiting' | 'dying';

/** One environment, as Aegis's exported records and the machine's counters show it. */
export interface EnvironmentView {
  readonly slot: number;
  readonly environmentId: number;
  /** Slot of the environment that created it, NO_OWNER for the first. */
  readonly parentSlot: number;
  /** Program name, as it was started; '' when not known. */
  readonly name: string;
  /** Library OS under the program: 'exos', 'exos-ipt', 'static', or '' when not known. */
  readonly libraryOs: string;
  readonly state: EnvironmentState;
  readonly asid: number;
  /** Physical pages it owns. */
  readonly pageCount: number;
  /** Physical pages of others that it may read or write (bindings it holds as a grantee). */
  readonly boundPageCount: number;
  /** Positions of the slice vector that it owns. */
  readonly sliceCount: number;
  /** Further timer interrupts it took while still saving (paper 1.6: excess time). */
  readonly excessTicks: number;
  readonly forfeitedSlices: number;
  /** Calls of it that were refused for protection. */
  readonly refusedCount: number;
  readonly tlbEntryCount: number;
  readonly stlbEntryCount: number;
  readonly extentCount: number;
  /** Tiles of the frame buffer that it owns. */
  readonly tileCount: number;
  /** Entries of the colour map that it owns. */
  readonly colourCount: number;
  /** Packet filters that it owns, packets that they have claimed, and how many of these were lost. */
  readonly filterCount: number;
  readonly packetCount: number;
  readonly droppedPacketCount: number;
  /** Handlers of its own in the kernel, and how many runs of them were cut off. */
  readonly handlerCount: number;
  readonly abortedHandlerCount: number;
  /** Terminal lines bound to it. */
  readonly lines: readonly number[];
  /** Pages the kernel has taken and listed in its repossession vector. */
  readonly repossessedCount: number;
  /** Pages that an open demand still asks for; 0 without one. */
  readonly demandedPageCount: number;
  readonly cycles: CycleAccountView;
}

/** A TLB or STLB entry that maps a page, decoded. */
export interface TranslationView {
  readonly index: number;
  readonly virtualPage: number;
  readonly asid: number;
  readonly physicalPage: number;
  readonly isValid: boolean;
  readonly isWritable: boolean;
  readonly isGlobal: boolean;
  readonly isUncached: boolean;
}

export interface OwnershipProblem {
  readonly check: 'owner-and-free-list' | 'tlb' | 'stlb' | 'dma' | 'records';
  readonly text: string;
}

/** The three-way ownership check at one sample; `problems` empty means that all three agree. */
export interface OwnershipCheck {
  readonly cycle: number;
  readonly pagesChecked: number;
  readonly freePages: number;
  readonly tlbBindings: number;
  readonly stlbBindings: number;
  readonly dmaBindings: number;
  readonly problems: readonly OwnershipProblem[];
}

/** Who owned what at `cycle`. */
export interface LedgerView {
  readonly cycle: number;
  /** Environment that ran at the sample, NO_OWNER when idle or before Aegis. */
  readonly currentSlot: number;
  /** Live environments in slot order. */
  readonly environments: readonly EnvironmentView[];
  /** Owner slot of every physical page, index = page number; NO_OWNER free, KERNEL_OWNER Aegis, firmware and ROM data. */
  readonly pageOwners: Int8Array;
  readonly freePageCount: number;
  /** Owner slot of each position of the slice vector (64). */
  readonly slices: readonly number[];
  readonly currentSlice: number;
  readonly ownership: OwnershipCheck;
}

/** Event kinds; explanations in `explanations.ts` name the paper's section for each. */
export type EventKind =
  | 'environment-created'
  | 'environment-stopped'
  | 'environment-destroyed'
  | 'revocation-asked'
  | 'revocation-answered'
  | 'revocation-refused'
  | 'revocation-told'
  | 'emergency-raised'
  | 'repossessed'
  | 'call-refused'
  | 'asid-revoked'
  | 'slice-overrun'
  | 'slice-forfeited'
  | 'filter-installed'
  | 'filter-refused'
  | 'filter-removed'
  | 'packet-dropped'
  | 'handler-downloaded'
  | 'handler-refused'
  | 'handler-aborted'
  | 'fault'
  | 'kernel-panic'
  | 'halt';

/** One thing that happened, at one cycle. `text` is one line; `details` are named numbers in display order. */
export interface EventView {
  /** Counts up from 0; names the event in commands. */
  readonly sequence: number;
  readonly cycle: number;
  readonly kind: EventKind;
  /** Slot concerned, NO_OWNER when none. */
  readonly slot: number;
  readonly environmentId: number;
  /** Program and library OS of the environment at that time, '' when not known. */
  readonly name: string;
  readonly libraryOs: string;
  readonly text: string;
  readonly details: readonly { readonly label: string; readonly value: string }[];
}

/** Why an event kind exists, for Enter on an event. */
export interface Explanation {
  readonly title: string;
  /** Two to five sentences. */
  readonly body: string;
  /** E.g. 'SOSP 1995, section 3.3: visible revocation'. */
  readonly paper: string;
}

export interface NamedCount {
  readonly name: string;
  readonly count: number;
}

/** Machine-wide counters; per-environment ones are in `EnvironmentView.cycles`. */
export interface CountersView {
  readonly cycle: number;
  readonly hertz: number;
  readonly instructions: { readonly attempted: number; readonly prom: number; readonly program: number };
  readonly icacheMisses: number;
  readonly dcacheMisses: number;
  readonly tlbRefills: number;
  /** By cause, in the order of the MIPS ExcCode. */
  readonly exceptions: readonly NamedCount[];
  /** By call name, most frequent first. */
  readonly systemCalls: readonly NamedCount[];
  /** Cycles charged to nobody: boot and idle. */
  readonly unaccounted: CycleAccountView;
}

export interface DisassemblyLine {
  readonly address: number;
  /** undefined when the address cannot be read. */
  readonly word: number | undefined;
  /** 'mnemonic\toperands' in objdump's syntax, '' when unreadable. */
  readonly text: string;
  /** Symbol that starts here, '' when none. */
  readonly symbol: string;
  readonly isCurrent: boolean;
  readonly isDelaySlot: boolean;
}

/** The machine stopped (or sampled) at one instruction. */
export interface InspectorView {
  readonly cycle: number;
  readonly pc: number;
  /** 'symbol+0x10', '' when none. */
  readonly pcSymbol: string;
  readonly isDelaySlot: boolean;
  /** Who owns the PC: 'PROM', 'Aegis', a library OS name, 'program' or ''. */
  readonly pcOwner: string;
  readonly currentSlot: number;
  readonly registers: readonly number[];
  readonly hi: number;
  readonly lo: number;
  readonly cp0: Readonly<Record<string, number>>;
  readonly tlb: readonly TranslationView[];
  readonly disassembly: readonly DisassemblyLine[];
}
