/** The desktop on a wire: Linux in its worker thread, Linux in a headless process at the other end. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exostation } from '../support/command-line.js';
import { TmuxTerminal } from '../support/tmux.js';
import { hasTools } from '../support/tools.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SECONDS = 120;
const found = spawnSync('sh', [join(ROOT, 'tests/guests/linux/cached.sh'), 'path'], { encoding: 'utf8' });
const kernel = found.stdout.trim();

describe.skipIf(!hasTools('tmux') || found.status !== 0)('the desktop on a wire', () => {
  it('exchanges data with a headless machine and keeps the frames', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'exostation-desktop-wire-'));
    const port = 20_000 + (process.pid % 20_000);
    const pcap = join(folder, 'desktop.pcapng');
    const append = (address: number, role: string): string =>
      `console=ttyS3 rdinit=/network ip=10.0.0.${address}:::255.255.255.0::eth0:off ${role}`;
    const run = `bin/exostation.js run --kernel ${kernel} --append '${append(1, 'server')}' --speed max`;
    const command = `cd ${ROOT} && ${process.execPath} ${run} --net listen:${port} --pcap ${pcap}; echo "status $?"`;
    const terminal = new TmuxTerminal(100, 32, command, { XDG_DATA_HOME: folder });
    try {
      await terminal.waitFor(/Ctrl-a/);
      terminal.press('Escape');
      await terminal.waitFor(/NETWORK: listening/, SECONDS);
      const words = ['run', '--headless', '--kernel', kernel, '--append', append(2, 'client')];
      const client = await exostation([...words, '--net', `connect:127.0.0.1:${port}`], SECONDS);
      expect(client.stdout).toContain('NETWORK: ping 5 of 5');
      expect(client.stdout).toContain('NETWORK: tcp 100000 bytes there and back');
      await terminal.waitFor(/NETWORK: echoed 100000 bytes/, SECONDS);
      terminal.press('C-a', 'q');
      await terminal.waitFor(/status \d+|quit/i);
      terminal.press('Enter');
      await terminal.waitFor(/status 0/);
      expect(readFileSync(pcap).length).toBeGreaterThan(200_000);
    } finally {
      terminal.dispose();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
