import { setTimeout as wait } from 'node:timers/promises';
import { chromium, type Browser } from 'playwright';
import { CHROMIUM_FLAGS, ensureChromium } from '../../scripts/chromium.ts';
import type { Bench } from '../bench.ts';
import type { Contender } from '../contender.ts';
import { SlowLine, type LineSpeed } from '../slow-line.ts';

/** What one visit of the start page cost until the first judgment's first token stood there. */
interface Visit {
  seconds: number;
  /** Over the line, headers included. */
  bytes: number;
  /** JavaScript as it was sent, compressed. */
  script: number;
}

const LOCAL: LineSpeed = { bitsPerSecond: 100e9, roundTrip: 0 };
export const THROTTLED: LineSpeed = { bitsPerSecond: 10e6, roundTrip: 40 };

/** A Chromium that has just started is still busy with itself. */
const SETTLE_MS = 1500;
const LONGEST_MS = 60_000;

/** Each measurement is a browser of its own with an empty profile, and nothing in any cache. */
export async function coldStart(
  bench: Bench,
  what: keyof Visit,
  unit: number,
  speed = LOCAL,
): Promise<Contender> {
  await bench.site();
  const line = speed === LOCAL ? 'unthrottled' : `${speed.bitsPerSecond / 1e6} Mbit/s, ${speed.roundTrip} ms`;
  return {
    given: `the built page, ?backend=wasm, gzip, a browser with an empty profile, ${line}`,
    measure: async () => (await visit(bench, speed))[what] / unit,
    close: async () => undefined,
  };
}

async function visit(bench: Bench, speed: LineSpeed): Promise<Visit> {
  const site = await bench.site();
  const line = await SlowLine.open(site.port, speed);
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_FLAGS });
  try {
    await wait(SETTLE_MS);
    site.takeSent();
    const seconds = (await firstToken(browser, `http://127.0.0.1:${line.port}/?backend=wasm`)) / 1000;
    const scripts = site.takeSent().filter(({ path }) => path.endsWith('.js'));
    return { seconds, bytes: line.received, script: scripts.reduce((sum, { bytes }) => sum + bytes, 0) };
  } finally {
    await browser.close();
    await line.close();
  }
}

/** @returns milliseconds from the beginning of the navigation to the first token in the page */
async function firstToken(browser: Browser, url: string): Promise<number> {
  const page = await browser.newPage();
  let tell: (milliseconds: number) => void = () => undefined;
  const seen = new Promise<number>((resolve) => (tell = resolve));
  await page.exposeFunction('tellFirstToken', (milliseconds: number) => tell(milliseconds));
  await page.addInitScript(() => {
    const { tellFirstToken } = globalThis as unknown as { tellFirstToken: (milliseconds: number) => void };
    const observer = new MutationObserver(() => {
      if (!document.querySelector('.tokens .token')?.textContent) return;
      observer.disconnect();
      tellFirstToken(performance.now());
    });
    observer.observe(document, { childList: true, subtree: true, characterData: true });
  });
  await page.goto(url, { waitUntil: 'commit' });
  const late = wait(LONGEST_MS, undefined, { ref: false }).then(() => {
    throw new Error('There was no token within a minute.');
  });
  return Promise.race([seen, late]);
}
