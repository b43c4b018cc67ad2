/** Takes the picture in the README: a Quick run's results, in the built page. `npx tsx scripts/picture.ts` */
import { chromium } from 'playwright';
import { preview } from 'vite';
import { buildApp } from './build-app.ts';
import { CHROMIUM_FLAGS, ensureChromium } from './chromium.ts';

const MINUTES = 60_000;

buildApp();
const server = await preview({ logLevel: 'warn', preview: { port: 0 } });
const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_FLAGS });
const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
await page.goto(`${server.resolvedUrls!.local[0]}#/improve/new`);
await page.getByRole('button', { name: 'Run all' }).click();
await page.getByRole('tab', { name: /Results.*%/ }).click({ timeout: 15 * MINUTES });
await page.mouse.move(0, 0);
await page.waitForTimeout(2000);
await page.screenshot({ path: 'docs/picture.png' });
await browser.close();
await server.close();
