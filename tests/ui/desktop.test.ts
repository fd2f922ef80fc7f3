import { it } from 'vitest';
import { MountedDesktop } from './mounted-desktop.js';

it('looks', async () => {
  const sizes = [
    [80, 24],
    [120, 40],
    [200, 60],
    [50, 12],
  ] as const;
  for (const [columns, rows] of sizes) {
    const d = await MountedDesktop.booted({ columns, rows });
    await d.type('ls\r');
    d.workstation.happen();
    d.workstation.happen({ kind: 'repossessed', text: 'hog: 8 pages repossessed' });
    await new Promise((r) => setTimeout(r, 400));
    console.log(d.text());
    d.dispose();
  }
});
