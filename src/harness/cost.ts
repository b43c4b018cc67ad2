import type { DeviceSpeed } from './device-speed.ts';

/** What a piece of work is expected to take. */
export interface StageCost {
  /** As jobs name it. */
  stage: string;
  seconds: number;
  /** Room in the browser's storage. */
  bytes: number;
}

/** Seconds for judging `items` prompts, `samples` times each: the prompt is read once for all its samples. */
export function judgingSeconds(items: number, samples: number, speed: DeviceSpeed): number {
  const { promptToken, generatedToken, promptLength, judgmentLength } = speed;
  return items * (promptLength * promptToken + samples * judgmentLength * generatedToken);
}

/** Per judgment: id and log-probability of each token, about four letters a token, and the record around them. */
export function judgmentBytes(judgments: number, { judgmentLength }: DeviceSpeed): number {
  return judgments * (judgmentLength * (4 + 4 + 4) + 700);
}

/** A stage that asks for judgments. */
export function judgingCost(stage: string, items: number, samples: number, speed: DeviceSpeed): StageCost {
  return {
    stage,
    seconds: judgingSeconds(items, samples, speed),
    bytes: judgmentBytes(items * samples, speed),
  };
}

/** A stage that reads probabilities after given texts: a forward pass over each, nothing generated. */
export function readingCost(stage: string, contexts: number, speed: DeviceSpeed): StageCost {
  const tokens = speed.promptLength + speed.judgmentLength;
  return { stage, seconds: contexts * tokens * speed.promptToken, bytes: contexts * 100 };
}
