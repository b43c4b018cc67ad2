/** Files of published evaluation sets whose rows are not yet one answer with one score each. */
import { isRecord, type Row } from './row.ts';

/** Rows of a known shape, re-shaped; any other rows as they are. */
export function reshape(rows: readonly Row[]): Row[] {
  return rows.flatMap((row) => {
    if (isPrometheus(row)) return [reshapePrometheus(row)];
    return isPandaLm(row) ? reshapePandaLm(row) : [row];
  });
}

/** Prometheus evaluation sets: the rubric's five lines belong to the criterion; three GPT-4 scores to a list. */
function isPrometheus({ values }: Row): boolean {
  return 'criteria' in values && isRecord(values['score_descriptions']) && 'reference_answer' in values;
}

function reshapePrometheus({ values, ...row }: Row): Row {
  const descriptions = Object.entries(values['score_descriptions'] as Record<string, unknown>);
  const lines = descriptions.map(([score, text]) => `Score ${score}: ${String(text)}`);
  const criterion = [String(values['criteria']), ...lines].join('\n');
  const { instruction, response, reference_answer: reference, gpt4_score: score, category: family } = values;
  return { ...row, values: { instruction, response, criterion, reference, score, family } };
}

/**
 * PandaLM's test set compares two responses by human votes. Each response becomes an item without a score: it
 * can be judged and displayed, and there is no score from 1 to 5 that one could honestly derive.
 */
function isPandaLm({ values }: Row): boolean {
  return ['instruction', 'input', 'response1', 'response2'].every((name) => name in values);
}

function reshapePandaLm({ values, ...row }: Row): Row[] {
  const criterion = 'overall quality';
  const { input, response1, response2, motivation_app: family } = values;
  const question = String(values['instruction']);
  const instruction = typeof input === 'string' && input !== '' ? `${question}\n${input}` : question;
  return [response1, response2].map((response) => ({
    ...row,
    // Some of its models answered nothing at all; people voted on that too.
    values: { instruction, response: response === '' ? '(no response)' : response, criterion, family },
  }));
}
