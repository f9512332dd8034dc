import type {Replacement} from './completion/candidates.ts'
import type {Completion} from './completion/completion.ts'
import type {ComposerOptions, ComposerView, SubmitOptions} from './composer.ts'
import {createContinuations} from './draft/continuations.ts'
import {fragmentOf, type Draft} from './draft/draft.ts'
import type {Edit} from './draft/editor.ts'
import type {HistoryKeys} from './history/history-keys.ts'
import {defaultBindings, describeKey, joinHints} from './keys/key-bindings.ts'
import type {KeyOrder} from './keys/key-order.ts'
import type {ComposerLines} from './program/composer-lines.ts'

/** In a shell, a line that ends with a backslash is continued. */
const endsInBackslash = (text: string) => /(?<!\\)(?:\\\\)*\\$/.test(text.slice(-100))

export interface EnterKeyOptions {
  lines: ComposerLines
  keys: KeyOrder
  completion: Completion
  past: HistoryKeys
  apply: (asked: Edit) => void
  complete: (replacement: Replacement) => void
  empty: () => void
  redraw: () => void
  options: ComposerOptions
}

/** Enter in a prompt: submits it, or begins its next line. Later keys wait for the answer to which of the two. */
export interface EnterKey {
  /** `isNow`: see `SubmitOptions`. @default false */
  press(options?: SubmitOptions): void
  /** What stands before the lines of a draft that Enter has begun. */
  continuations(draft: Draft): ComposerView['continuations']
  /** The draft is empty. */
  forget(): void
}

export function createEnterKey(enterKeyOptions: EnterKeyOptions): EnterKey {
  const {lines, keys, completion, past, apply, complete, empty, redraw, options} = enterKeyOptions
  const {history, folder = () => undefined, isIncomplete = endsInBackslash, onSubmit, onTyped, onNotice} = options
  const {bindings = defaultBindings} = options
  const continuations = createContinuations()

  const submit = (how: SubmitOptions) => {
    const {text} = lines.prompt.draft
    if (text.trim() === '') return
    if (lines.press('enter') === 'confirm') return redraw()
    // As in shells: a blank before a line keeps it out.
    if (!/^[ \t]/.test(text)) history.add(text, folder())
    empty()
    onSubmit(text, how)
    onTyped?.('')
  }
  const press = (how: SubmitOptions = {isNow: false}) => {
    const {chosen} = completion
    const completed = chosen === undefined ? completion.hold() : undefined
    // What is typed meanwhile belongs to the next line.
    if (completed !== undefined)
      return keys.hold(completed, (goesOn) => (goesOn && lines.target === 'prompt' ? press(how) : keepLine()))
    if (chosen !== undefined) {
      complete(chosen)
      if (chosen.isWhole) submit(how)
      return
    }
    // Also an expansion and a new line are for a text that the user knows to be a prompt.
    if (lines.isDoubtful) return submit(how)
    const expanding = options.expandsHistory?.() === true ? past.expand() : undefined
    if (expanding === undefined) return check(how)
    keys.hold(expanding, (expanded) => {
      if (lines.target !== 'prompt') return keepLine()
      if (expanded === undefined) return check(how)
      apply({kind: 'replace', fragment: fragmentOf(expanded)})
      onNotice?.(joinHints('Enter runs it as it is written now', describeKey(bindings, 'ctrl-_', 'takes that back')))
      keepLine()
    })
  }
  const check = (how: SubmitOptions) => {
    const {text} = lines.prompt.draft
    const answer = text.trim() !== '' && isIncomplete(text)
    if (typeof answer === 'boolean') submitOrContinue(answer, how)
    else keys.hold(answer, (isMore) => submitOrContinue(isMore, how))
  }
  /** Meanwhile a program has begun to read: the line stays, and what was typed behind Enter is below it. */
  const keepLine = () => {
    keys.noteChange()
    if (keys.isStale && lines.target === 'prompt') apply({kind: 'insert', fragment: fragmentOf('\n')})
  }
  const submitOrContinue = (isMore: boolean | string, how: SubmitOptions) => {
    if (lines.target !== 'prompt') return keepLine()
    if (isMore === false) return submit(how)
    // As in a shell, where Enter takes the whole line, wherever the cursor is.
    apply({kind: 'move', move: 'line-end'})
    apply({kind: 'insert', fragment: fragmentOf('\n')})
    if (typeof isMore !== 'string') return
    continuations.add(lines.prompt.draft, isMore)
    redraw()
  }

  return {press, continuations: (draft) => continuations.of(draft), forget: continuations.clear}
}
