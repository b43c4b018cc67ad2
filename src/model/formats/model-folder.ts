/**
 * Files of a model by their path in the folder: "config.json", "model-00001-of-00002.safetensors", "x.gguf". Files of the
 * browser's private file system (OPFS) and dropped ones are Blobs; nothing is read before it is needed.
 */
export type ModelFolder = ReadonlyMap<string, Blob>;
