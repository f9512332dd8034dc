/** A line that was added or removed, or one beside them. `gap`: lines that did not change are left out here. */
export interface DiffLine {
  kind: 'same' | 'added' | 'removed' | 'gap'
  text: string
}

/** Lines beside a change. */
const around = 2

/** Beyond this many changes, all lines between the first and the last change count as changed: the search takes changes times lines. */
const maxChanges = 200

/** What changed from one text to another, as lines. Pure. */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  const most = Math.min(before.length, after.length) - start
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++

  const [old, now] = [before.slice(start, before.length - end), after.slice(start, after.length - end)]
  const same = (lines: readonly string[]) => lines.map((text): DiffLine => ({kind: 'same', text}))
  const changed = shortestChange(old, now) ?? [
    ...old.map((text): DiffLine => ({kind: 'removed', text})),
    ...now.map((text): DiffLine => ({kind: 'added', text})),
  ]
  return withGaps([...same(before.slice(0, start)), ...changed, ...same(before.slice(before.length - end))])
}

/** The fewest changes that lead from one text to the other (Myers, 1986); undefined if there are too many. */
function shortestChange(old: readonly string[], now: readonly string[]): DiffLine[] | undefined {
  const max = Math.min(old.length + now.length, maxChanges)
  /** How far each diagonal, `x - y`, gets in `old`. */
  const reach = new Int32Array(2 * max + 2)
  const before: Int32Array[] = []
  const at = (from: Int32Array, diagonal: number) => from[diagonal + max] ?? 0
  const isDown = (from: Int32Array, diagonal: number, changes: number) =>
    diagonal === -changes || (diagonal !== changes && at(from, diagonal - 1) < at(from, diagonal + 1))

  for (let changes = 0; changes <= max; changes++) {
    before.push(reach.slice())
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      let x = isDown(reach, diagonal, changes) ? at(reach, diagonal + 1) : at(reach, diagonal - 1) + 1
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x++
      reach[diagonal + max] = x
      if (x >= old.length && x - diagonal >= now.length) return walkBack()
    }
  }
  return undefined

  function walkBack(): DiffLine[] {
    const lines: DiffLine[] = []
    let [x, y] = [old.length, now.length]
    for (let changes = before.length - 1; changes >= 0; changes--) {
      const from = before[changes] ?? reach
      const diagonal = x - y
      const isAdded = isDown(from, diagonal, changes)
      const beginX = changes === 0 ? 0 : isAdded ? at(from, diagonal + 1) : at(from, diagonal - 1)
      const beginY = changes === 0 ? 0 : beginX - (isAdded ? diagonal + 1 : diagonal - 1)
      for (; x > beginX && y > beginY; x--, y--) lines.push({kind: 'same', text: old[x - 1] ?? ''})
      if (changes === 0) break
      lines.push(isAdded ? {kind: 'added', text: now[y - 1] ?? ''} : {kind: 'removed', text: old[x - 1] ?? ''})
      ;[x, y] = [beginX, beginY]
    }
    return lines.reverse()
  }
}

/** Leaves out the lines that are not beside a change. */
function withGaps(lines: readonly DiffLine[]): DiffLine[] {
  const isNear = new Uint8Array(lines.length)
  lines.forEach(({kind}, index) => {
    if (kind !== 'same') isNear.fill(1, Math.max(0, index - around), index + around + 1)
  })
  const near: DiffLine[] = []
  let isGap = false
  lines.forEach((line, index) => {
    if (isNear[index] === 1) {
      if (isGap && near.length > 0) near.push({kind: 'gap', text: '…'})
      near.push(line)
    }
    isGap = isNear[index] !== 1
  })
  return near
}
