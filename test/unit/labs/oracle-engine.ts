import type { Completion } from '../../../src/model/completion.ts';
import type { GenerateTask } from '../../../src/model/generate-task.ts';
import { grade } from '../../../src/data/micro/oracle.ts';
import { rationaleOf } from '../../../src/data/micro/family.ts';
import { SCORES, type Score } from '../../../src/judge/item.ts';
import type { Sampling } from '../../../src/model/sampling.ts';
import { random, type Random } from '../../../src/judge/random.ts';
import { letters, ScriptedEngine } from '../harness/scripted-engine.ts';

/** The sections of a prompt in the micro language, by heading; the last one is the question. */
function sectionsOf(prompt: string): Map<string, string> {
  const parts = prompt.split(/^### (.+)\n/m).slice(1);
  const sections = new Map<string, string>();
  for (let i = 0; i < parts.length; i += 2) sections.set(parts[i]!, (parts[i + 1] ?? '').replace(/\n$/, ''));
  return sections;
}

const withoutBos = (ids: Int32Array) => letters.decode(ids.subarray(1));

/**
 * A judge that speaks the micro language: it grades by the oracle and is right with probability `skill`, answers exam
 * questions, and compares answers. All of it depends on (seed, round, key, temperature, sample) alone, as with a real engine.
 * One character a token, so its prompts are long.
 */
export class OracleEngine extends ScriptedEngine {
  override readonly model = {
    name: 'oracle', hash: 'seedhash', architecture: 'script', parameters: 1, layers: 0, hiddenSize: 0,
    vocabularySize: 128, contextLength: 100_000, bytes: 8,
  }; // prettier-ignore
  override skill = 0.7;

  /** `pause` is awaited between rows, so that tests can interrupt. */
  constructor(private readonly pause: () => Promise<void> = async () => {}) {
    super(pause);
  }

  override async generate(
    tasks: GenerateTask[],
    sampling: Sampling,
    onCompletion: (completion: Completion) => void,
    options: { signal?: AbortSignal } = {},
  ) {
    let tokens = 0;
    for (const [task, { key, prompt, samples }] of tasks.entries())
      for (const sample of samples) {
        await this.pause();
        options.signal?.throwIfAborted();
        const next = random('oracle engine', sampling.seed, sampling.round, key, sampling.temperature, sampling.temperature === 0 ? 0 : sample); // prettier-ignore
        const ids = Int32Array.from([...letters.encode(this.#reply(withoutBos(prompt), next)), 0]);
        const logprobs = Float32Array.from(ids, (id) => -0.05 - (id % 7) / 40);
        this.drawn.push(`${sampling.round}/${key}/${sample}`);
        tokens += ids.length;
        onCompletion({ task, sample, ids, logprobs, finished: true });
      }
    return { promptTokens: 0, tokens, seconds: 0.001 };
  }

  #reply(prompt: string, next: Random): string {
    const sections = sectionsOf(prompt);
    const [question] = [...sections.keys()].slice(-1);
    const instruction = sections.get('Instruction') ?? '';
    if (question === 'Response') return `${this.#answer(instruction, next)}\n### Criterion\n`;
    if (question === 'Judgment') return this.#judgment(sections, next);
    if (question === 'Scores') return this.#scores(sections, next);
    throw new Error(`The oracle engine was asked for "${question}".`);
  }

  /** Lists the nouns of the question, or any word: the oracle says what it is worth. */
  #answer(instruction: string, next: Random): string {
    const said = ['Paris', 'cat, dog', 'Oslo, Rome', '7', 'cold, small', 'apple, pear, plum', 'puppy'];
    return next() < 0.5 ? said[Math.floor(next() * said.length)]! : instruction.replace(/^\S+ \d* ?/, '');
  }

  #judgment(sections: ReadonlyMap<string, string>, next: Random): string {
    const truth = this.#truth(sections.get('Instruction')!, sections.get('Response')!, sections.get('Criterion')!); // prettier-ignore
    const score = this.#seen(truth.score, next);
    // Now and then a judge writes something that cannot be read; a perfect one never does.
    const readable = this.skill === 1 || next() < 0.97;
    return readable ? `${truth.rationale} Score: ${score}` : 'I do not know';
  }

  #scores(sections: ReadonlyMap<string, string>, next: Random): string {
    const responses = [...sections.keys()].filter((name) => name.startsWith('Response '));
    const scores = responses.map((name) => {
      const truth = this.#truth(sections.get('Instruction')!, sections.get(name)!, sections.get('Criterion')!); // prettier-ignore
      return this.#seen(truth.score, next) * 2;
    });
    return `${scores.join(' ')}\nBoth were read.`;
  }

  #truth(instruction: string, response: string, criterion: string): { score: Score; rationale: string } {
    const known = grade(instruction, response, criterion);
    return known
      ? { score: known.score, rationale: rationaleOf(known) }
      : { score: 3, rationale: 'Foreign.' };
  }

  #seen(score: Score, next: Random): Score {
    return next() < this.skill ? score : ((1 + Math.floor(next() * 5)) as Score);
  }

  /** Most of the mass on the true score of the context's answer, the rest spread evenly. */
  override async nextTokenLogprobs(contexts: Int32Array[], candidates: number[]) {
    return contexts.map((context) => {
      const sections = sectionsOf(withoutBos(context));
      const { score } = this.#truth(sections.get('Instruction') ?? '', sections.get('Response') ?? '', sections.get('Criterion') ?? ''); // prettier-ignore
      const rest = (1 - this.skill) / (SCORES.length - 1);
      return Float32Array.from(candidates, (_, i) => Math.log(i + 1 === score ? this.skill : rest));
    });
  }
}
