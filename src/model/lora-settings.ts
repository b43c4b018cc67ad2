export interface LoraSettings {
  rank: number;
  alpha: number;
  /** Scaled by α/√r instead of α/r. */
  rankStabilised?: boolean;
}
