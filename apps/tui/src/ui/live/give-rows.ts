/** The parts of the live region that take rows, and how many each would like. */
export interface RowWishes {
  /** Where the user writes; has at least one row. */
  composer: number
  /** What lies over the composer: a menu, a question. */
  overlay: number
  notices: number
  queue: number
  /** The last rows of what runs. */
  output: number
}

export type RowGifts = RowWishes & {status: 0 | 1}

/** Who is served first. */
const order = ['composer', 'overlay', 'notices', 'queue', 'output'] as const

/** The part of what is left that one may take, so that something is left for those behind it. */
const shares: Readonly<Record<(typeof order)[number], number>> = {
  composer: 0.5,
  overlay: 0.7,
  notices: 0.5,
  queue: 0.5,
  output: 1,
}

/**
 * Gives out the rows of a terminal, one fewer than it has: a live region as high as the terminal would be redrawn from its
 * top, which damages the scrollback. All get what they wish if there is room; else each its share of what is left, in
 * their order, and what nobody took goes round again. Pure.
 */
export function giveRows(rows: number, wishes: RowWishes): RowGifts {
  const gifts: RowGifts = {status: 0, composer: 1, overlay: 0, notices: 0, queue: 0, output: 0}
  let left = rows - 1 - gifts.composer
  if (left > 0) {
    gifts.status = 1
    left--
  }
  for (const share of [shares, undefined]) {
    for (const part of order) {
      const room = share === undefined ? left : Math.ceil(left * share[part])
      const more = Math.max(0, Math.min(wishes[part] - gifts[part], room))
      gifts[part] += more
      left -= more
    }
  }
  return gifts
}
