import { preview } from 'vite';
import type { TestProject } from 'vitest/node';
import { buildApp } from '../../scripts/build-app.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the built app, ending in '/'. */
    address: string;
  }
}

/** Builds the app as `npm start` does and serves it on a free port while the end-to-end tests run. */
export default async function serveBuiltApp(project: TestProject): Promise<() => Promise<void>> {
  buildApp();
  const server = await preview({ logLevel: 'warn', preview: { port: 0 } });
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error('The preview server has no address.');
  project.provide('address', address);
  return () => server.close();
}
