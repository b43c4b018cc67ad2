import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect } from 'vitest';
import { StaticHost } from './static-host.ts';

/** The built page in folders of a site of its own, where a test may change it, behind a host that can be gone. */
export class DeployedPage {
  private constructor(
    readonly root: string,
    readonly host: StaticHost,
  ) {}

  /** @param folders such as 'a/b/'; '' is the root of the site */
  static async in(folders: readonly string[], more: Record<string, string> = {}): Promise<DeployedPage> {
    const root = mkdtempSync(join(tmpdir(), 'deployed-'));
    const headers: string[] = [];
    for (const folder of folders) {
      cpSync('dist', join(root, folder), { recursive: true });
      // As the README says: they count from the root of the site.
      const own = readFileSync('dist/_headers', 'utf8');
      headers.push(own.replace(/^\//gm, `/${folder}`));
    }
    writeFileSync(join(root, '_headers'), headers.join('\n'));
    return new DeployedPage(root, await new StaticHost(root, true, more).listen());
  }

  address(folder: string): string {
    return this.host.address + folder;
  }

  async remove(): Promise<void> {
    await this.host.stop();
    rmSync(this.root, { recursive: true });
  }
}

/** Waits until a visit without a network would find everything. */
export async function keptOffline(page: Page): Promise<void> {
  const state = () =>
    page.evaluate(async () => {
      const own = new URL('./', location.href).href;
      const registration = await navigator.serviceWorker.getRegistration(own);
      return registration?.scope === own ? registration.active?.state : 'none';
    });
  await expect.poll(state, { timeout: 60_000, interval: 250 }).toBe('activated');
}
