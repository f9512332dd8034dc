/**
 * What the running program reads. `none`: nothing. `line`: a line. `key`: a key, which its terminal shows. `hidden`: a line that its
 * terminal does not show, such as a password. `terminal`: it wants the whole terminal.
 */
export type ProgramInput = 'none' | 'line' | 'key' | 'hidden' | 'terminal'

/**
 * Whom the typed line is for: the next prompt, or the running program, which may hide it. `key`: the program, which gets each key at
 * once, so that the line stays empty.
 */
export type LineTarget = 'prompt' | 'program' | 'key' | 'hidden'

export interface TargetFacts {
  /** `undefined`: no program runs. */
  input: ProgramInput | undefined
  /** Whom the line was for when it was last drawn. */
  drawn: LineTarget
  /** Nothing is typed in it. */
  isEmpty: boolean
  /** What the user has chosen for what the program reads now. */
  chosen: 'prompt' | 'program' | undefined
}

export interface TargetDecision {
  target: LineTarget
  /**
   * What happens to the typed text. `stays`: it is for whom it was typed for. `thrown-away`: it may be a secret. `orphaned`: its
   * program has ended; it becomes a prompt that Enter does not submit at once.
   */
  text: 'stays' | 'thrown-away' | 'orphaned'
}

/** Whom a line is for that is begun now, unless the user chooses. Pure. */
export function usualTarget(input: ProgramInput | undefined): LineTarget {
  if (input === 'line') return 'program'
  return input === 'hidden' || input === 'key' ? input : 'prompt'
}

/** The same, if the user has chosen. Pure. */
export function chosenTarget({input, chosen}: Pick<TargetFacts, 'input' | 'chosen'>): LineTarget {
  // A line for a program that reads keys is no other choice than the keys.
  return chosen === undefined || (chosen === 'program' && input === 'key') ? usualTarget(input) : chosen
}

/**
 * Whom the line is for in the next frame. A line that was begun for one reader is never sent to another: text stays with its
 * target when the program reads something else, and only an empty line changes its target. Pure.
 */
export function decideTarget({input, drawn, isEmpty, chosen}: TargetFacts): TargetDecision {
  if (input === undefined) {
    if (drawn === 'prompt' || isEmpty) return {target: 'prompt', text: 'stays'}
    return {target: 'prompt', text: drawn === 'hidden' ? 'thrown-away' : 'orphaned'}
  }
  // Nothing may be typed visibly, or be queued. A line that was begun for this program goes on as a hidden one.
  if (input === 'hidden') return {target: 'hidden', text: 'stays'}
  const next = chosenTarget({input, chosen})
  if (drawn === 'hidden') return {target: next, text: isEmpty ? 'stays' : 'thrown-away'}
  return {target: isEmpty ? next : drawn, text: 'stays'}
}

const targetKeys = ['enter', 'ctrl-d', 'ctrl-t', 'escape'] as const

/** The keys whose meaning depends on the target. */
export type TargetKey = (typeof targetKeys)[number]

export function isTargetKey(name: string): name is TargetKey {
  return targetKeys.some((key) => key === name)
}

export type TargetAction =
  /** Submits the prompt. */
  | 'submit'
  /** Sends the line to the program. */
  | 'send'
  /** Sends end-of-file to the program. */
  | 'end-input'
  | 'leave'
  /** The text is doubtful: the next Enter submits it. */
  | 'confirm'
  /** Changes the target, for a line of its own. */
  | 'choose-prompt'
  | 'choose-program'
  /** No program runs. */
  | 'refuse-program'
  /** While a program hides what is typed, nothing is queued. */
  | 'refuse-prompt'
  | 'clear'
  /** The key has its usual use. */
  | 'none'

export interface KeyFacts extends TargetFacts {
  /** The text was typed for a program that has ended, or may be a secret. */
  isDoubtful: boolean
}

/** What a key does, by what the screen showed when it was pressed. Pure. */
export function decideKey(key: TargetKey, {input, drawn, isEmpty, chosen, isDoubtful}: KeyFacts): TargetAction {
  switch (key) {
    case 'enter':
      if (drawn !== 'prompt') return 'send'
      return isDoubtful && !isEmpty ? 'confirm' : 'submit'
    case 'ctrl-d':
      if (!isEmpty) return 'none'
      return drawn === 'prompt' ? 'leave' : 'end-input'
    case 'ctrl-t':
      if (drawn === 'hidden') return 'refuse-prompt'
      if (drawn !== 'prompt') return 'choose-prompt'
      return input === undefined ? 'refuse-program' : 'choose-program'
    case 'escape':
      if (drawn === 'hidden') return 'clear'
      if (drawn !== 'prompt') return 'choose-prompt'
      return chosen === 'prompt' && usualTarget(input) !== 'prompt' ? 'choose-program' : 'none'
  }
}
