import {maxPromptLength} from '@holdfast/protocol'

import {createCompletion, type Replacement} from './completion.ts'
import type {Composer, ComposerOptions, ComposerView} from './composer.ts'
import {createConfirmOverlay} from './confirm-overlay.ts'
import {foldAtCursor, fragmentOf} from './draft.ts'
import {placeInLine} from './line-bounds.ts'
import {editKeys} from './edit-keys.ts'
import {clear, edit, emptyEditor, type Edit, type Editor} from './editor.ts'
import {foldPaste} from './fold-paste.ts'
import {hintFor} from './hint-for.ts'
import type {Overlay, OverlayHost} from './overlay.ts'
import {createQueueOverlay} from './queue-overlay.ts'
import {createRecall} from './recall.ts'
import {createSearchOverlay} from './search-overlay.ts'

/** Keys for the screen itself, whatever is open. */
const screenKeys: ReadonlySet<string> = new Set(['ctrl-l', 'ctrl-z'])

const encoder = new TextEncoder()

export function createComposer(options: ComposerOptions): Composer {
  const {history, onSubmit, onChange, onInterrupt, onLeave, onInput, onKey, onNotice} = options
  let editor = emptyEditor
  /** What is written for the running program, apart from the prompt: it may be a password. */
  let input: {editor: Editor; promptId: string} | undefined
  let overlay: Overlay | undefined
  const recalled = createRecall(history)
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
      isSecret: isSecret(),
      overlay: overlay?.view ?? completion.view,
      hint: hint(),
    }
  }
  const isSecret = () => input !== undefined && (options.isSecret?.() ?? false)
  const hint = () => {
    if (overlay !== undefined || completion.view !== undefined) return undefined
    const mode = input === undefined ? 'prompt' : 'input'
    return hintFor({draft: current().draft, mode, isSecret: isSecret(), isAsking: options.isAsking?.() ?? false})
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
    recalled.forget()
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
    else if (!composer.showQueue()) {
      // What was recalled, and deleted, is nowhere to go on from.
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
        redraw()
      } else if (isSecret() !== view.isSecret || hint() !== view.hint) redraw()
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
