import {isOneSlip} from '../slash-commands/is-one-slip.ts'

/** What users of git and tmux type for some commands. */
const elsewhere: Readonly<Record<string, string>> = {
  list: 'ls',
  sessions: 'ls',
  'list-sessions': 'ls',
  'attach-session': 'attach',
  'kill-session': 'close',
}

/**
 * The command or the option, such as `--resume ID`, that `typed` names without its dashes, or names elsewhere, or from which it differs
 * by one typo: a letter added, missing, replaced, or two letters swapped. Words of one or two letters are not corrected. Pure.
 */
export function meantCommand(
  typed: string,
  commands: readonly string[],
  options: readonly string[] = [],
): string | undefined {
  if (typed.length < 3 || commands.includes(typed)) return undefined
  const nameOf = (option: string) => option.replace(/^--/, '').replace(/ .*/, '')
  const known = options.find((option) => nameOf(option) === typed)
  if (known !== undefined) return known
  if (Object.hasOwn(elsewhere, typed)) return elsewhere[typed]
  return (
    commands.find((command) => isOneSlip(typed, command)) ?? options.find((option) => isOneSlip(typed, nameOf(option)))
  )
}
