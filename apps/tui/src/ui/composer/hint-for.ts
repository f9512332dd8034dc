import {describeKey, joinHints, type HintFacts, type KeyBindings} from '@holdfast/ink-composer'

/**
 * Whom the typed line is for, and the key that changes that, in one line; `undefined` where the status line says it. Whether there
 * is one depends on nothing that a key changes: a row that comes or goes would move the draft. Pure.
 */
export function hintFor(
  {draft, target, input, isMarked, isDoubtful, isConfirmed, isBehindSecret}: HintFacts,
  bindings: KeyBindings,
  {isAgentAtWork, takesCommands, isReadOnly}: {isAgentAtWork: boolean; takesCommands: boolean; isReadOnly: boolean},
): string | undefined {
  if (isReadOnly) return 'Read-only: you see all, and cannot type · / lists the commands of the screen'
  const typesCommand = takesCommands ? describeKey(bindings, 'ctrl-t', 'types a command') : undefined
  if (target === 'hidden') {
    if (/\n./s.test(draft.text)) return 'Not shown, several lines · Enter sends the first one · Esc clears them'
    return isMarked
      ? 'Not shown, like what you typed just before · Enter sends all · Esc clears it'
      : 'Not shown · Enter sends it · Ctrl-D ends input'
  }
  if (target === 'key') return joinHints('Keys go to the program at once', typesCommand)
  if (target === 'program') {
    if (input === 'key') return joinHints('Typed for the program, which reads keys now · Enter sends it', typesCommand)
    if (isMarked && input === 'line')
      return joinHints('This line may have arrived · Enter sends it again', typesCommand)
    if (isMarked) return joinHints('Typed for the program, which reads nothing now · Enter sends it', typesCommand)
    const enter = `Enter ${input === 'line' ? 'answers' : 'sends it to'} the program`
    return joinHints(enter, typesCommand, 'Ctrl-D ends input')
  }
  const enter = input === undefined && !isAgentAtWork ? 'runs it' : 'queues it'
  const clears = input === undefined ? ' · Ctrl-C clears it' : ''
  if (isDoubtful) {
    const why = isBehindSecret ? 'Typed behind a secret, so not saved' : 'Typed for a program that has ended'
    return `${why} · Enter twice ${enter}${clears}`
  }
  if (input === 'line' || input === 'key') {
    const answers = describeKey(bindings, 'ctrl-t', `${input === 'line' ? 'answers' : 'sends keys to'} the program`)
    if (!takesCommands) return answers
    return isMarked
      ? joinHints('Typed before the program asked · Enter queues it', answers)
      : joinHints('Enter queues a command', answers)
  }
  if (isConfirmed) return `Enter ${enter}${clears}`
  if (!isBehindSecret && isAgentAtWork)
    return joinHints('Enter queues', describeKey(bindings, 'ctrl-s', 'sends it now'), 'Esc stops the agent')
  if (!isBehindSecret) return undefined
  return draft.text === '' ? 'What you type now may be a secret · Enter twice queues it' : `Enter ${enter}`
}
