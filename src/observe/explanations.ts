/** What each kind of event means, why an exokernel has it, and where the paper (SOSP 1995) says so. */

import type { EventKind, Explanation } from './types.js';

const PAPER = "Engler, Kaashoek, O'Toole, SOSP 1995, section";

const EXPLANATIONS: Readonly<Record<EventKind, Explanation>> = {
  'environment-created': {
    title: 'Environment created',
    body:
      'An environment holds what Aegis needs to deliver events to a program: where to go for exceptions, time ' +
      'slices, protected control transfers and address translation. All resources are charged to one. It is not a ' +
      'process: what a process is, is up to the library OS inside.',
    paper: `${PAPER} 5.1.2: processor environments`,
  },
  'environment-stopped': {
    title: 'Environment stopped',
    body:
      'Somebody who controls it, a swap server, has stopped it: Aegis refers to none of its pages any more, and they ' +
      'can be taken, those of its guaranteed mappings included. It keeps its slices, lines and extents, and goes on ' +
      'when it has been given pages of the same content and is started.',
    paper: `${PAPER} 3.4: the abort protocol`,
  },
  'environment-destroyed': {
    title: 'Environment destroyed',
    body:
      'Its pages, disk extents and terminal lines are free again, every binding to them is broken, and its time ' +
      'slices go back to its parent. It ended by itself, was killed by who controls it, or owed too much excess time.',
    paper: `${PAPER} 5.1.1 and 5.1.2`,
  },
  'revocation-asked': {
    title: 'Visible revocation: asked',
    body:
      "Aegis wants pages back and says so, instead of taking some behind the owner's back. The library OS knows " +
      'which of its pages it can best do without; it has a few time slices to choose and give them up.',
    paper: `${PAPER} 3.3: visible resource revocation`,
  },
  'revocation-answered': {
    title: 'Visible revocation: answered',
    body:
      'The environment gave up as many pages as were asked for, of its own choice. Nothing had to be taken. This ' +
      'dialogue is what a library OS that manages its memory well looks like from the kernel.',
    paper: `${PAPER} 3.3: visible resource revocation`,
  },
  'revocation-refused': {
    title: 'Visible revocation: refused',
    body:
      'The environment said no, or let the time for an answer pass. A request may be refused: the environment then ' +
      'gets the imperative, with a deadline.',
    paper: `${PAPER} 3.3 and 3.4`,
  },
  'revocation-told': {
    title: 'The imperative',
    body:
      'Second stage: give the pages back within the deadline. The deadline runs only while the owner runs. The paper ' +
      "gives 50 microseconds as an example; this machine's finest timer ticks every 122 microseconds, so ours is longer.",
    paper: `${PAPER} 3.4: the abort protocol`,
  },
  'emergency-raised': {
    title: 'Emergency',
    body:
      'Even the guaranteed pages must go, those of exception handlers and page tables: the library OS is told to ' +
      'submit itself to a swap server, which keeps the content of its pages until it gives them back. Who is not ' +
      'stopped in time is destroyed: there would be nowhere left to raise an exception.',
    paper: `${PAPER} 3.4: the abort protocol`,
  },
  repossessed: {
    title: 'Page repossessed',
    body:
      'The deadline passed, so Aegis broke every binding to the page (TLB, software TLB, disk transfers), entered it ' +
      'in the repossession vector and raised a repossession exception. The environment lives on and can repair its ' +
      'mappings: killing it would be worse, since programmers reason badly about hard deadlines.',
    paper: `${PAPER} 3.4: the abort protocol`,
  },
  'call-refused': {
    title: 'Call refused',
    body:
      'Aegis checks what a call demands before it does anything: that the caller owns the resource, is bound to it, or ' +
      'shows a capability that only Aegis can have made. This one failed the check, changed nothing, and counts in the ' +
      "environment's record, which anybody may read. The same refusal is told once a tick at most.",
    paper: `${PAPER} 3.2: secure bindings`,
  },
  'asid-revoked': {
    title: 'ASID revoked, invisibly',
    body:
      'There are more addressing contexts than hardware has names for. A context that is about to be used has no ' +
      'ASID and none is free, so Aegis took some from others and flushed what TLB and software TLB held under them. ' +
      'Nobody is asked or told: an ASID carries no state, and the context gets another when it is next installed.',
    paper: `${PAPER} 3.3: invisible revocation`,
  },
  'slice-overrun': {
    title: 'Time slice over-run',
    body:
      'A timer interrupt ends a slice by an upcall, and the application saves its own state. A further tick found it ' +
      'still busy: that is excess time, and it is counted.',
    paper: `${PAPER} 5.1.1: processor time slices`,
  },
  'slice-forfeited': {
    title: 'Time slice forfeited',
    body:
      "Each tick of excess time is paid for with a later slice: this slice would have been the environment's, and goes " +
      'to the next in the vector. Who owes more than a set limit is destroyed.',
    paper: `${PAPER} 5.1.1: processor time slices`,
  },
  'filter-installed': {
    title: 'Packet filter installed',
    body:
      'A packet filter says by conditions on its bytes which packets are for an environment. Aegis merged it with all ' +
      'others into one tree and compiled that to machine code, here on this machine; nothing interprets filters.',
    paper: `${PAPER} 5.5.1: packet filters`,
  },
  'filter-refused': {
    title: 'Packet filter refused',
    body:
      "A filter could lie: claim packets that are another's. Aegis looks for a packet that both would claim, and where " +
      "there can be one refuses the newcomer, unless the other's owner has allowed it.",
    paper: `${PAPER} 3.2 and 5.5.1`,
  },
  'filter-removed': {
    title: 'Packet filter removed',
    body:
      'It claims no more packets, and its ring is no longer written to. Its owner gave it up, was destroyed, or did not ' +
      "do so when the machine's owner asked for it and it was taken.",
    paper: `${PAPER} 3.3 and 5.5.1`,
  },
  'packet-dropped': {
    title: 'Packet dropped',
    body:
      'A filter claimed the packet, but its receive ring, which lies in pages of its owner, was full or had been taken ' +
      "away. The kernel keeps no packets: how much to buffer is the library operating system's choice.",
    paper: `${PAPER} 5.5.1: packet filters`,
  },
  'handler-downloaded': {
    title: 'Handler downloaded',
    body:
      'An application-specific handler (ASH) runs inside of Aegis when a packet comes, whether or not its owner is ' +
      'scheduled. Aegis has inspected every instruction and rewritten it, so that it reaches only its page and ends in time.',
    paper: `${PAPER} 5.5.2: application-specific safe handlers`,
  },
  'handler-refused': {
    title: 'Handler refused',
    body:
      'The code has an instruction that is not on the list of those which a handler may have: privileged ones, jumps by ' +
      'register, floating point, or a register that the sandbox needs for itself.',
    paper: `${PAPER} 5.5.2: application-specific safe handlers`,
  },
  'handler-aborted': {
    title: 'Handler aborted',
    body:
      'It used up its budget of instructions, which is counted wherever it branches backwards, or its page was taken. The ' +
      'packet went the usual way, into the ring.',
    paper: `${PAPER} 5.5.2: application-specific safe handlers`,
  },
  fault: {
    title: 'A fault that could not be forwarded',
    body:
      "Aegis forwards every exception but system calls to the application's own handler. This environment had named " +
      'none for the cause, or its save area is gone, so there is nobody left to ask.',
    paper: `${PAPER} 5.3: exceptions`,
  },
  'kernel-panic': {
    title: 'Aegis halts',
    body: 'An assertion of the kernel failed. Its message is on the serial console. This is a bug in Aegis.',
    paper: '',
  },
  halt: {
    title: 'The machine halted',
    body: 'The firmware is in its halted loop. Nothing will run until the machine is started again.',
    paper: '',
  },
};

export function explain(kind: EventKind): Explanation {
  return EXPLANATIONS[kind];
}
