import {fragmentOf, type Fragment} from '../draft/draft.ts'
import {clear, edit, emptyEditor, type Editor} from '../draft/editor.ts'
import {createHistory} from '../history/history.ts'
import {createRecall, type Recall} from '../history/recall.ts'
import {defaultBindings, type KeyBindings} from '../keys/key-bindings.ts'
import {
  chosenTarget,
  decideKey,
  decideTarget,
  usualTarget,
  type LineTarget,
  type ProgramInput,
  type TargetAction,
  type TargetKey,
} from './line-target.ts'
import {createPromptDoubts, type PromptDoubts} from './prompt-doubts.ts'
import type {RunningProgram, TargetState} from './target-state.ts'

export interface ComposerLinesOptions {
  program: () => RunningProgram | undefined
  /** The text of the prompt has changed, but not by an edit. */
  onPrompt: (text: string) => void
  onNotice: (text: string) => void
  /** @default each action has its default keys */
  bindings?: KeyBindings
  /** In ms. @default the time of the system */
  now?: () => number
}

/**
 * The prompt, and beside it the line for the running program. One of them is shown. Only `look`, which is called with each
 * frame, changes which: a key is judged by what the screen showed when it was pressed.
 */
export interface ComposerLines extends Readonly<TargetState> {
  /** The shown line. */
  current: Editor
  prompt: Editor
  /** Steps through the lines that this program was sent. */
  readonly answers: Recall
  readonly programId: string | undefined
  /** Takes over what `program` says now. Returns true if the shown line has changed. */
  look(): boolean
  /** The prompt may hold the beginning of a secret of the running program: see `snapshot`. */
  readonly isUnchecked: boolean
  /** Decides what a key does, and changes the target if that is it. */
  press(key: TargetKey): TargetAction
  /** Shows the prompt in place of an empty line for the program, unless that is hidden. */
  showPrompt(): void
  /** Replaces the prompt, also behind another line, by a text that is no secret of the program, and shows it if it can. */
  replacePrompt(next: Fragment): void
  /** When the program began to read what it read last, as far as is known. */
  readonly reading: number | undefined
  /** The program was given a line, and is not known to read again. */
  readonly isAhead: boolean
  /** Takes out the line to send it to the program. */
  takeLine(): string
  /** The program has got what it was sent. */
  noteAnswered(programId: string): void
  /**
   * Shows the line of this program, even if it has ended, with this text, which was not sent to it, or, if `isUnsure`, may not have
   * arrived. `look` makes it a prompt if the program has ended.
   */
  putBack(text: string, programId: string, options?: {isUnsure?: boolean}): void
  /** The program no longer reads a key, although `program` still says so: until that changes, it counts as reading a line. */
  noteChanged(): void
  /** In place of keys for the program, shows a line for it: what comes now is not sent before Enter. */
  openLine(): void
  readonly cutOff: PromptDoubts['cutOff']
  /** Makes a text that was typed for a program, and not sent, a prompt that Enter does not submit at once. */
  orphan(text: string): void
  /** Empties the shown line. */
  clear(): void
  /** Remembers the prompt; calling the result says that it holds no secret. */
  snapshot(): () => void
}

/** A line sent within this time after an answer, ms, is not recalled, unless the program is known to read again. */
const aheadMs = 1000

const emptyHistory = () => createHistory(() => Promise.resolve({entries: [], hasMore: false}))

