/** Reads a text that ships with the app, by its path below public/data. @throws Error when it is not to be had */
export async function readReleased(path: string): Promise<string> {
  const response = await fetch(new URL(`data/${path}`, document.baseURI));
  if (!response.ok)
    throw new Error(`Failed to fetch data/${path}: ${response.status} ${response.statusText}`);
  return response.text();
}
