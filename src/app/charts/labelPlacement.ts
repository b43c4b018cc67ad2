/** Where the names of points go: beside their point if nothing is there, else further off with a line to it. */

export interface LabelledPoint {
  x: number;
  y: number;
  /** Width of the label. */
  width: number;
}

export interface PlacedLabel {
  /** Left end and middle line of the label. */
  x: number;
  y: number;
  /** Whether it is so far off that a line must lead to it. */
  leader: boolean;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Half the size of a point, and what it keeps clear. */
const POINT = 7;
/** Right first: that is where a name is looked for. */
const DIRECTIONS = [0, 180, 270, 90, 315, 45, 225, 135].map((degrees) => (degrees * Math.PI) / 180);
/** Distances in heights of a line; from the second on a line leads to the label. */
const DISTANCES = [0, 1, 2, 3, 4.5];

/**
 * Greedy, in the order given (put the important ones first): the first free of 8 directions at growing distances.
 * Labels cover neither each other nor a point, and stay within `area`. Null where nothing is free.
 */
export function placeLabels(
  points: readonly LabelledPoint[],
  area: { width: number; height: number; left?: number; top?: number },
  lineHeight: number,
): (PlacedLabel | null)[] {
  const bounds: Box = {
    left: area.left ?? 0,
    top: area.top ?? 0,
    right: (area.left ?? 0) + area.width,
    bottom: (area.top ?? 0) + area.height,
  };
  const taken: Box[] = points.map(({ x, y }) => around(x, y, POINT - 1, POINT - 1));
  return points.map((point) => {
    for (const distance of DISTANCES) {
      for (const direction of DIRECTIONS) {
        const box = boxAt(point, direction, POINT + 4 + distance * lineHeight, lineHeight);
        if (!within(box, bounds) || taken.some((other) => overlap(box, other))) continue;
        taken.push(box);
        return { x: box.left, y: (box.top + box.bottom) / 2, leader: distance > 0 };
      }
    }
    return null;
  });
}

const around = (x: number, y: number, halfWidth: number, halfHeight: number): Box => ({
  left: x - halfWidth,
  right: x + halfWidth,
  top: y - halfHeight,
  bottom: y + halfHeight,
});

/** The label's box with its near edge or corner `distance` away from the point. */
function boxAt({ x, y, width }: LabelledPoint, direction: number, distance: number, height: number): Box {
  const [toX, toY] = [Math.cos(direction), Math.sin(direction)];
  const side = (share: number) => (Math.abs(share) < 0.1 ? 0 : Math.sign(share));
  return around(
    x + toX * distance + (side(toX) * width) / 2,
    y + toY * distance + (side(toY) * height) / 2,
    width / 2,
    height / 2,
  );
}

const within = (box: Box, bounds: Box) =>
  box.left >= bounds.left &&
  box.right <= bounds.right &&
  box.top >= bounds.top &&
  box.bottom <= bounds.bottom;

const overlap = (a: Box, b: Box) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
