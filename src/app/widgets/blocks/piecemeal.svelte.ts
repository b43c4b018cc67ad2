import { nextTurn } from '../../../judge/event-loop.ts';

/**
 * How many of `total` things to draw by now: `step` at first, and as many more each time that the event loop turns, for a
 * long table or a dozen pictures drawn at once would freeze the page. To be called while a component is set up.
 */
export function piecemeal(total: () => number, step: number): { readonly drawn: number } {
  let drawn = $state(step);
  $effect(() => {
    if (drawn >= total()) return;
    let wanted = true;
    void nextTurn().then(() => {
      if (wanted) drawn += step;
    });
    return () => {
      wanted = false;
    };
  });
  return {
    get drawn() {
      return drawn;
    },
  };
}
