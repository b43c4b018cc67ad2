import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Plugin } from 'vite';

/** Where browsers send their reports and tests fetch them. */
const PATH = '/policy-violations';
const POLICY = 'Content-Security-Policy';

interface Report {
  'csp-report': Record<'document-uri' | 'effective-directive' | 'blocked-uri', string>;
}

async function reported(request: IncomingMessage): Promise<string> {
  const { 'csp-report': report } = (await json(request)) as Report;
  return `${report['effective-directive']} violated by ${report['blocked-uri']} in ${report['document-uri']}`;
}

/**
 * Has the browser itself report what violates the policy of a page or of a worker, whoever listens there or does not, and
 * hands the reports out once.
 */
export function violationReports(): Plugin {
  const violations: string[] = [];
  return {
    name: 'violation-reports',
    configurePreviewServer: ({ middlewares }) => {
      middlewares.use((request, response, next) => {
        if (request.url === PATH && request.method === 'POST') {
          reported(request).then((text) => {
            violations.push(text);
            response.writeHead(204).end();
          }, next);
        } else if (request.url === PATH) {
          response.end(JSON.stringify(violations.splice(0)));
        } else {
          // Set by the build's own plugin, which comes first.
          response.setHeader(POLICY, `${String(response.getHeader(POLICY))}; report-uri ${PATH}`);
          next();
        }
      });
    },
  };
}

/** What was reported since somebody last asked. @param address of the built app */
export async function takeViolations(address: string): Promise<string[]> {
  const response = await fetch(new URL(PATH, address));
  return (await response.json()) as string[];
}
