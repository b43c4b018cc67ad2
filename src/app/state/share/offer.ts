import { APP_VERSION } from '../../../harness/app-version.ts';
import type { Block } from '../../../harness/report.ts';
import {
  LARGEST_DATA,
  type Experiment,
  type RecordedJudgment,
  type SharedItem,
} from '../../../share/experiment.ts';
import { LONG_LINK, SHORT_ADDRESS, fillLink, type Filled, type Told } from '../../../share/filling.ts';

/** What can be shared of something that was run. */
export interface Offer {
  experiment: Experiment;
  says?: string;
  fingerprints: Readonly<Record<string, string>>;
  blocks: readonly Block[];
  judgments: readonly RecordedJudgment[];
  /** Whether the judgments are about the reader's own texts. */
  ownJudgments: boolean;
  /** The reader's own items; they go in only where the reader says so. */
  ownItems: readonly SharedItem[];
}

/** A project's file on the web, which a link names. */
export type NamedBundle = NonNullable<NonNullable<Experiment['data']>['bundle']>;

/** What the author decides. */
export interface Choice {
  title: string;
  note: string;
  /** Whether the author's own texts go in. */
  own: boolean;
  /** Where the author's own items can be had instead. */
  bundle: NamedBundle | null;
}

export const VERSION = APP_VERSION;

/** Bytes of own items in a link. */
export const sizeOf = (items: readonly SharedItem[]): number =>
  new TextEncoder().encode(JSON.stringify(items)).length;

export const fitsIntoLink = ({ ownItems }: Offer): boolean => sizeOf(ownItems) <= LARGEST_DATA;

/** The address of this page, to which a link is added. */
export const pageAddress = (): string => location.href.split('#')[0]!;

/** A link of what is offered, as the author wants it. @throws LinkError */
export function linkOfOffer(offer: Offer, choice: Choice): Filled {
  const items = choice.own && fitsIntoLink(offer) ? offer.ownItems : [];
  const told = toldOf(offer, choice);
  const { data } = told.experiment;
  if (!data || items.length === 0) return fillLink(told);
  const experiment = { ...told.experiment, data: { ...data, items: [...items] } };
  return fillLink({ ...told, experiment, longest: LONG_LINK });
}

/** Addresses of this length are still read off a screen by a phone. */
const QR_ADDRESS = 1200;

/** The same for a picture that a camera reads: without judgments, and never with own items. @throws LinkError */
export function linkForCamera(offer: Offer, choice: Choice): Filled {
  const longest = QR_ADDRESS - pageAddress().length;
  return fillLink({ ...toldOf(offer, { ...choice, own: false }), judgments: [], longest });
}

function toldOf(offer: Offer, { title, note, own, bundle }: Choice): Told {
  const { experiment, says, fingerprints, blocks, judgments, ownJudgments } = offer;
  return {
    experiment: {
      ...experiment,
      ...(title.trim() && { title: title.trim() }),
      ...(note.trim() && { note: note.trim() }),
      ...(experiment.data && bundle && !own && { data: { ...experiment.data, bundle } }),
    },
    ...(says && { says: says.slice(0, 1000) }),
    fingerprints,
    blocks,
    judgments: ownJudgments && !own ? [] : judgments,
    longest: SHORT_ADDRESS - Math.max(80, pageAddress().length),
  };
}
