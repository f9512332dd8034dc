/** Whether a word differs from another by one typo: a letter added, missing, replaced, or two letters swapped. Pure. */
export function isOneSlip(typed: string, meant: string): boolean {
  let same = 0
  while (same < meant.length && typed[same] === meant[same]) same++
  const [typedRest, meantRest] = [typed.slice(same), meant.slice(same)]
  return [
    [typedRest.slice(1), meantRest],
    [typedRest, meantRest.slice(1)],
    [typedRest.slice(1), meantRest.slice(1)],
    [`${typedRest[1]}${typedRest[0]}${typedRest.slice(2)}`, meantRest],
  ].some(([left, right]) => left === right)
}