export function createComposerLines({
  program,
  onPrompt,
  onNotice,
  bindings = defaultBindings,
  now = () => performance.now(),
}: ComposerLinesOptions): ComposerLines {
  let prompt = emptyEditor
  /** The prompt without the text that may be a secret, because it was typed since the last check. */
  let checked = emptyEditor
  let line = emptyEditor
  let programId: string | undefined
  let input: ProgramInput | undefined
  let target: LineTarget = 'prompt'
  let chosen: 'prompt' | 'program' | undefined
  const doubts = createPromptDoubts({onNotice, now})
  /** The line for the program may have arrived there. */
  let isUnsure = false
  /** The hidden line begins with what was typed before the program hid it. */
  let isEarly = false
  let sent = emptyHistory()
  let answers = createRecall(sent, () => undefined)
  /** The last time at which the program began to read, and that of the answer, as far as was known then. */
  let reading: number | undefined
  let answered: {reading: number | undefined; at: number} | undefined

  /** The user has submitted a prompt, and no program has begun since. */
  let isStarting = false
  /** The program that began to read a key at that time reads something else by now. */
  let hasChanged = false
  let keyAt: number | undefined

  const isAhead = () => answered !== undefined && answered.reading === reading
  const shown = () => (target === 'prompt' ? prompt : line)
  const isEmpty = () => shown().draft.text === ''
  const facts = () => ({input, drawn: target, isEmpty: isEmpty(), chosen})

  const setPrompt = (next: Editor) => {
    if (next.draft.text !== prompt.draft.text) onPrompt(next.draft.text)
    prompt = next
  }
  /** Moves what may be the beginning of a secret from the prompt to the hidden line. */
  const hideUnchecked = () => {
    const [text, safe] = [prompt.draft.text, checked.draft.text]
    const early = text.startsWith(safe) ? text.slice(safe.length) : ''
    line = edit(emptyEditor, {kind: 'replace', fragment: fragmentOf(early)})
    setPrompt(checked)
    doubts.noteHidden()
  }
  const orphan = (draft: Fragment) => {
    if (prompt.draft.text === '') {
      // Without `onPrompt`: it may be a password that its program drew as stars. It is saved once the user edits it.
      prompt = edit(prompt, {kind: 'replace', fragment: draft})
      doubts.noteOrphan()
    } else {
      prompt = {...prompt, kills: [...prompt.kills, draft]}
      const yank = bindings.labelOf('ctrl-y') ?? 'the key for `yank`, if it had one,'
      onNotice(`In the prompt, ${yank} inserts what you typed for the program: it was not sent`)
    }
  }
  const retarget = (next: ProgramInput | undefined) => {
    if (next !== input) chosen = undefined
    input = next
    const decided = decideTarget(facts())
    if (decided.target === 'hidden' && target === 'prompt') hideUnchecked()
    if (decided.target === 'hidden' && target !== 'hidden') isEarly = line.draft.text !== ''
    if (decided.text === 'orphaned') orphan(line.draft)
    if (decided.text === 'thrown-away') doubts.cutOff({isTold: false})
    if (decided.text !== 'stays' || (target === 'hidden' && decided.target !== 'hidden')) line = emptyEditor
    target = decided.target
    if (target === 'hidden') doubts.noteHiding()
  }
  const showPrompt = () => {
    if ((target === 'program' && isEmpty()) || target === 'key') target = 'prompt'
  }
  const choose = (next: 'prompt' | 'program') => {
    chosen = next
    target = chosenTarget({input, chosen})
  }

  return {
    get current() {
      return shown()
    },
    set current(next) {
      if (target === 'prompt') {
        if (next.draft.text !== prompt.draft.text) doubts.noteEdit()
        prompt = next
        if (isEmpty()) doubts.clear()
      } else line = next
      if (isEmpty()) isUnsure = false
    },
    get prompt() {
      return prompt
    },
    set prompt(next) {
      prompt = next
      if (next.draft.text === '') checked = next
      doubts.clear()
    },
    get answers() {
      return answers
    },
    get programId() {
      return programId
    },
    get target() {
      return target
    },
    get input() {
      return input
    },
    get isMarked() {
      if (target === 'hidden') return isEarly && line.draft.text !== ''
      if (target === 'program' && isUnsure && !isEmpty()) return true
      if (target === 'prompt' && doubts.isDoubtful) return true
      return input !== undefined && chosen === undefined && target !== usualTarget(input)
    },
    get isDoubtful() {
      return doubts.isDoubtful
    },
    get isConfirmed() {
      return doubts.isConfirmed
    },
    get isBehindSecret() {
      return doubts.isBehindSecret
    },
    look() {
      const before = {target, text: shown().draft.text}
      const running = program()
      if (running?.id !== programId) {
        retarget(undefined)
        programId = running?.id
        reading = answered = undefined
        isUnsure = hasChanged = false
        line = emptyEditor
        sent = emptyHistory()
        answers = createRecall(sent, () => undefined)
        // What was typed before the user submitted something is no secret of this program.
        if (!isStarting) checked = prompt
        else if (running !== undefined) isStarting = false
        doubts.noteProgram()
      }
      reading = running?.reading ?? reading
      hasChanged &&= running?.input === 'key' && keyAt === reading
      retarget(hasChanged ? 'line' : running?.input)
      return before.target !== target || before.text !== shown().draft.text
    },
    get isUnchecked() {
      return programId !== undefined && prompt.draft.text !== checked.draft.text
    },
    press(key) {
      const action = decideKey(key, {...facts(), isDoubtful: doubts.isDoubtful})
      if (action === 'choose-prompt') choose('prompt')
      if (action === 'choose-program') choose('program')
      if (action === 'confirm') doubts.confirm()
      if (action === 'submit') {
        chosen = undefined
        isStarting = true
        doubts.noteSubmitted()
      }
      return action
    },
    showPrompt,
    replacePrompt(next) {
      if (next.text !== prompt.draft.text) {
        setPrompt(edit(prompt, {kind: 'replace', fragment: next}))
        doubts.clear()
      }
      checked = prompt
      showPrompt()
      if (target === 'hidden') onNotice('The program hides what is typed: the edited text waits in the prompt')
      else if (target === 'program') onNotice('The edited text waits in the prompt: Esc shows it')
    },
    get reading() {
      return reading
    },
    get isAhead() {
      return isAhead()
    },
    takeLine() {
      const {text} = line.draft
      // Nothing of a hidden line is kept, also not for undo and yank.
      if (target === 'hidden') line = emptyEditor
      else {
        // What is typed ahead may be for a program that is about to hide it.
        const isEarlier = isAhead() && now() - answered!.at < aheadMs
        if (text !== '' && !isEarlier) sent.add(text)
        line = clear(line)
      }
      answers.forget()
      isEarly = isUnsure = false
      return text
    },
    noteAnswered(id) {
      if (id === programId) answered = {reading, at: now()}
    },
    putBack(text, id, options) {
      programId = id
      target = 'program'
      line = text === '' ? clear(line) : edit(line, {kind: 'replace', fragment: fragmentOf(text)})
      isUnsure = options?.isUnsure === true
    },
    noteChanged() {
      keyAt = reading
      hasChanged = true
    },
    openLine() {
      if (target === 'key') target = 'program'
    },
    cutOff: doubts.cutOff,
    orphan(text) {
      orphan(fragmentOf(text))
      // For a program that hides what is typed now: it is not the beginning of that.
      checked = prompt
    },
    clear() {
      if (target === 'prompt') {
        prompt = checked = clear(prompt)
        doubts.clear()
      } else line = target === 'hidden' ? emptyEditor : clear(line)
      isUnsure = false
    },
    snapshot() {
      const seen = prompt
      // A program that has asked for a secret may ask again, although its echo is on meanwhile.
      return () => void (doubts.mayAskAgain || (checked = seen))
    },
  }
}
