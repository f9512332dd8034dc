/** The rows that each part of the live region asks for. */
export interface RowRequests {
  /** The draft; gets at least one row. */
  composer: number
  /** The keys below the draft. */
  hint: number
  /** The menu or question above the draft. */
  overlay: number
  notices: number
  queue: number
  /** What a coding agent does now. */
  activity: number
  /** Empty rows: above the status line, and above what is before it. */
  gaps: number
  /** The line of tabs. */
  tabs: number
  /** The last rows of the running command. */
  output: number
}

export type RowGrants = RowRequests & {status: 0 | 1}

/** The order in which parts get rows. */
const order = ['composer', 'hint', 'overlay', 'notices', 'queue', 'activity', 'gaps', 'tabs', 'output'] as const

/** The share of the remaining rows that a part may take in the first pass. */
const shares: Readonly<Record<(typeof order)[number], number>> = {
  composer: 0.5,
  hint: 1,
  overlay: 0.7,
  notices: 0.5,
  queue: 0.5,
  activity: 0.6,
  gaps: 1,
  tabs: 1,
  output: 1,
}

/** Of a list that can be scrolled, this many rows are shown also on a low screen. */
const leastListRows = 8

/** The most rows for a list that can be scrolled: above it, the last output stays in sight. Pure. */
export function listRoom(rows: number): number {
  return Math.max(leastListRows, Math.floor(rows / 2))
}

/**
 * Distributes the rows of a terminal, less one: Ink redraws a live region as high as the terminal from the top of the
 * screen, which damages the scrollback. If not all requests fit, each part gets at most its share of the remaining rows, in
 * order; a second pass distributes the rest. `leastOverlay`: rows that the overlay gets before that. Pure.
 */
export function giveRows(rows: number, requests: RowRequests, leastOverlay = 0): RowGrants {
  const grants: RowGrants = {
    status: 0,
    composer: 1,
    hint: 0,
    overlay: 0,
    notices: 0,
    queue: 0,
    activity: 0,
    gaps: 0,
    tabs: 0,
    output: 0,
  }
  let left = rows - 1 - grants.composer
  if (left > 0) {
    grants.status = 1
    left--
  }
  grants.overlay = Math.max(0, Math.min(leastOverlay, requests.overlay, left))
  left -= grants.overlay
  for (const share of [shares, undefined]) {
    for (const part of order) {
      const room = share === undefined ? left : Math.ceil(left * share[part])
      const more = Math.max(0, Math.min(requests[part] - grants[part], room))
      grants[part] += more
      left -= more
    }
  }
  return grants
}
