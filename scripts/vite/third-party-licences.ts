import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

interface Package {
  title: string;
  /** SPDX identifier. */
  licence: string;
  /** What the package's own file says, or null where it comes with none. */
  text: string | null;
}

const IN_PACKAGE = /^.*node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+/;

/** Folders of the packages that code, fonts and binaries of a bundle come from. */
function packageFolders(bundle: Rolldown.OutputBundle): string[] {
  const files = Object.values(bundle).flatMap((output) =>
    output.type === 'chunk' ? output.moduleIds : output.originalFileNames,
  );
  return files.flatMap((file) => {
    const [folder] = IN_PACKAGE.exec(file.replace(/^\0/, '')) ?? [];
    return folder ? [resolve(folder)] : [];
  });
}

function readPackage(folder: string): Package {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry));
  return {
    title: `${name} ${version}`,
    licence: license ?? '',
    text: file ? readFileSync(join(folder, file), 'utf8').trim() : null,
  };
}

/**
 * The notice that these licences ask for.
 * @throws Error for a package without a licence, or without its text here or in another package
 */
function notice(packages: readonly Package[]): string {
  const parts = packages.map(({ title, licence, text }) => {
    const same = packages.find((other) => other.licence === licence && other.text !== null);
    if (!licence || !same)
      throw new Error(`${title} is built in, but the text of its licence was not found.`);
    return `${title} (${licence})\n\n${text ?? `The text of this licence stands below ${same.title}.`}\n`;
  });
  const rule = `\n${'-'.repeat(80)}\n\n`;
  return [`Judge Playground is built with these packages, under their own licences.\n`, ...parts].join(rule);
}

/**
 * Writes `licences.txt`: every package of which something is in the page or in its workers, with its licence. Workers are
 * bundles of their own, so that one plugin collects from each of them and the page's writes.
 */
export function thirdPartyLicences(): { ofPage: Plugin; ofWorkers: Plugin } {
  const folders = new Set<string>();
  const collect = (bundle: Rolldown.OutputBundle) =>
    packageFolders(bundle).forEach((folder) => folders.add(folder));
  return {
    ofWorkers: {
      name: 'third-party-licences-of-workers',
      generateBundle: (_options, bundle) => collect(bundle),
    },
    ofPage: {
      name: 'third-party-licences',
      apply: 'build',
      generateBundle: {
        order: 'post',
        handler(_options, bundle) {
          collect(bundle);
          const packages = [...folders].map(readPackage).sort((a, b) => a.title.localeCompare(b.title, 'en'));
          this.emitFile({ type: 'asset', fileName: 'licences.txt', source: notice(packages) });
        },
      },
    },
  };
}
