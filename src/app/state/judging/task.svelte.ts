import { CRITERIA } from '../../../data/micro/families/table.ts';
import { TEMPLATES, type Template } from '../../../data/micro/templates.ts';
import { itemId } from '../../../judge/item-id.ts';
import type { Item } from '../../../judge/item.ts';

/** Where a template's text stands open: words, or a slot to fill. */
export type TemplatePart = { text: string } | { slot: number };

/** "List {count} {category}." → 'List ', slot 0, ' ', slot 1, '.' */
export function templateParts({ text, slots }: Template): TemplatePart[] {
  return text
    .split(/(\{\w+\})/)
    .filter((part) => part !== '')
    .map((part) => {
      const slot = slots.findIndex(({ name }) => part === `{${name}}`);
      return slot < 0 ? { text: part } : { slot };
    });
}

/** What is to be judged: a template with filled slots, or free text. It outlives a visit to another place. */
export class Task {
  /** −1: free text. */
  template = $state(0);
  slots = $state<string[]>([]);
  freeInstruction = $state('');
  response = $state('');
  criterion = $state('');
  /** The true score, where the task came from labelled data and was not changed since. */
  #labelled = $state.raw<Item | null>(null);

  constructor() {
    this.useTemplate(0);
  }

  get chosen(): Template | null {
    return TEMPLATES[this.template] ?? null;
  }

  get instruction(): string {
    if (!this.chosen) return this.freeInstruction;
    return templateParts(this.chosen)
      .map((part) => ('text' in part ? part.text : (this.slots[part.slot] ?? '')))
      .join('');
  }

  /** The criterion's formula in words, for the judge's own criteria. */
  get rule(): string | null {
    return CRITERIA.find(({ criterion }) => criterion === this.criterion)?.rule ?? null;
  }

  get item(): Item {
    const content = { instruction: this.instruction, response: this.response, criterion: this.criterion };
    const id = itemId(content);
    return this.#labelled?.id === id ? this.#labelled : { id, ...content };
  }

  /** What keeps it from being judged, in words. */
  get missing(): string | null {
    if (this.instruction.trim() === '') return 'Write an instruction first.';
    if (this.criterion.trim() === '') return 'Name a criterion first.';
    return null;
  }

  /** Free text keeps the words of the template before it, not its criterion, which fits no other kind of task. */
  useTemplate(index: number): void {
    const template = TEMPLATES[index];
    if (!template) {
      this.freeInstruction = this.instruction;
      this.criterion = '';
    } else {
      this.slots = template.slots.map((slot) => slot.value);
      this.response = template.response;
      this.criterion = template.criterion;
    }
    this.template = template ? index : -1;
  }

  /** Whether something was written by hand that another template would overwrite. */
  get isWritten(): boolean {
    const { chosen } = this;
    if (!chosen) return this.response.trim() !== '' || this.freeInstruction.trim() !== '';
    return this.response !== chosen.response || chosen.slots.some(({ value }, i) => value !== this.slots[i]);
  }

  /** The same template with the same words again, whatever was chosen since. */
  remember(): () => void {
    const { template, slots, freeInstruction, response, criterion } = this;
    const filled = [...slots];
    return () => Object.assign(this, { template, slots: filled, freeInstruction, response, criterion });
  }

  fill(slot: number, value: string): void {
    this.slots[slot] = value;
  }

  /** Opens an item of a data set as free text, keeping its label. */
  useItem(item: Item): void {
    this.template = -1;
    this.freeInstruction = item.instruction;
    this.response = item.response;
    this.criterion = item.criterion;
    this.#labelled = item;
  }
}
