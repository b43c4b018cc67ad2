import type { TokenizerConfig } from './tokenizer.ts';

export interface TokenizerFiles {
  tokenizerJson: object;
  tokenizerConfig: TokenizerConfig;
  /** The model's own Jinja template for conversations. */
  chatTemplate: string | null;
}
