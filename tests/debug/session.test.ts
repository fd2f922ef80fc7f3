/** The protocol, packet by packet, as the GDB manual has it; and that no bytes from a client do any harm. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePacket } from '../../src/debug/packet.js';
import { machineWith, TestDebugger } from './client.js';

const RESET = 0xbfc0_0000;
const PC = 37;

/** t0 = 0x8010_0000; then for ever: store t1 to 0(t0), load it to t2, add one, call a function, which returns. */
const PROGRAM = [
  0x3c08_8010, // lui t0,0x8010
  0xad09_0004, // sw t1,4(t0)
  0x8d0a_0004, // lw t2,4(t0)
  0x2529_0001, // addiu t1,t1,1
  0x0ff0_0008, // jal 0xbfc00020
  0, // (delay slot)
  0x1000_fffa, // b 0xbfc00004
  0,
  0x03e0_0008, // jr ra
  0,
];

const attached = (): TestDebugger => new TestDebugger(machineWith(PROGRAM));
const hex = (value: number): string => (value >>> 0).toString(16);
const littleEndian = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes.toString('hex');
};

describe('a session', () => {
  it('acknowledges until it is told not to, and sends again what was damaged', () => {
    const gdb = attached();
    gdb.ask('?');
    expect(gdb.received).toEqual(['ack', 'T05thread:1;']);
    gdb.received.length = 0;
    gdb.session.receive(Buffer.from('-'));
    expect(gdb.received).toEqual(['T05thread:1;']);
    gdb.session.receive(Buffer.from('$g#00'));
    expect(gdb.received.at(-1)).toBe('nak');
    expect(gdb.ask('QStartNoAckMode')).toBe('OK');
    gdb.ask('?');
    expect(gdb.received).toEqual(['T05thread:1;']);
  });

  it('says what it can do, and answers nothing to what it does not know', () => {
    const gdb = attached();
    expect(gdb.ask('qSupported:swbreak+;hwbreak+')).toMatch(/PacketSize=4000;.*qXfer:features:read\+/);
    for (const packet of ['vMustReplyEmpty', 'qOffsets', '!', 'Z9,0,4', 'qTStatus', 'bc', '']) {
      expect(gdb.ask(packet)).toBe('');
    }
    expect(gdb.ask('vCont?')).toBe('vCont;c;C;s;S;r');
    expect(gdb.ask('qAttached')).toBe('1');
  });

  it('describes its registers, in pieces as large as GDB asks for', () => {
    const gdb = attached();
    let whole = '';
    for (let piece = 'm'; piece[0] === 'm'; ) {
      piece = gdb.ask(`qXfer:features:read:target.xml:${hex(whole.length)},100`) ?? 'l';
      whole += piece.slice(1);
    }
    const names = [...whole.matchAll(/<reg name="(\w+)" bitsize="32" regnum="(\d+)"/g)];
    expect(new Set(names.map(([, , number]) => number)).size).toBe(79);
    expect(whole).toContain('org.gnu.gdb.mips.cpu');
    expect(whole).toContain('org.gnu.gdb.mips.cp0');
    expect(whole).toContain('org.gnu.gdb.mips.fpu');
    for (const name of ['entryhi', 'entrylo', 'context', 'index', 'random', 'prid', 'epc']) {
      expect(names.map((match) => match[1])).toContain(name);
    }
    expect(gdb.ask('g')).toHaveLength(79 * 4 * 2);
    expect(gdb.ask('qXfer:features:read:other.xml:0,100')).toBe('E00');
    expect(gdb.ask('qXfer:memory-map:read::0,100')).toBe('');
  });

  it('reads and writes registers', () => {
    const gdb = attached();
    expect(gdb.register(PC)).toBe(RESET);
    expect(gdb.ask(`P8=${littleEndian(0x1234_5678)}`)).toBe('OK');
    expect(gdb.register(8)).toBe(0x1234_5678);
    expect(gdb.ask(`P26=${littleEndian(0x3f80_0000)}`)).toBe('OK');
    expect(gdb.machine.debugPort.readRegister('fpu', 0)).toBe(0x3f80_0000);
    for (const packet of [
      'p4f',
      'p50',
      'pzz',
      'p',
      'P8=1234',
      'P4f=00000000',
      `P8=${'0'.repeat(16)}`,
      'P',
      'P4e=00000000',
    ]) {
      expect(gdb.ask(packet)).toMatch(/^E/);
    }
    const all = gdb.ask('g') as string;
    const changed = `${all.slice(0, 8 * 9)}${littleEndian(99)}${all.slice(8 * 10)}`;
    expect(gdb.ask(`G${changed}`)).toBe('OK');
    expect(gdb.register(9)).toBe(99);
    expect(gdb.ask('g')).toBe(changed);
    expect(gdb.ask('G00')).toMatch(/^E/);
  });

  it('reads and writes memory, but no device and no ROM', () => {
    const gdb = attached();
    expect(gdb.ask('M80100ffe,4:01020304')).toBe('OK');
    expect(gdb.ask('ma0100fff,2')).toBe('0203');
    expect(gdb.ask('X80101000,3:#$}')).toBe('OK');
    expect(gdb.ask('m80100ffe,5')).toBe(`0102${Buffer.from('#$}').toString('hex')}`);
    expect(gdb.ask('m807ffffc,10')).toHaveLength(8);
    expect(gdb.ask('mbfc00000,4')).toBe(littleEndian(PROGRAM[0] as number));
    for (const packet of [
      'mbc200000,4',
      'm400000,4',
      'm80800000,4',
      'Mbfc00000,1:00',
      'M807ffffe,4:00000000',
    ]) {
      expect(gdb.ask(packet)).toBe('E0e');
    }
    expect(gdb.ask('m807ffffe,2')).toBe('0000');
    for (const packet of ['m', 'm80000000', 'm80000000,', 'M80000000,2:00', 'M80000000,1', 'X80000000,2:a']) {
      expect(gdb.ask(packet)).toBe('E01');
    }
  });

  it('stops at a breakpoint before its instruction, and goes on from there', () => {
    const gdb = attached();
    gdb.ask('qSupported:swbreak+;hwbreak+');
    expect(gdb.ask('Z0,bfc0000c,4')).toBe('OK');
    for (let pass = 0; pass < 3; pass++) {
      expect(gdb.resume('vCont;c')).toBe('T05thread:1;swbreak:;');
      expect([gdb.register(PC), gdb.register(9)]).toEqual([0xbfc0_000c, pass]);
    }
    expect(gdb.ask('z0,bfc0000c,4')).toBe('OK');
    expect(gdb.ask('Z1,ffffffffbfc00020,4')).toBe('OK');
    expect(gdb.resume('c')).toBe('T05thread:1;hwbreak:;');
    expect(gdb.ask('?')).toBe('T05thread:1;hwbreak:;');
    expect(gdb.ask('z1,bfc00020,4')).toBe('OK');
    expect(gdb.resume('c', 100_000)).toBeUndefined();
    gdb.session.receive(Uint8Array.of(3));
    expect(gdb.received.at(-1)).toBe('T02thread:1;');
  });

  it('stops at watchpoints of every kind before the access', () => {
    const stops = (type: number): string[] => {
      const gdb = attached();
      gdb.ask(`Z${type},80100006,1`);
      return [0, 1, 2].map(() => `${gdb.resume('c')} ${gdb.register(PC).toString(16)}`);
    };
    const [store, load] = ['bfc00004', 'bfc00008'];
    expect(stops(2)).toEqual([store, store, store].map((at) => `T05thread:1;watch:80100006; ${at}`));
    expect(stops(3)).toEqual([load, load, load].map((at) => `T05thread:1;rwatch:80100006; ${at}`));
    expect(stops(4)).toEqual([store, load, store].map((at) => `T05thread:1;awatch:80100006; ${at}`));
  });

  it('steps: a branch with its delay slot, a range until it is left, from an address', () => {
    const gdb = attached();
    const at = (): string => gdb.register(PC).toString(16);
    expect([gdb.resume('s'), at()]).toEqual(['T05thread:1;', 'bfc00004']);
    expect([gdb.resume('vCont;s:1'), at()]).toEqual(['T05thread:1;', 'bfc00008']);
    expect([gdb.resume('vCont;rbfc00004,bfc00014:1;c'), at()]).toEqual(['T05thread:1;', 'bfc00020']);
    expect([gdb.resume('S05'), at()]).toEqual(['T05thread:1;', 'bfc00018']);
    expect([gdb.resume('sbfc00000'), at()]).toEqual(['T05thread:1;', 'bfc00004']);
    gdb.ask('Z0,bfc00004,4');
    expect([gdb.resume('s'), at()]).toEqual(['T05thread:1;', 'bfc00008']);
    expect(gdb.ask('vCont;r1')).toBe('E01');
    expect(gdb.ask('czz')).toBe('E01');
  });

  it('shows the branch while its delay slot is next, and goes on with the delay slot', () => {
    const gdb = new TestDebugger(
      machineWith([
        0x3c08_8010, // lui t0,0x8010
        0x2409_0055, // li t1,0x55
        0x1000_0003, // b 0xbfc00018
        0xad09_0000, // sw t1,0(t0)
        0,
        0,
        0x1000_ffff, // b .
        0,
      ]),
    );
    gdb.ask('Z2,80100000,4');
    expect(gdb.resume('c')).toBe('T05thread:1;watch:80100000;');
    expect(gdb.register(PC)).toBe(0xbfc0_0008);
    expect(gdb.ask(`P25=${littleEndian(0xbfc0_0008)}`)).toBe('OK');
    expect(gdb.ask('m80100000,1')).toBe('00');
    expect(gdb.resume('s')).toBe('T05thread:1;');
    expect(gdb.register(PC)).toBe(0xbfc0_0018);
    expect(gdb.ask('m80100000,1')).toBe('55');
  });

  it('lets go: detached it leaves no breakpoint, killed it says so', () => {
    const gdb = attached();
    gdb.ask('Z0,bfc00004,4');
    expect(gdb.ask('D')).toBe('OK');
    expect(gdb.ends).toEqual(['detached']);
    gdb.session.dispose();
    gdb.machine.run(1000);
    expect(gdb.machine.debugPort.stop).toBeUndefined();
    const other = attached();
    expect(other.ask('vKill;1')).toBe('OK');
    expect(other.ask('k')).toBeUndefined();
    expect(other.ends).toEqual(['killed', 'killed']);
    other.session.machineEnded(3);
    expect(other.received.at(-1)).toBe('W03');
  });

  it('has commands of its own', () => {
    const gdb = attached();
    gdb.resume('s');
    expect(gdb.monitor('cycle')).toMatch(
      new RegExp(`^cycle ${gdb.machine.cycle}, 0\\.0000\\d\\d s at 25 MHz\n$`),
    );
    expect(gdb.monitor('stats')).toMatch(
      /^cycles \d+\ninstructions 1, 1 of them from ROM\nexceptions none\n/,
    );
    expect(gdb.monitor('tlb')).toBe('no valid entry\n');
    expect(gdb.monitor('env')).toBe('Aegis does not run\n');
    expect(gdb.monitor('translate 0xa000_1234')).toBe('0xa000_1234 is physical 0x0000_1234\n');
    expect(gdb.monitor('trans 400000')).toBe('0x0040_0000 is not mapped\n');
    expect(gdb.monitor('step into')).toBe('steps go into handlers\n');
    expect(gdb.monitor('only 2')).toBe('stops at user addresses in 2 only; there is no such program yet\n');
    expect(gdb.monitor('only any')).toBe('stops at user addresses in every environment\n');
    for (const name of ['cycle', 'stats', 'env', 'only', 'step', 'tlb', 'translate']) {
      expect(gdb.monitor('help')).toContain(name);
    }
    expect(gdb.monitor('reboot')).toBe("no monitor command 'reboot'; try 'monitor help'\n");
    expect(gdb.ask('qRcmd,zz')).toBe('E01');
  });
});

