export interface ModelInfo {
  name: string;
  /** First 16 hex digits of the SHA-256 of the weights (`modelHash`). */
  hash: string;
  architecture: string;
  parameters: number;
  layers: number;
  hiddenSize: number;
  vocabularySize: number;
  contextLength: number;
  bytes: number;
}
