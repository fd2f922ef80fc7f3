/** What the experiments are called in the reports; an indented one belongs to the row above. */

import type { ExperimentName } from '../bench/index.js';

export const EXPERIMENT_TITLES: Readonly<Record<ExperimentName, string>> = {
  'procedure-call': 'null procedure call',
  'null-call': 'null system call, without stack',
  'null-call-stack': 'null system call, with stack',
  'exception-unalign': 'exception dispatch, unaligned load',
  'exception-overflow': 'exception dispatch, overflow',
  'exception-coproc': 'exception dispatch, coprocessor',
  'exception-prot': 'exception dispatch, protection',
  'control-transfer': 'protected control transfer',
  'control-transfer-library': '  with its library OS, one way',
  'matrix-multiply': '150x150 matrix multiplication',
  'classify-warm': 'ten TCP/IP filters, warm cache',
  'classify-cold': 'ten TCP/IP filters, cold cache',
  'classify-empty': '  the loop without a classifier',
  'stlb-hit': 'refill from the software TLB',
  'stlb-miss': 'refill by the application (ExOS)',
  'revoke-page-1': 'asked for 1 page, given',
  'revoke-page-8': '  8 pages',
  'revoke-page-64': '  64 pages',
  'revoke-slice-1': '  1 time slice',
  'abort-page-1': 'repossession of 1 page',
  'abort-page-8': '  8 pages',
  'abort-page-64': '  64 pages',
  'abort-slice-1': '  1 time slice',
  'abort-extent-1': '  1 disk extent',
  'abort-line-1': '  1 terminal line',
  'udp-echo': 'UDP echo, by a process',
  'udp-echo-handler': 'UDP echo, by a handler',
};
