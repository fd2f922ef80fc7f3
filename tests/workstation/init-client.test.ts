/** The host's end of init's protocol, against a scripted other end. */

import { describe, expect, it } from 'vitest';
import { type EndOfProgram, InitClient } from '../../src/workstation/init-client.js';

function connect(): { client: InitClient; sent: string[]; reply: (text: string) => void; noise: string[] } {
  const sent: string[] = [];
  const noise: string[] = [];
  const client = new InitClient((bytes) => sent.push(new TextDecoder().decode(bytes)));
  client.onNoise = (line) => noise.push(line);
  const reply = (text: string): void => {
    for (const byte of new TextEncoder().encode(text)) client.receive(byte);
  };
  return { client, sent, reply, noise };
}

describe('init client', () => {
  it('is ready once, when init says so', () => {
    const { client, reply } = connect();
    let count = 0;
    client.onReady = () => count++;
    reply('0 rea');
    expect(client.isReady).toBe(false);
    reply('dy\r\n0 ready\n');
    expect([client.isReady, count]).toEqual([true, 1]);
  });

  it('starts programs and learns of their ends, in any order', () => {
    const { client, sent, reply } = connect();
    const log: string[] = [];
    const start = (program: string): void =>
      client.start({
        line: 2,
        libraryOs: 'exos',
        program,
        arguments: ['a', 'b'],
        onStarted: (result) => log.push(`${program} ${JSON.stringify(result)}`),
        onEnded: (end: EndOfProgram) => log.push(`${program} ${JSON.stringify(end)}`),
      });
    start('one');
    start('two');
    start('three');
    expect(sent).toEqual([
      '1 start 2 exos one a b\n',
      '2 start 2 exos two a b\n',
      '3 start 2 exos three a b\n',
    ]);
    reply("1 ok 00000103\n2 ok 00000204\n3 error no such program 'three'\n2 killed excess-time\n1 exit 3\n");
    expect(log).toEqual([
      'one {"environmentId":259}',
      'two {"environmentId":516}',
      'three {"error":"no such program \'three\'"}',
      'two {"kind":"killed","reason":"excess-time"}',
      'one {"kind":"exit","status":3}',
    ]);
  });

  it("gives a program the machine owner's capability", () => {
    const { client, sent, reply } = connect();
    let started: unknown;
    client.start({
      line: 3,
      libraryOs: 'exos',
      program: 'sentinel',
      arguments: ['-r'],
      isGranted: true,
      onStarted: (result) => {
        started = result;
      },
      onEnded: () => undefined,
    });
    expect(sent).toEqual(['1 grant 3 exos sentinel -r\n']);
    reply('1 ok 00000103\n');
    expect(started).toEqual({ environmentId: 259 });
  });

  it('lists, kills and revokes', () => {
    const { client, sent, reply } = connect();
    const log: unknown[] = [];
    client.list((programs) => log.push(programs));
    client.kill(0x103, (answer) => log.push(answer));
    client.revokePages(0x103, 5, (answer) => log.push(answer));
    expect(sent).toEqual(['1 list\n', '2 kill 00000103\n', '3 revoke 00000103 pages 5\n']);
    reply('1 ok 2 00000103:1:exos:sh 00000204:2:exos-ipt:disk1:400\n2 ok\n3 error no such environment\n');
    expect(log).toEqual([
      [
        { environmentId: 0x103, line: 1, libraryOs: 'exos', program: 'sh' },
        { environmentId: 0x204, line: 2, libraryOs: 'exos-ipt', program: 'disk1:400' },
      ],
      { isOk: true, text: '' },
      { isOk: false, error: 'no such environment' },
    ]);
  });

  it('refuses what does not fit a line of the protocol, without sending it', () => {
    const { client, sent } = connect();
    const errors: unknown[] = [];
    const start = (program: string, words: string[]): void =>
      client.start({
        line: 1,
        libraryOs: 'exos',
        program,
        arguments: words,
        onStarted: (result) => errors.push(result),
        onEnded: () => errors.push('ended'),
      });
    start('echo', ['two words']);
    start('echo', ['']);
    start('echo', ['x'.repeat(300)]);
    expect(sent).toEqual([]);
    expect(errors.map((entry) => 'error' in (entry as object))).toEqual([true, true, true]);
  });

  it('reports lines that are not of the protocol', () => {
    const { reply, noise } = connect();
    reply('hello\n7 ok what\n9 exit 0\n3 sings\n');
    expect(noise).toEqual(['hello', '7 ok what', '9 exit 0', '3 sings']);
  });
});
