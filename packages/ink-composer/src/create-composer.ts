import type {Replacement} from './completion/candidates.ts'
import {createCompletion} from './completion/completion.ts'
import type {Composer, ComposerOptions, ComposerView} from './composer.ts'
import {createEnterKey} from './enter-key.ts'
import {createConfirmOverlay} from './overlays/confirm-overlay.ts'
import {createOverlayPlace} from './overlays/overlay-place.ts'
import {collapsedAtCursor, fragmentOf} from './draft/draft.ts'
import {placeInLine} from './draft/line-bounds.ts'
import {editKeys} from './draft/edit-keys.ts'
import {edit, type Edit} from './draft/editor.ts'
import {collapsePaste} from './draft/collapse-paste.ts'
import type {KeyActions} from './overlays/overlay.ts'
import {createHistoryKeys} from './history/history-keys.ts'
import {createKeyOrder} from './keys/key-order.ts'
import {defaultBindings} from './keys/key-bindings.ts'
import type {KeyPress} from './keys/read-keys.ts'
import {createComposerLines} from './program/composer-lines.ts'
import {isTargetKey} from './program/line-target.ts'
import {createProgramKeys} from './program/program-keys.ts'

/** Keys for the screen, whatever overlay is open. */
const screenKeys: ReadonlySet<string> = new Set(['ctrl-l', 'ctrl-z', 'ctrl-\\'])
/** Keys for the screen that do not wait behind an answer that is being sent: it may be the reason why they are pressed. */
const urgentKeys: ReadonlySet<string> = new Set([...screenKeys, 'ctrl-o'])

/** In place of the name of a key that has lost its action. */
const noAction = 'none'

const defaultMaxLength = 4 * 1024 * 1024

