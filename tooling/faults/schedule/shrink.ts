/**
 * Looks for the fewest steps that still fail: leaves out halves, then quarters, down to single steps (ddmin of Zeller and
 * Hildebrandt, reduced to complements). The returned steps did fail, even if `fails` is unreliable. Stops when `isOver`
 * returns true.
 */
export async function shrink<Step>(
  steps: readonly Step[],
  fails: (steps: readonly Step[]) => Promise<boolean>,
  isOver: () => boolean,
): Promise<readonly Step[]> {
  let left = steps
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    // From the end, because most of what can go came after the failure.
    for (let from = left.length - size; from > -size && !isOver(); from -= size) {
      const fewer = left.toSpliced(Math.max(0, from), Math.min(size, size + from))
      if (fewer.length < left.length && (await fails(fewer))) left = fewer
    }
  }
  return left
}
