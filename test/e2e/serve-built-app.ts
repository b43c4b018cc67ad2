import { preview } from 'vite';
import type { TestProject } from 'vitest/node';
import { buildApp } from '../../scripts/build-app.ts';
import { takeViolations, violationReports } from './violation-reports.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the built app, ending in '/'. */
    address: string;
  }
}

/**
 * Builds the app as `npm start` does and serves it on a free port while the end-to-end tests run.
 * @throws Error when they have ended and left a violation of the policy that no test has seen
 */
export default async function serveBuiltApp(project: TestProject): Promise<() => Promise<void>> {
  buildApp();
  const server = await preview({
    logLevel: 'warn',
    preview: { port: 0 },
    plugins: [violationReports()],
  });
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error('The preview server has no address.');
  project.provide('address', address);
  return async () => {
    const violations = await takeViolations(address);
    await server.close();
    if (violations.length > 0) throw new Error(`The policy was violated: ${violations.join('; ')}`);
  };
}
