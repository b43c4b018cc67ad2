import { flushSync, mount, unmount } from 'svelte';
import { describe, expect, test, vi } from 'vitest';
import '../../../src/app/theme.css';
import '../../../src/app/theme-base.css';
import ReportBlock from '../../../src/app/widgets/blocks/ReportBlock.svelte';
import { MemoryLabRuns } from '../../../src/harness/lab-run-store.ts';
import { LAB_IDS, loadLab } from '../../../src/labs/registry.ts';
import { runLab } from '../../../src/labs/run-lab.ts';
import { labBench } from '../../unit/labs/lab-bench.ts';
import { smallSettings } from '../../unit/labs/small-settings.ts';

const NARROW = 330;

describe.each(LAB_IDS)('%s', (id) => {
  test('every block of its report is drawn, also on a phone', async () => {
    const lab = await loadLab(id);
    const run = await runLab(lab, labBench(), smallSettings(lab), new MemoryLabRuns());
    for (const block of lab.report(run.outcome!.result, run.settings)) {
      const host = document.createElement('div');
      host.style.width = `${NARROW}px`;
      document.body.append(host);
      const shown = mount(ReportBlock, { target: host, props: { block, onopen: vi.fn() } });
      if (host.querySelector('.canvas'))
        await vi.waitFor(() => expect(host.querySelector('svg[role]')).not.toBeNull());
      flushSync();
      if ('title' in block) expect(host.textContent).toContain(block.title.slice(0, 20));
      expect(host.textContent).not.toMatch(/undefined|NaN|\[object/);
      expect([block.kind, host.scrollWidth]).toEqual([block.kind, NARROW]);
      await unmount(shown);
      host.remove();
    }
  });
});