/** A multi-line editor without a screen: it takes keys, and its `view` describes the rows to draw. */
export function createComposer(options: ComposerOptions): Composer {
  const {history, folder = () => undefined, suggests = false, commands = []} = options
  const {listFolder, completeLine, mentions = () => false, readPaste} = options
  const {maxLength = defaultMaxLength, bindings = defaultBindings} = options
  const {onChange, onTyped, onInterrupt, onKey, onAnswer, onRecall, onEdit, onNotice, program, hint} = options
  const lines = createComposerLines({
    program: () => program?.(),
    bindings,
    onPrompt: (text) => onChange?.(text),
    onNotice: (text) => onNotice?.(text),
  })
  const keys = createKeyOrder()
  /** Ctrl-X was pressed: the next key has another meaning. */
  let isPrefixed = false
  let view: ComposerView
  const listeners = new Set<() => void>()

  const completion = createCompletion({
    commands: typeof commands === 'function' ? commands : () => commands,
    listFolder,
    completeLine,
    mentions,
    onReplace: (replacement) => complete(replacement),
    onChange: () => redraw(),
  })
  const overlay = createOverlayPlace(() => redraw())
  const open: Composer['open'] = (create) => {
    completion.close()
    overlay.open(create)
  }
  const past = createHistoryKeys({
    history,
    folder,
    suggests,
    bindings,
    editor: () => lines.prompt,
    apply: (asked) => applyToPrompt(asked),
    open,
    onFailed: () => onNotice?.('Older prompts could not be read: ↑ tries again'),
  })
  const isEmpty = () => lines.current.draft.text === ''

  const redraw = () => {
    view = draw()
    for (const listener of listeners) listener()
  }
  const draw = (): ComposerView => {
    const {current, target, isMarked} = lines
    return {
      draft: current.draft,
      target,
      isMarked,
      continuations: target === 'prompt' ? enterKey.continuations(current.draft) : undefined,
      suggestion: suggestion(),
      overlay: overlay.view ?? completion.view,
      hint: currentHint(),
    }
  }
  const suggestion = () =>
    lines.target === 'prompt' && !overlay.isOpen && completion.view === undefined ? past.suggestion : undefined
  const currentHint = () => {
    if (overlay.isOpen || completion.view !== undefined) return undefined
    const {current, target, input, isMarked, isDoubtful, isConfirmed, isBehindSecret} = lines
    if (collapsedAtCursor(current.draft) !== undefined && target !== 'hidden')
      return 'Tab expands the pasted text · Backspace removes it'
    return hint?.({draft: current.draft, target, input, isMarked, isDoubtful, isConfirmed, isBehindSecret})
  }

  /** `isTyped`: opens the menu of completions. */
  const apply = (asked: Edit, {isTyped = false} = {}) => {
    const before = lines.current.draft
    const next = edit(lines.current, asked)
    if (next.draft.text.length > maxLength) return refuse(next.draft.text.length)
    lines.current = next
    const isChanged = next.draft.text !== before.text
    const isPrompt = lines.target === 'prompt'
    // An empty draft must be saved, too: an older one would come back.
    if (isChanged && isPrompt && (isEmpty() || !lines.isBehindSecret)) onChange?.(next.draft.text)
    if (isChanged) onTyped?.(next.draft.text)
    if (isPrompt && isTyped && isChanged) completion.look(next.draft)
    else completion.close()
    if (isEmpty()) {
      if (isPrompt) enterKey.forget()
      lines.look()
    }
    redraw()
  }
  /** An edit of the prompt that was chosen elsewhere: by now, the shown line may be another one. */
  const applyToPrompt = (asked: Edit) => {
    lines.showPrompt()
    if (lines.target === 'prompt') apply(asked)
  }
  const refuse = (length: number) => {
    const [limit, got] = [maxLength.toLocaleString('en'), length.toLocaleString('en')]
    onNotice?.(`Expected at most ${limit} characters in a prompt, got ${got}: nothing was added`)
  }
  const complete = ({start, text}: Replacement) => {
    // The answer of a shell comes late: a program may have the line by now.
    if (lines.target !== 'prompt') return
    apply({kind: 'replace-range', start, end: lines.prompt.draft.cursor, text}, {isTyped: true})
  }

  const empty = () => {
    const hadText = !isEmpty()
    lines.clear()
    past.forget()
    if (lines.target === 'prompt') enterKey.forget()
    completion.close()
    if (hadText && lines.target === 'prompt') onChange?.('')
    lines.look()
    redraw()
  }
  const enterKey = createEnterKey({lines, keys, completion, past, apply, complete, empty, redraw, options})

  const up = () => {
    if (completion.choose(-1)) return
    if (placeInLine(lines.prompt.draft, -1) !== undefined) apply({kind: 'move', move: 'line-up'})
    else if (!isEmpty()) past.recall(1)
    else if (!onRecall?.()) {
      // A recalled text that was deleted does not keep its position.
      past.forget()
      past.recall(1)
    }
  }
  const down = () => {
    if (completion.choose(1)) return
    if (placeInLine(lines.prompt.draft, 1) !== undefined) apply({kind: 'move', move: 'line-down'})
    else past.recall(-1)
  }

  const expandOr = (otherwise: () => void) => () => {
    if (collapsedAtCursor(lines.current.draft) === undefined) otherwise()
    else apply({kind: 'expand'})
  }
  const closeMenu = completion.close
  const programKeys = createProgramKeys({
    lines,
    apply,
    type: (text) => typeText(text),
    redraw,
    empty,
    closeMenu,
    keys,
    options,
  })
  const programActions: KeyActions = {
    ...programKeys.actions,
    tab: expandOr(() => apply({kind: 'type', text: '\t'})),
  }
  const promptActions: KeyActions = {
    enter: () => enterKey.press(),
    'ctrl-s': () => enterKey.press({isNow: true}),
    tab: expandOr(() => completion.tab(lines.prompt.draft)),
    'shift-tab': () => completion.choose(-1),
    up,
    'ctrl-p': up,
    down,
    'ctrl-n': down,
    ...past.actions,
    'ctrl-x': () => void (isPrefixed = true),
    'ctrl-x ctrl-e': () => void editOutside(),
  }
  const editOutside = async () => {
    const text = await onEdit?.(lines.prompt.draft.text)
    if (text === undefined) return
    lines.replacePrompt(collapsePaste(text))
    completion.close()
    redraw()
  }

  /** `name`: the default key of the action of the key that was pressed. */
  const pressKey = (name: string, pressed: string) => {
    const wasPrefixed = isPrefixed
    isPrefixed = false
    // It was pressed for what has not happened: nothing may run, or be sent, unseen.
    if (keys.isStale && name === 'enter') return apply({kind: 'insert', fragment: fragmentOf('\n')})
    if (keys.isStale && isTargetKey(name)) return
    if (wasPrefixed && pressed === 'ctrl-e' && lines.target === 'prompt') return void editOutside()
    if (!keys.isStale && isEmpty() && onKey?.(name, true)) return
    if (name === 'ctrl-c') {
      // A terminal drops the line that the program has not got.
      if (onInterrupt?.(isEmpty()) && lines.target === 'prompt') return
      empty()
      return onTyped?.('')
    }
    if (lines.target === 'key' && name !== 'ctrl-t') return programKeys.sendKey(pressed)
    if (name === 'ctrl-t' && lines.target === 'prompt' && onAnswer?.()) return
    if (name === 'escape' && (completion.dismiss() || (!isEmpty() && onKey?.('escape', false)))) return
    if (name !== 'enter' && isTargetKey(name) && programKeys.press(name)) return
    if (suggestion() !== undefined && past.takeSuggestion(name)) return
    const action = (lines.target === 'prompt' ? promptActions : programActions)[name]
    if (action !== undefined && action() !== false) return
    const asked = editKeys[name]
    if (asked !== undefined) apply(asked, {isTyped: asked.kind === 'delete'})
    else if (!isEmpty()) onKey?.(name, false)
  }

  const press = (key: KeyPress, pressed: string, isLate: boolean) => {
    if (overlay.press(key, {isLate})) return
    // What was pressed for something else than the key that the program reads now is not sent unseen.
    if (keys.isStale) lines.openLine()
    if (key.kind === 'key') return pressKey(key.name, pressed)
    isPrefixed = false
    typeText(key.text)
  }
  const typeText = (text: string) => {
    if (lines.target === 'key') programKeys.sendText(text)
    else apply({kind: 'type', text}, {isTyped: true})
  }

  const bound = (key: KeyPress): KeyPress =>
    key.kind === 'text' ? key : {kind: 'key', name: bindings.actionOf(key.name) ?? noAction}
  const noteFull = () => onNotice?.('Too many keys wait for an earlier key: what you type now is dropped')

  const composer: Composer = {
    get view() {
      return view
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    press(typed) {
      const key = bound(typed)
      // As a terminal does: what was typed ahead of Ctrl-C is dropped.
      if (key.kind === 'key' && key.name === 'ctrl-c') {
        programKeys.cancel()
        keys.drop()
      }
      if (key.kind === 'key' && (keys.isHeld ? urgentKeys : screenKeys).has(key.name))
        return void onKey?.(key.name, isEmpty())
      const pressed = typed.kind === 'key' ? typed.name : ''
      let isLate = false
      if (!keys.take(() => press(key, pressed, isLate), key.kind === 'text' ? key.text.length : 0)) noteFull()
      isLate = true
    },
    paste(text) {
      const insert = () => {
        // A paste does not answer a question.
        overlay.close()
        lines.openLine()
        const read = lines.target === 'prompt' ? readPaste?.(text) : undefined
        if (read === undefined) return apply({kind: 'insert', fragment: collapsePaste(text)})
        keys.hold(read, (fragment) => applyToPrompt({kind: 'insert', fragment: fragment ?? collapsePaste(text)}))
      }
      if (!keys.take(insert, text.length)) noteFull()
    },
    refusePaste: refuse,
    clear(text) {
      if (text === '' || lines.prompt.draft.text !== text) return
      lines.prompt = edit(lines.prompt, {kind: 'replace', fragment: collapsePaste('')})
      lines.showPrompt()
      redraw()
    },
    restore(text) {
      if (text === '') return
      if (lines.prompt.draft.text !== '') {
        // Put together, the two could be a command that nobody wanted.
        history.add(text)
        return onNotice?.('Your earlier text is in the history, because you have typed meanwhile: ↑ shows it')
      }
      lines.prompt = edit(lines.prompt, {kind: 'replace', fragment: collapsePaste(text)})
      lines.showPrompt()
      onChange?.(lines.prompt.draft.text)
      redraw()
    },
    putBack(text) {
      if (text === '') return
      lines.look()
      lines.orphan(text)
      completion.close()
      redraw()
    },
    refresh() {
      const before = lines.programId
      if (lines.look()) {
        completion.close()
        onTyped?.('')
        redraw()
      } else if (currentHint() !== view.hint || lines.isMarked !== view.isMarked) redraw()
      // Typed before the program was known to run.
      if (lines.programId !== before && lines.isUnchecked) onTyped?.(lines.prompt.draft.text)
      programKeys.refresh()
      overlay.refresh()
    },
    snapshot: lines.snapshot,
    open,
    ask: (question) => open((host) => createConfirmOverlay({...question, host})),
  }
  lines.look()
  view = draw()
  return composer
}
