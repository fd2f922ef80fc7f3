/**
 * The one command registry. Keys after Ctrl-a, the palette, the help overlay and the hint bar are all made from it, so
 * what is written on the screen is what works.
 */

import type { Actions } from './actions.js';
import type { ViewKind } from './views/view-kinds.js';

export type CommandGroup = 'Programs' | 'Windows' | 'Views' | 'Machine' | 'Desktop';

export interface Command {
  readonly id: string;
  /** In the palette and in help. */
  readonly title: string;
  /** On the hint bar. */
  readonly short: string;
  readonly group: CommandGroup;
  /** Keys after Ctrl-a; the first one is shown. */
  readonly keys: readonly string[];
  readonly run: (actions: Actions) => void;
}

function command(
  group: CommandGroup,
  id: string,
  keys: readonly string[],
  short: string,
  title: string,
  run: (actions: Actions) => void,
): Command {
  return { id, title, short, group, keys, run };
}

function viewCommand(view: ViewKind, key: string, short: string, title: string): Command {
  return command('Views', view, [key], short, title, (actions) => actions.toggleView(view));
}

export const COMMANDS: readonly Command[] = [
  command('Programs', 'launch', ['c'], 'start', 'Start a program on a library OS', (a) => a.launch()),
  command('Programs', 'restart', ['r'], 'restart on', 'Restart on another library OS, side by side', (a) =>
    a.restart(),
  ),
  command('Programs', 'revoke', ['v'], 'revoke', 'Revoke pages from an environment', (a) => a.revoke()),
  command('Programs', 'destroy', ['d'], 'destroy', 'Destroy an environment', (a) => a.destroy()),
  command('Windows', 'next-window', ['o', 'tab'], 'next', 'Next window', (a) => a.focusNext(1)),
  command('Windows', 'previous-window', ['O', 'backtab'], 'previous', 'Previous window', (a) =>
    a.focusNext(-1),
  ),
  command('Windows', 'focus-left', ['left'], 'left', 'Window to the left', (a) => a.focusDirection('left')),
  command('Windows', 'focus-right', ['right'], 'right', 'Window to the right', (a) =>
    a.focusDirection('right'),
  ),
  command('Windows', 'focus-up', ['up'], 'up', 'Window above', (a) => a.focusDirection('up')),
  command('Windows', 'focus-down', ['down'], 'down', 'Window below', (a) => a.focusDirection('down')),
  command('Windows', 'zoom', ['z'], 'zoom', 'Zoom the window, or back', (a) => a.zoom()),
  command('Windows', 'close', ['x'], 'close', 'Close the window; a program in it is destroyed', (a) =>
    a.closeWindow(),
  ),
  command('Windows', 'scrollback', ['[', 'pageup'], 'scroll', 'Scroll back in the pane', (a) =>
    a.scrollback(),
  ),
  command('Windows', 'console', ['0'], 'console', 'Serial console: PROM and Aegis messages', (a) =>
    a.showConsole(),
  ),
  viewCommand('ownership', 'w', 'who owns', 'Who owns what: table of environments'),
  viewCommand('memory-map', 'm', 'memory', 'Memory map: pages by owner'),
  viewCommand('time-slices', 't', 'slices', 'Time slices: the vector by owner'),
  viewCommand('events', 'e', 'events', 'Events: revocation, repossession, faults ...'),
  viewCommand('counters', 'n', 'counters', 'Counters: instructions, misses, exceptions, calls'),
  viewCommand('inspector', 'i', 'inspect', 'Inspector: registers, TLB, disassembly'),
  viewCommand('comparison', 'b', 'compare', 'Side by side: one program on several library OSes'),
  viewCommand('screen', 'g', 'screen', "Screen: the machine's frame buffer, its keyboard and mouse"),
  command('Machine', 'pause', ['p'], 'pause', 'Pause or go on', (a) => a.pauseOrResume()),
  command('Machine', 'step', ['s'], 'step', 'Step one instruction', (a) => a.step()),
  command('Machine', 'step-to-event', ['S'], 'to event', 'Run to the next event, then pause', (a) =>
    a.stepToEvent(),
  ),
  command('Machine', 'speed', ['f'], 'speed', 'Speed: real time (1x) or as fast as possible', (a) =>
    a.toggleSpeed(),
  ),
  command('Desktop', 'help', ['?'], 'help', 'Help: all keys', (a) => a.help()),
  command('Desktop', 'palette', [':'], 'commands', 'Find a command by name', (a) => a.palette()),
  command('Desktop', 'orientation', ['h'], 'welcome', 'The welcome text', (a) => a.orientation()),
  command('Desktop', 'redraw', ['l', 'ctrl-l'], 'redraw', 'Draw the screen again', (a) => a.redraw()),
  command('Desktop', 'send-prefix', ['a', 'ctrl-a'], 'send', 'Send Ctrl-a to the program', (a) =>
    a.sendPrefix(),
  ),
  command('Desktop', 'quit', ['q'], 'quit', 'Quit', (a) => a.quit()),
];

export function commandForKey(name: string): Command | undefined {
  return COMMANDS.find(({ keys }) => keys.includes(name));
}

export function keyOfView(view: ViewKind): string {
  return COMMANDS.find(({ id }) => id === view)?.keys[0] ?? '';
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  left: '←',
  right: '→',
  up: '↑',
  down: '↓',
  tab: 'Tab',
  backtab: 'Shift-Tab',
  pageup: 'PageUp',
  'ctrl-a': 'Ctrl-a',
  'ctrl-l': 'Ctrl-l',
};

/** 'o, Tab'. */
export function keysText({ keys }: Command): string {
  return keys.map((key) => KEY_NAMES[key] ?? key).join(', ');
}
