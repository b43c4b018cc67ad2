import type { Item, Split } from '../judge/item.ts';

/** A data set with its frozen division, a rubric, and the judge that runs begin with. */
export interface Project {
  id: string;
  name: string;
  created: number;
  /** Hash of items and labels. */
  itemsHash: string;
  /** Hash of the frozen division into train, validation and held-out. */
  splitHash: string;
  counts: Record<Split, number>;
  /** The criterion of items that bring none of their own; '' where they all do. */
  rubric: string;
  /** Name and hash of the seed judge. */
  seedModel: { name: string; hash: string };
  /** Where the items came from, in words: a file's name, or the built-in generator and its version. */
  source: string;
  /** The project that this one was copied from. */
  copyOf?: string;
  /** The link of the shared experiment that this project is for. */
  link?: string;
  /** When it was put into the bin. */
  deleted?: number;
}

/** The items of a project, divided. */
export type ProjectItems = Record<Split, Item[]>;

/** What a person may change. Everything but the name decides what runs mean. */
export interface ProjectChanges {
  name?: string;
  rubric?: string;
  seedModel?: Project['seedModel'];
  data?: { items: ProjectItems; itemsHash: string; splitHash: string; source: string };
}
