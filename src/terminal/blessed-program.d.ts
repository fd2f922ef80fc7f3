/**
 * The part of blessed's lib/program.js that tty.ts uses. @types/blessed describes the package's front door only, which
 * would load every widget.
 */
declare module 'blessed/lib/program.js' {
  interface ProgramOptions {
    readonly input: NodeJS.ReadableStream;
    readonly output: NodeJS.WritableStream;
    readonly tput?: boolean;
    readonly buffer?: boolean;
  }
  class Program {
    constructor(options: ProgramOptions);
    alternateBuffer(): void;
    normalBuffer(): void;
    hideCursor(): void;
    showCursor(): void;
    setMode(mode: string): void;
    resetMode(mode: string): void;
    destroy(): void;
  }
  export default Program;
}
