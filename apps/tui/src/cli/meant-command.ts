/**
 * The command that was meant, when one was all but typed: one letter too many, one too few, another one, or two that
 * changed places. Words of one or two letters are too near to too much to be judged. Pure.
 */
export function meantCommand(word: string, commands: readonly string[]): string | undefined {
  if (word.length < 3) return undefined
  return commands.find((command) => word !== command && isOneSlip(word, command))
}

function isOneSlip(typed: string, meant: string): boolean {
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
