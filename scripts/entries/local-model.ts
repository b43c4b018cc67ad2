import type { ModelFolder } from '../../src/model/formats/model-folder.ts';

/** Files of a folder that the command line named (see `scripts/vite/local-folders.ts`), as the page gets dropped files. */
export async function localFolder(name: string): Promise<ModelFolder> {
  const files = (await (await read(`/local/${name}/`)).json()) as string[];
  const blobs = new Map<string, Blob>();
  for (const file of files)
    blobs.set(file, await (await read(`/local/${name}/${encodeURIComponent(file)}`)).blob());
  return blobs;
}

async function read(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  return response;
}
