import {diffArrays} from 'diff'

/** A line that was added or removed, or one beside them. `gap`: lines that did not change are left out here. */
export interface DiffLine {
  kind: 'same' | 'added' | 'removed' | 'gap'
  text: string
}

/** Lines beside a change. */
const around = 2

/** Beyond this many changes, all lines count as changed: the search takes changes times lines. */
const maxChanges = 200

/** What changed from one text to another, as lines. Pure. */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  const parts = diffArrays([...before], [...after], {maxEditLength: maxChanges}) ?? [
    {removed: true, added: false, value: before},
    {removed: false, added: true, value: after},
  ]
  return withGaps(
    parts.flatMap(({removed, added, value}) =>
      value.map((text): DiffLine => ({kind: removed ? 'removed' : added ? 'added' : 'same', text})),
    ),
  )
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