describe('whatever a client sends', () => {
  const word = fc.oneof(
    fc.constantFrom(
      '0',
      '4',
      'bfc00004',
      '80100004',
      'ffffffffffffffff',
      'ffffffff',
      '00',
      '-1',
      'zz',
      '4000',
    ),
    fc.nat(0xffff_ffff).map(hex),
  );
  const letter = fc.constantFrom(...'?gGpPmMXZzcCsSvqQHTDk!ABbFIRtx');
  const name = fc.constantFrom(
    ...[
      'qSupported',
      'qXfer:features:read:target.xml:',
      'qRcmd,',
      'vCont;',
      'vCont;r',
      'vKill;',
      'qThreadExtraInfo,',
    ],
  );
  const packet = fc
    .tuple(
      fc.oneof(letter, name, fc.string({ maxLength: 6 })),
      fc.array(fc.tuple(word, fc.constantFrom(',', ':', ';', '=', '')), { maxLength: 4 }),
    )
    .map(([start, words]) => start + words.flat().join(''));
  const sent = fc.oneof(
    { weight: 4, arbitrary: packet.map((text) => encodePacket(text)) },
    fc.uint8Array({ maxLength: 40 }),
  );

  it('does not throw, and leaves the machine able to run', () => {
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 40 }), (all) => {
        const gdb = attached();
        for (const bytes of all) {
          gdb.session.receive(bytes);
          if (gdb.session.isRunning) gdb.session.run(gdb.machine.cycle + 500);
          if (gdb.session.isRunning) gdb.session.receive(Uint8Array.of(3));
        }
        expect(gdb.sentBytes).toBeLessThanOrEqual(all.length * 40_000);
        gdb.session.dispose();
        const { cycle } = gdb.machine;
        gdb.machine.run(cycle + 1000);
        expect(gdb.machine.cycle).toBeGreaterThanOrEqual(cycle + 1000);
      }),
      { numRuns: 100 },
    );
  });
});
