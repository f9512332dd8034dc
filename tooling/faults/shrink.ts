/**
 * Looks for the fewest steps that still fail: leaves out halves, then quarters, and so on to single steps (ddmin of
 * Zeller and Hildebrandt, reduced to complements). `fails` may be wrong now and then, as faults at random moments are;
 * what it returns did fail. Stops when `isOver` says so.
 */
export async function shrink<Step>(
  steps: readonly Step[],
  fails: (steps: readonly Step[]) => Promise<boolean>,
  isOver: () => boolean,
): Promise<readonly Step[]> {
  let left = steps
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    // From the end: what came after the failure is most of what can go.
    for (let from = left.length - size; from > -size && !isOver(); from -= size) {
      const fewer = left.toSpliced(Math.max(0, from), Math.min(size, size + from))
      if (fewer.length < left.length && (await fails(fewer))) left = fewer
    }
  }
  return left
}
