import {createCompletion, type Replacement} from './completion/completion.ts'
import type {Composer, ComposerOptions, ComposerView} from './composer.ts'
import {createConfirmOverlay} from './overlays/confirm-overlay.ts'
import {collapsedAtCursor, fragmentOf} from './draft/draft.ts'
import {placeInLine} from './draft/line-bounds.ts'
import {editKeys} from './draft/edit-keys.ts'
import {clear, edit, emptyEditor, type Edit, type Editor} from './draft/editor.ts'
import {collapsePaste} from './draft/collapse-paste.ts'
import type {KeyActions, Overlay, OverlayHost} from './overlays/overlay.ts'
import {createRecall} from './history/recall.ts'
import {createSearchOverlay} from './history/search-overlay.ts'

/** Keys for the screen, whatever overlay is open. */
const screenKeys: ReadonlySet<string> = new Set(['ctrl-l', 'ctrl-z'])

const encoder = new TextEncoder()

const defaultMaxLength = 4 * 1024 * 1024

/** A multi-line editor without a screen: it takes keys, and its `view` describes the rows to draw. */
export function createComposer(options: ComposerOptions): Composer {
  const {history, commands = [], listFolder, maxLength = defaultMaxLength, onSubmit} = options
  const {onChange, onInterrupt, onLeave, onInput, onKey, onAnswer, onRecall, onNotice, program, hint} = options
  let editor = emptyEditor
  /** The draft for the running program, kept apart from the prompt: it may be a password. */
  let input: {editor: Editor; programId: string} | undefined
  let overlay: Overlay | undefined
  const recalled = createRecall(history, () => onNotice?.('Older prompts could not be read: ↑ tries again'))
  let view: ComposerView
  const listeners = new Set<() => void>()

  const completion = createCompletion({
    commands,
    listFolder,
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
      mode: mode(),
      isSecret: isSecret(),
      overlay: overlay?.view ?? completion.view,
      hint: currentHint(),
    }
  }
  const mode = () => (input === undefined ? 'prompt' : 'input')
  const isSecret = () => input !== undefined && (program?.()?.isSecret ?? false)
  const currentHint = () => {
    if (overlay !== undefined || completion.view !== undefined) return undefined
    const {draft} = current()
    if (collapsedAtCursor(draft) !== undefined) return 'Tab expands the pasted text · Backspace removes it'
    return hint?.({draft, mode: mode(), isSecret: isSecret(), isAsking: program?.()?.isAsking ?? false})
  }

  /** `isTyped`: opens the menu of completions. */
  const apply = (asked: Edit, {isTyped = false} = {}) => {
    const before = current().draft
    const next = edit(current(), asked)
    if (next.draft.text.length > maxLength) return refuse(next.draft.text.length)
    if (input === undefined) editor = next
    else input.editor = next
    const isChanged = next.draft.text !== before.text
    if (isChanged && input === undefined) onChange?.(next.draft.text)
    if (input === undefined && isTyped && isChanged) completion.look(next.draft)
    else completion.close()
    redraw()
  }
  const refuse = (length: number) => {
    const [limit, got] = [maxLength.toLocaleString('en'), length.toLocaleString('en')]
    onNotice?.(`Expected at most ${limit} characters in a prompt, got ${got}: nothing was added`)
  }
  const complete = ({start, text}: Replacement) => {
    apply({kind: 'replace-range', start, end: editor.draft.cursor, text}, {isTyped: true})
  }

  const empty = () => {
    const hadText = editor.draft.text !== ''
    editor = clear(editor)
    recalled.forget()
    completion.close()
    if (hadText) onChange?.('')
    redraw()
  }
  const submit = () => {
    const {text} = editor.draft
    if (text.trim() === '') return
    history.add(text)
    empty()
    onSubmit(text)
  }
  /** In a shell, a line that ends with a backslash is continued. */
  const enter = () => {
    const {chosen} = completion
    if (chosen !== undefined) {
      complete(chosen)
      if (chosen.isWhole) submit()
      return
    }
    const {text, cursor} = editor.draft
    const isContinued = cursor === text.length && /(?<!\\)(?:\\\\)*\\$/.test(text.slice(-100))
    if (isContinued) apply({kind: 'insert', fragment: fragmentOf('\n')})
    else submit()
  }

  const recall = (step: -1 | 1) => {
    const fragment = recalled.go(step, editor.draft)
    if (fragment !== undefined) apply({kind: 'replace', fragment})
  }
  const up = () => {
    if (completion.choose(-1)) return
    if (placeInLine(editor.draft, -1) !== undefined) apply({kind: 'move', move: 'line-up'})
    else if (!isEmpty()) recall(1)
    else if (!onRecall?.()) {
      // A recalled text that was deleted does not keep its position.
      recalled.forget()
      recall(1)
    }
  }
  const down = () => {
    if (completion.choose(1)) return
    if (placeInLine(editor.draft, 1) !== undefined) apply({kind: 'move', move: 'line-down'})
    else recall(-1)
  }

  const toggleInput = () => {
    if (input !== undefined) input = undefined
    else {
      const running = program?.()
      if (running === undefined) return onNotice?.('No program runs that could read input')
      input = {editor: {...emptyEditor, kills: editor.kills}, programId: running.id}
      onNotice?.(undefined)
    }
    completion.close()
    redraw()
  }
  const sendInput = (text: string) => {
    if (input === undefined) return
    input.editor = {...emptyEditor, kills: input.editor.kills}
    redraw()
    // Enter sends a carriage return.
    void onInput?.(encoder.encode(text.replaceAll('\n', '\r')), input.programId)
  }

  const expandOr = (otherwise: () => void) => () => {
    if (collapsedAtCursor(current().draft) === undefined) otherwise()
    else apply({kind: 'expand'})
  }
  const inputActions: KeyActions = {
    enter: () => sendInput(`${current().draft.text}\n`),
    escape: toggleInput,
    'ctrl-d': () => isEmpty() && sendInput('\u0004'),
    tab: expandOr(() => apply({kind: 'type', text: '\t'})),
    up: () => apply({kind: 'move', move: 'line-up'}),
    down: () => apply({kind: 'move', move: 'line-down'}),
  }
  const promptActions: KeyActions = {
    enter,
    escape: () => void (completion.dismiss() || onKey?.('escape', isEmpty())),
    tab: expandOr(() => completion.tab(editor.draft)),
    up,
    'ctrl-p': up,
    down,
    'ctrl-n': down,
    'ctrl-r': () => open((host) => createSearchOverlay({history, host, onTake: take})),
    'ctrl-d': () => isEmpty() && onLeave?.(),
  }
  /** Edits a text of the history. */
  const take = (text: string) => apply({kind: 'replace', fragment: collapsePaste(text)})

  const pressKey = (name: string) => {
    if (isEmpty() && onKey?.(name, true)) return
    if (name === 'ctrl-c') {
      if (onInterrupt?.(isEmpty())) return
      if (input === undefined) empty()
      else {
        input.editor = clear(input.editor)
        redraw()
      }
      return
    }
    if (name === 'ctrl-t') return input === undefined && onAnswer?.() ? undefined : toggleInput()
    const action = (input === undefined ? promptActions : inputActions)[name]
    if (action !== undefined && action() !== false) return
    const asked = editKeys[name]
    if (asked !== undefined) apply(asked, {isTyped: asked.kind === 'delete'})
    else if (!isEmpty()) onKey?.(name, false)
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
      if (key.kind === 'key' && screenKeys.has(key.name)) return void onKey?.(key.name, isEmpty())
      if (overlay?.press(key)) return
      if (key.kind === 'text') apply({kind: 'type', text: key.text}, {isTyped: true})
      else pressKey(key.name)
    },
    paste(text) {
      // A paste does not answer a question.
      closeOverlay()
      apply({kind: 'insert', fragment: collapsePaste(text)})
    },
    refusePaste: refuse,
    restore(text) {
      if (text === '') return
      if (editor.draft.text !== '') {
        // Put together, the two could be a command that nobody wanted.
        history.add(text)
        return onNotice?.('Your earlier text is in the history, because you have typed meanwhile: ↑ shows it')
      }
      editor = edit(editor, {kind: 'replace', fragment: collapsePaste(text)})
      onChange?.(editor.draft.text)
      redraw()
    },
    refresh() {
      if (input !== undefined && program?.()?.id !== input.programId) {
        input = undefined
        redraw()
      } else if (isSecret() !== view.isSecret || currentHint() !== view.hint) redraw()
      overlay?.refresh?.()
    },
    open,
    ask: (question) => open((host) => createConfirmOverlay({...question, host})),
  }
  view = draw()
  return composer
}
