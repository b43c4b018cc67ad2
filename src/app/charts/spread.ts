/**
 * Positions at least `gap` apart, in the order of those wished for and each as near to its wish as the others allow:
 * neighbours that clash are moved apart evenly around the mean of their wishes. Ends may pass the first and last wish.
 */
export function spread(wishes: readonly number[], gap: number): number[] {
  const order = wishes.map((_, index) => index).sort((a, b) => wishes[a]! - wishes[b]!);
  let blocks: { members: number[]; centre: number }[] = [];
  for (const index of order) {
    blocks.push({ members: [index], centre: wishes[index]! });
    blocks = mergeClashes(blocks, wishes, gap);
  }
  const places = new Array<number>(wishes.length).fill(0);
  for (const { members, centre } of blocks)
    members.forEach((member, at) => (places[member] = centre + (at - (members.length - 1) / 2) * gap));
  return places;
}

type Block = { members: number[]; centre: number };

function mergeClashes(blocks: Block[], wishes: readonly number[], gap: number): Block[] {
  const last = blocks.at(-1);
  const previous = blocks.at(-2);
  if (!last || !previous) return blocks;
  const reach = ((previous.members.length + last.members.length) / 2) * gap;
  if (last.centre - previous.centre >= reach - 1e-9) return blocks;
  const members = [...previous.members, ...last.members];
  const centre = members.reduce((sum, member) => sum + wishes[member]!, 0) / members.length;
  return mergeClashes([...blocks.slice(0, -2), { members, centre }], wishes, gap);
}
