/**
 * Two machines on one wire, both running an unmodified Linux 6.1: its network driver brings the LANCE up, they ping
 * each other and exchange TCP data (network.c). Both runs are recorded, and each is replayed alone, without a wire: it
 * gets the same packets at the same cycles and ends in the same state. Needs the kernel that `cached.sh build` makes.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exostation } from '../../support/command-line.js';

const CACHED = fileURLToPath(new URL('cached.sh', import.meta.url));
const SECONDS = 300;

const found = spawnSync('sh', [CACHED, 'path'], { encoding: 'utf8' });
const kernel = found.stdout.trim();

describe.skipIf(found.status !== 0)('two machines with Linux 6.1', () => {
  it.each([
    ['5000/125', '5000/125'],
    ['3100', '2100'],
  ])(
    'a %s and a %s ping each other and exchange TCP data; each is replayed alone',
    async (serverModel, clientModel) => {
      const folder = mkdtempSync(join(tmpdir(), 'exostation-wire-'));
      const wire = `mcast:230.7.99.1:${20_000 + (process.pid % 20_000)}`;
      const start = (
        model: string,
        address: string,
        mac: string,
        role: string,
      ): ReturnType<typeof exostation> => {
        const append = `console=ttyS3 rdinit=/network ip=${address}:::255.255.255.0::eth0:off ${role}`;
        const run = ['run', '--headless', '--model', model, '--kernel', kernel, '--append', append];
        const kept = ['--record', join(folder, role), '--max-cycles', '2500000000'];
        return exostation([...run, '--net', wire, '--mac', mac, ...kept], SECONDS);
      };
      const [server, client] = await Promise.all([
        start(serverModel, '10.0.0.1', '08:00:2b:00:00:01', 'server'),
        start(clientModel, '10.0.0.2', '08:00:2b:00:00:02', 'client'),
      ]);
      expect(client.stdout).toContain('addr = 08:00:2b:00:00:02');
      expect(client.stdout).toContain('NETWORK: ping 5 of 5');
      expect(client.stdout).toContain('NETWORK: tcp 100000 bytes there and back');
      expect(server.stdout).toContain('NETWORK: echoed 100000 bytes');
      expect([server.status, client.status, server.stderr, client.stderr]).toEqual([0, 0, '', '']);
      for (const [role, live] of [
        ['server', server],
        ['client', client],
      ] as const) {
        const { status, stdout, stderr } = await exostation(['replay', join(folder, role)], SECONDS);
        expect([status, stdout]).toEqual([0, live.stdout]);
        expect(stderr).toMatch(/the same run, to cycle \d+: the same state at its end/);
      }
      rmSync(folder, { recursive: true });
    },
  );

  it('do so in one process as well, twice at the same cycles', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'exostation-lan-'));
    try {
      const start = async (name: string): Promise<{ output: string; stats: Record<string, unknown> }> => {
        const append = ['server', 'client'].flatMap((role, index) => [
          '--append',
          `console=ttyS3 rdinit=/network ip=10.0.0.${index + 1}:::255.255.255.0::eth0:off ${role}`,
        ]);
        const stats = join(folder, `${name}.json`);
        const words = ['run', '--headless', '--net', 'lan', '--machines', '2', '--kernel', kernel, ...append];
        const ended = await exostation([...words, '--stats', stats, '--max-cycles', '2500000000'], SECONDS);
        expect(ended.status).toBe(0);
        return { output: ended.stdout, stats: JSON.parse(readFileSync(stats, 'utf8')) };
      };
      const one = await start('one');
      expect(one.output).toMatch(/^NETWORK: echoed 100000 bytes/m);
      expect(one.output).toMatch(/^2\| .*addr = 08:00:2b:12:50:02/m);
      expect(one.output).toMatch(/^2\| NETWORK: ping 5 of 5$/m);
      expect(one.output).toMatch(/^2\| NETWORK: tcp 100000 bytes there and back$/m);
      const two = await start('two');
      expect(two.output).toBe(one.output);
      expect({ ...two.stats, wallSeconds: 0 }).toEqual({ ...one.stats, wallSeconds: 0 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
