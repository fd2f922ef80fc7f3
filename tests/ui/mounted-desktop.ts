/**
 * A desktop on a grid instead of a tty: mount it, feed it bytes as a keyboard would, look at the cells. The screen is an
 * in-memory terminal fed with what the compositor writes, so a wrong difference shows as a wrong picture.
 */

import headless from '@xterm/headless';
import type { EventKind, Explanation } from '../../src/observe/index.js';
import { type ColourDepth, InputRouter } from '../../src/terminal/index.js';
import type { Desktop } from '../../src/ui/desktop.js';
import { loadDesktop, postFirstStart } from '../../src/ui/index.js';
import type { DesktopOptions } from '../../src/workstation/index.js';
import { FakeWorkstation } from './fake-workstation.js';

function explain(kind: EventKind): Explanation {
  return {
    title: `About ${kind}`,
    body: 'A kernel that takes something back says so.',
    paper: 'SOSP 1995, section 3.3',
  };
}

export interface MountOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly depth?: ColourDepth;
  readonly isFirstStart?: boolean;
}

export class MountedDesktop {
  readonly workstation: FakeWorkstation;
  readonly desktop: Desktop;
  readonly written: string[];
  hasQuit = false;
  readonly #router: InputRouter;
  readonly #terminal: headless.Terminal;

  private constructor(workstation: FakeWorkstation, make: typeof Desktop, options: MountOptions) {
    this.workstation = workstation;
    this.written = [];
    const { columns = 80, rows = 24, depth = '256', isFirstStart = false } = options;
    this.#terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.#terminal.write('\x1b[?1049h');
    const desktopOptions: DesktopOptions = {
      port: workstation,
      isFirstStart,
      firstProgram: 'sh',
      firstLibraryOs: 'exos',
      explain,
    };
    postFirstStart(desktopOptions);
    this.desktop = new make(desktopOptions, {
      columns,
      rows,
      depth,
      write: (text) => {
        this.written.push(text);
        this.#terminal.write(text);
      },
      onQuit: () => {
        this.hasQuit = true;
      },
    });
    this.#router = new InputRouter(this.desktop);
  }

  /** Mounted, booted, with the first shell in its pane. */
  static async booted(options: MountOptions = {}): Promise<MountedDesktop> {
    const mounted = await MountedDesktop.mounted(options);
    mounted.workstation.status('ready');
    mounted.workstation.sample();
    await mounted.settle();
    return mounted;
  }

  static async mounted(options: MountOptions = {}): Promise<MountedDesktop> {
    const { Desktop: make } = await loadDesktop();
    return new MountedDesktop(new FakeWorkstation(), make, options);
  }

  /** Types; '^' before a letter is the Ctrl key: '^ac' is Ctrl-a, then c. */
  async type(text: string): Promise<void> {
    const bytes = text.replace(/\^([a-z])/g, (_, letter: string) =>
      String.fromCharCode(letter.charCodeAt(0) - 96),
    );
    this.#router.feed(Buffer.from(bytes, 'utf8'));
    await this.settle();
  }

  /** Until the screen has followed: 25 ms for a lone Esc, then everything that is known is painted. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 40));
    await this.desktop.flush();
    await new Promise<void>((resolve) => this.#terminal.write('', resolve));
  }

  resize(columns: number, rows: number): Promise<void> {
    this.#terminal.resize(columns, rows);
    this.desktop.resize(columns, rows);
    return this.settle();
  }

  /** The screen as text. */
  text(): string {
    const { active } = this.#terminal.buffer;
    const lines: string[] = [];
    for (let y = 0; y < this.#terminal.rows; y++)
      lines.push(active.getLine(y)?.translateToString(true).trimEnd() ?? '');
    return lines.join('\n');
  }

  line(index: number): string {
    return this.text().split('\n').at(index) ?? '';
  }

  dispose(): void {
    this.#router.dispose();
    this.desktop.dispose();
    this.#terminal.dispose();
  }
}
