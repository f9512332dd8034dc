import {maxPromptLength, type SessionState} from '@holdfast/protocol'

import {createCompletion, type MenuWord, type Replacement} from './completion.ts'
import {createConfirmOverlay, type ConfirmOptions} from './confirm-overlay.ts'
import {foldAtCursor, fragmentOf, type Draft} from './draft.ts'
import {placeInLine} from './line-bounds.ts'
import {editKeys} from './edit-keys.ts'
import {clear, edit, emptyEditor, type Edit, type Editor} from './editor.ts'
import {foldPaste} from './fold-paste.ts'
import type {Overlay, OverlayHost, OverlayView} from './overlay.ts'
import type {PromptHistory} from './prompt-history.ts'
import {createQueueOverlay, type QueueActions} from './queue-overlay.ts'
import type {KeyPress} from './read-keys.ts'
import {createSearchOverlay} from './search-overlay.ts'

export interface ComposerOptions {
  /** Where the session stands, once it is known. */
  session: () => SessionState | undefined
  history: PromptHistory
  words: readonly MenuWord[]
  /** See `CompletionOptions`. */
  listFolder: ((folder: string) => Promise<readonly string[]>) | undefined
  /** A prompt or a word was entered. */
  onSubmit: (text: string) => void
  /** Something else is written now, which is to be kept. What is written for a running program is not. */
  onChange: (text: string) => void
  /** Ctrl-C. `isEmpty`: nothing is written that could be lost. False: what is written is to be cleared. */
  onInterrupt: (isEmpty: boolean) => boolean
  /** Ctrl-D with nothing written. */
  onLeave: () => void
  /** For the program of that prompt. Never rejects. */
  onInput: (data: Uint8Array, promptId: string) => Promise<void>
  /** A key that means nothing here. With nothing written, it is asked first. True: it had a meaning. */
  onKey: (name: string, isEmpty: boolean) => boolean
  /** Something to be said, as long as it holds or until the next one. */
  onNotice: (text: string | undefined, options?: {forMs?: number}) => void
  queue: Omit<QueueActions, 'onEdit'>
}

/** What there is to draw. */
export interface ComposerView {
  draft: Draft
  /** `input`: what is written is for the running program. */
  mode: 'prompt' | 'input'
  /** Above what is written. */
  overlay: OverlayView | undefined
  /** In one line, what a key would do now. */
  hint: string | undefined
}

/** Where prompts are written, and whatever is asked of the keyboard. */
export interface Composer {
  readonly view: ComposerView
  subscribe(listener: () => void): () => void
  press(key: KeyPress): void
  /** A text that was pasted. */
  paste(text: string): void
  /** So much was pasted that it was not kept, in UTF-16 units. */
  refusePaste(length: number): void
  /** A text comes before what is written meanwhile: what was kept, or was taken back. */
  restore(text: string): void
  /** The session has changed. */
  look(): void
  /** Puts an overlay in the place of the one that is open. */
  open(create: (host: OverlayHost) => Overlay): void
  /** Asks before something is done. */
  ask(question: Omit<ConfirmOptions, 'host'>): void
  /** Opens the prompts that wait; false: none does. */
  showQueue(): boolean
}

/** Keys for the screen itself, whatever is open. */
const screenKeys: ReadonlySet<string> = new Set(['ctrl-l', 'ctrl-z'])

const encoder = new TextEncoder()

