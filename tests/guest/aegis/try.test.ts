import { it } from 'vitest';
import { buildKernel, KernelMachine } from './kernel-machine.js';

it('x', () => {
  const t0 = Date.now();
  const img = buildKernel();
  const t1 = Date.now();
  const m = new KernelMachine(img);
  m.runToHalt(Number(process.env.CYC ?? 60e6));
  const s = m.machine.cpuState();
  console.log(
    t1 - t0,
    Date.now() - t1,
    m.console,
    m.output,
    m.isHalted,
    m.machine.cycle,
    s.pc.toString(16),
    Object.entries(s.cp0)
      .map(([k, v]) => k + '=' + (v >>> 0).toString(16))
      .join(' '),
  );
}, 60000);
