/**
 * The views by name: their titles, the dock they belong to, how much height they like, and what keys they take while
 * they have the focus (shown in their title bar and in the hint bar).
 */

export type ViewKind =
  | 'ownership'
  | 'memory-map'
  | 'time-slices'
  | 'events'
  | 'counters'
  | 'inspector'
  | 'comparison'
  | 'screen';

export interface ViewDescription {
  readonly kind: ViewKind;
  readonly title: string;
  readonly dock: 'side' | 'bottom';
  /** Share of its dock: height beside others in the side dock, width in the bottom dock. */
  readonly weight: number;
  readonly hint: string;
}

export const VIEWS: Readonly<Record<ViewKind, ViewDescription>> = {
  ownership: {
    kind: 'ownership',
    title: 'Who owns what, cycles by mode',
    dock: 'bottom',
    weight: 3,
    hint: 'up/down  Enter explains  v revoke  d destroy',
  },
  events: {
    kind: 'events',
    title: 'Events',
    dock: 'bottom',
    weight: 2,
    hint: 'up/down  Enter explains',
  },
  comparison: {
    kind: 'comparison',
    title: 'Side by side',
    dock: 'bottom',
    weight: 2,
    hint: 'up/down another program',
  },
  'memory-map': { kind: 'memory-map', title: 'Memory map', dock: 'side', weight: 3, hint: '' },
  'time-slices': { kind: 'time-slices', title: 'Time slices', dock: 'side', weight: 2, hint: '' },
  counters: { kind: 'counters', title: 'Counters', dock: 'side', weight: 3, hint: 'up/down scroll' },
  inspector: {
    kind: 'inspector',
    title: 'Inspector',
    dock: 'side',
    weight: 5,
    hint: 's step  e to next event  p pause  Tab page',
  },
  screen: {
    kind: 'screen',
    title: 'Screen',
    dock: 'side',
    weight: 6,
    hint: 'keys and mouse go to the workstation; Ctrl-a o leaves',
  },
};
