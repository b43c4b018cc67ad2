import type { RealModelState } from './entries/real-model.ts';

type Measured = NonNullable<RealModelState['before']>;

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const count = (n: number) => n.toLocaleString('en-US');

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function pairRow(name: string, { pair }: Measured): string {
  const shares = [pair.agreement, pair.consistency, pair.firstBias, pair.secondBias, pair.parseFailures];
  return `| ${name} | ${shares.map(percent).join(' | ')} |`;
}

function pointRow(name: string, { point }: Measured): string {
  const r = point.correlation === null ? 'n/a' : point.correlation.toFixed(3);
  return `| ${name} | ${r} | ${point.meanAbsoluteError.toFixed(2)} | ${percent(point.parseFailures)} |`;
}

interface Stepped {
  loss: number;
  tokens: number;
  seconds: number;
}

function trainingRow(name: string, steps: readonly Stepped[]): string {
  const speed = median(steps.map(({ tokens, seconds }) => tokens / seconds));
  const seconds = median(steps.map((step) => step.seconds));
  const [first, last] = [steps[0]!.loss, steps.at(-1)!.loss];
  return `| ${name} | ${steps.length} | ${first.toFixed(4)} → ${last.toFixed(4)} | ${seconds.toFixed(1)} | ${speed.toFixed(0)} |`;
}

/** The results document; every figure comes from the run's own record. */
export function realModelReport(state: RealModelState): string {
  const { args, model, before, supervised, afterSupervised, sampled, dpo, after, peakBytes } = state;
  if (!model || !before || !supervised || !afterSupervised || !sampled || !dpo || !after)
    throw new Error('The run is not finished.');
  return `# A real pretrained model, really run

Made by \`npm run real-model\` on ${args.backend === 'wasm' ? `WASM, ${model.workers} workers` : 'WebGPU'}; every figure is from that run.

The model is Gemma 3 270M (${count(model.parameters)} parameters with its vocabulary cut to English, ${count(Math.round(model.bytes / 1e6))} MB as GGUF, hash \`${model.hash}\`). It is pretrained, not taught to judge: its prompts are worked examples, and its verdicts are read from the probabilities of the possible score lines. A weak judge is what one expects, and what one sees.

## Two answers compared: ${args.items} of PandaLM's human-voted pairs, each in both orders

Held-out prompts; agreement with the majority of three people (win, loss or tie), consistency when the answers change places.

| judge | agreement | consistent | leans to the first | leans to the second | greedy text unreadable |
|---|---|---|---|---|---|
${pairRow('as published', before)}
${pairRow(`after ${args.supervised.steps} supervised steps of ${args.supervised.batch} on votes`, afterSupervised)}
${pairRow(`after ${args.dpo.steps} DPO steps more on its own rationales`, after)}

${args.items} items are few: a share near one half has a 95 % interval of about ±${(196 * Math.sqrt(0.25 / args.items)).toFixed(0)} points.

## One answer graded: ${before.point.items} items of Prometheus's Vicuna set

Expected score after its own feedback, against GPT-4's score.

| judge | Pearson's r | mean absolute error | feedback without a readable score |
|---|---|---|---|
${pointRow('as published', before)}
${pointRow('after supervised steps', afterSupervised)}
${pointRow('after DPO steps', after)}

## Rationales and pairs

${sampled.judgments} rationales (N = ${args.samples} for ${args.items} items of Prometheus's MT-bench set, temperature 1); ${percent(sampled.parseFailures)} gave no readable score. ${sampled.itemsWithPairs} items gave pairs (true score beside a wrong one), ${sampled.pairs} pairs in all.

## Cost

| training (LoRA r = 16 on all linear layers) | steps | loss | seconds a step (median) | tokens/s (median) |
|---|---|---|---|---|
${trainingRow(`supervised, ${args.supervised.batch} examples a step`, supervised)}
${trainingRow(`DPO, ${args.dpo.batch} pairs a step, both sides counted with their prompts`, dpo)}

Prompts computed: ${before.pair.prefillTokensPerSecond.toFixed(0)} tokens/s (each prompt with its 25 possible score lines; prompt tokens counted). Feedback written, prompts included: ${before.point.tokensPerSecond.toFixed(0)} tokens/s greedy, ${sampled.tokensPerSecond.toFixed(0)} tokens/s for N = ${args.samples}. Most memory that the workers' engines took from the system, weights included: ${count(Math.round(peakBytes / 1e6))} MB.
`;
}