export function createComposer(options: ComposerOptions): Composer {
  const {history, onSubmit, onChange, onInterrupt, onLeave, onInput, onKey, onNotice} = options
  let editor = emptyEditor
  /** What is written for the running program, apart from the prompt: it may be a password. */
  let input: {editor: Editor; promptId: string} | undefined
  let overlay: Overlay | undefined
  /** How many texts ago what is recalled was entered; 0: what is written is new. */
  let ago = 0
  /** What was written before something was recalled. */
  let unsent: Draft | undefined
  let view: ComposerView
  const listeners = new Set<() => void>()

  const completion = createCompletion({
    words: options.words,
    listFolder: options.listFolder,
    onReplace: (replacement) => complete(replacement),
    onChange: () => redraw(),
  })
  const open = (create: (host: OverlayHost) => Overlay) => {
    const isOpen = () => overlay === opened
    const opened = create({
      close() {
        if (!isOpen()) return
        overlay = undefined
        opened.closed?.()
        redraw()
      },
      redraw() {
        if (isOpen()) redraw()
      },
    })
    closeOverlay()
    overlay = opened
    completion.close()
    redraw()
  }
  const closeOverlay = () => {
    const closed = overlay
    overlay = undefined
    closed?.closed?.()
  }

  const current = () => input?.editor ?? editor
  const isEmpty = () => current().draft.text === ''

  const redraw = () => {
    view = draw()
    for (const listener of listeners) listener()
  }
  const draw = (): ComposerView => {
    const {draft} = current()
    return {
      draft,
      mode: input === undefined ? 'prompt' : 'input',
      overlay: overlay?.view ?? completion.view,
      hint: hintFor(draft),
    }
  }
  const hintFor = (draft: Draft): string | undefined => {
    if (overlay !== undefined || completion.view !== undefined) return undefined
    if (foldAtCursor(draft) !== undefined) return 'Tab opens what was pasted · Backspace removes it'
    if (input !== undefined) return 'Enter sends a line to the program · Ctrl-D ends its input · Esc back'
    return undefined
  }

  /** `isWritten`: by hand; then what fits is looked for. */
  const apply = (asked: Edit, {isWritten = false} = {}) => {
    const before = current().draft
    const next = edit(current(), asked)
    if (next.draft.text.length > maxPromptLength) return refuse(next.draft.text.length)
    if (input === undefined) editor = next
    else input.editor = next
    const isChanged = next.draft.text !== before.text
    if (isChanged && input === undefined) onChange(next.draft.text)
    if (input === undefined && isWritten && isChanged) completion.look(next.draft)
    else completion.close()
    redraw()
  }
  const refuse = (length: number) => {
    onNotice(
      `Expected at most ${maxPromptLength.toLocaleString('en')} characters in a prompt, got ${length.toLocaleString('en')}: nothing was added`,
    )
  }
  const complete = ({start, text}: Replacement) => {
    apply({kind: 'replace-stretch', start, end: editor.draft.cursor, text}, {isWritten: true})
  }

  const empty = () => {
    const hadText = editor.draft.text !== ''
    editor = clear(editor)
    ago = 0
    unsent = undefined
    completion.close()
    if (hadText) onChange('')
    redraw()
  }
  const submit = () => {
    const {text} = editor.draft
    if (text.trim() === '') return
    history.add(text)
    empty()
    onSubmit(text)
  }
  /** A line of a shell goes on behind a backslash. */
  const enter = () => {
    const {chosen} = completion
    if (chosen !== undefined) {
      complete(chosen)
      // A word that is whole runs; one with an argument waits for it.
      if (!editor.draft.text.startsWith('/') || editor.draft.text.endsWith(' ')) return
      return submit()
    }
    const {text, cursor} = editor.draft
    const isContinued = cursor === text.length && /(?<!\\)(?:\\\\)*\\$/.test(text.slice(-100))
    if (isContinued) apply({kind: 'insert', fragment: fragmentOf('\n')})
    else submit()
  }

  const recall = (step: -1 | 1) => {
    const next = ago + step
    const text = next === 0 ? undefined : history.at(next)
    if (next < 0 || (next > 0 && text === undefined)) return
    if (ago === 0) unsent = editor.draft
    ago = next
    if (next > 0 && next > history.length - 20) void history.loadMore()
    apply({kind: 'replace', fragment: text === undefined ? (unsent ?? emptyEditor.draft) : foldPaste(text)})
  }
  const up = () => {
    if (completion.choose(-1)) return
    if (placeInLine(editor.draft, -1) !== undefined) apply({kind: 'move', move: 'line-up'})
    else if (!isEmpty() || ago !== 0 || !composer.showQueue()) recall(1)
  }
  const down = () => {
    if (completion.choose(1)) return
    if (placeInLine(editor.draft, 1) !== undefined) apply({kind: 'move', move: 'line-down'})
    else recall(-1)
  }

  const toggleInput = () => {
    if (input !== undefined) input = undefined
    else {
      const running = options.session()?.running
      if (running == null) return onNotice('Nothing runs that could be given input')
      input = {editor: {...emptyEditor, kills: editor.kills}, promptId: running.prompt_id}
      onNotice(undefined)
    }
    completion.close()
    redraw()
  }
  const sendInput = (text: string) => {
    if (input === undefined) return
    input.editor = {...emptyEditor, kills: input.editor.kills}
    redraw()
    // What a line ends with is what the Enter key sends.
    void onInput(encoder.encode(text.replaceAll('\n', '\r')), input.promptId)
  }

  const pressInput = (name: string): boolean => {
    switch (name) {
      case 'enter':
        sendInput(`${current().draft.text}\n`)
        return true
      case 'escape':
        toggleInput()
        return true
      case 'ctrl-d':
        if (!isEmpty()) return false
        sendInput('\u0004')
        return true
      case 'tab':
        if (foldAtCursor(current().draft) === undefined) apply({kind: 'type', text: '\t'})
        else apply({kind: 'open-fold'})
        return true
      case 'up':
      case 'down':
        apply({kind: 'move', move: `line-${name}`})
        return true
    }
    return false
  }
  const pressPrompt = (name: string): boolean => {
    switch (name) {
      case 'enter':
        enter()
        return true
      case 'escape':
        if (!completion.dismiss()) onKey(name, isEmpty())
        return true
      case 'tab':
        if (foldAtCursor(editor.draft) === undefined) completion.tab(editor.draft)
        else apply({kind: 'open-fold'})
        return true
      case 'up':
      case 'ctrl-p':
        up()
        return true
      case 'down':
      case 'ctrl-n':
        down()
        return true
      case 'ctrl-r':
        open((host) => createSearchOverlay({history, host, onTake: take}))
        return true
      case 'ctrl-d':
        if (!isEmpty()) return false
        onLeave()
        return true
    }
    return false
  }
  /** What was entered before is to be edited. */
  const take = (text: string) => apply({kind: 'replace', fragment: foldPaste(text)})

  const pressKey = (name: string) => {
    if (isEmpty() && onKey(name, true)) return
    if (name === 'ctrl-c') {
      if (onInterrupt(isEmpty())) return
      if (input === undefined) empty()
      else {
        input.editor = clear(input.editor)
        redraw()
      }
      return
    }
    if (name === 'ctrl-t') return toggleInput()
    if (input === undefined ? pressPrompt(name) : pressInput(name)) return
    const asked = editKeys[name]
    if (asked !== undefined) apply(asked, {isWritten: asked.kind === 'delete'})
    else if (!isEmpty()) onKey(name, false)
  }

  const composer: Composer = {
    get view() {
      return view
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    press(key) {
      if (key.kind === 'key' && screenKeys.has(key.name)) return void onKey(key.name, isEmpty())
      if (overlay?.press(key)) return
      if (key.kind === 'text') apply({kind: 'type', text: key.text}, {isWritten: true})
      else pressKey(key.name)
    },
    paste(text) {
      // What is pasted is no answer to a question, nor a choice.
      closeOverlay()
      apply({kind: 'insert', fragment: foldPaste(text)})
    },
    refusePaste: refuse,
    restore(text) {
      if (text === '') return
      editor = edit(editor, {kind: 'prepend', fragment: foldPaste(text)})
      onChange(editor.draft.text)
      redraw()
    },
    look() {
      const session = options.session()
      if (input !== undefined && session?.running?.prompt_id !== input.promptId) {
        input = undefined
        onNotice(undefined)
        redraw()
      }
      overlay?.look?.(session)
    },
    open,
    ask: (question) => open((host) => createConfirmOverlay({...question, host})),
    showQueue() {
      const session = options.session()
      if (session === undefined || session.queue.length === 0) return false
      open((host) => createQueueOverlay(session, host, {...options.queue, onEdit: (text) => composer.restore(text)}))
      return true
    },
  }
  view = draw()
  return composer
}
