import {collapsePaste} from '../draft/collapse-paste.ts'
import {fragmentOf, type Draft} from '../draft/draft.ts'
import type {Edit, Editor} from '../draft/editor.ts'
import {wordEnd} from '../draft/word-bounds.ts'
import type {KeyBindings} from '../keys/key-bindings.ts'
import type {KeyActions, Overlay, OverlayHost} from '../overlays/overlay.ts'
import {expandHistory} from './expand-history.ts'
import type {History} from './history.ts'
import {lastWord} from './last-word.ts'
import {createRecall} from './recall.ts'
import {createSearchOverlay} from './search-overlay.ts'
import {suggest} from './suggest.ts'

export interface HistoryKeysOptions {
  history: History
  /** See `ComposerOptions`. */
  folder: () => string | undefined
  suggests: boolean
  bindings: KeyBindings
  /** The editor of the prompt. */
  editor: () => Editor
  apply: (asked: Edit) => void
  open: (create: (host: OverlayHost) => Overlay) => void
  /** Older texts could not be loaded. */
  onFailed: () => void
}

/** What the keys of the prompt do with the history. */
export interface HistoryKeys {
  readonly actions: KeyActions
  /** Steps to an older text (1), or to a newer one and back to the draft (-1). */
  recall(step: -1 | 1): void
  /** The draft is new: the next step starts from it. */
  forget(): void
  /** See `ComposerView`. */
  readonly suggestion: string | undefined
  /** The prompt with its references to earlier commands expanded; `undefined` if there are none, or the user has seen the expansion. */
  expand(): Promise<string | undefined> | undefined
  /** Takes the suggestion, or a word of it, if this key does so. */
  takeSuggestion(key: string): boolean
}

/** At the end of the draft, these keys take the suggestion. */
const takesAll: ReadonlySet<string> = new Set(['right', 'ctrl-f', 'end', 'ctrl-e'])
/** A command of the screen, which no shell expands. */
const slashCommand = /^\/[a-z][a-z-]*(?:\s|$)/i
/** How long an expansion waits for the history, ms. Then, nothing is expanded. */
const loadMs = 1000
const takesWord: ReadonlySet<string> = new Set(['alt-right', 'ctrl-right', 'alt-f'])

export function createHistoryKeys(options: HistoryKeysOptions): HistoryKeys {
  const {history, folder, suggests, bindings, editor, apply, open, onFailed} = options
  const recalled = createRecall(history, onFailed)
  /** The text of the last expansion. */
  let expanded: string | undefined
  /** The draft before it, which undoing brings back. */
  let unexpanded: Draft | undefined

  const insertLastWord = () => {
    const {last} = editor()
    for (let ago = last.kind === 'word' ? last.ago + 1 : 1; ago <= history.length; ago++) {
      const text = history.at(ago) ?? ''
      const word = slashCommand.test(text) ? undefined : lastWord(text)
      if (word !== undefined) return apply({kind: 'insert-word', word, ago})
    }
  }
  const suggestion = () => {
    const {draft, last} = editor()
    const isAtEnd = draft.cursor === draft.text.length && draft.collapsed.length === 0
    // A text of the history is whole, until it is changed.
    if (!suggests || !isAtEnd || (recalled.isActive && last.kind !== 'typed')) return undefined
    return suggest(history.entries, draft.text, folder())
  }

  const commands = () => history.entries.map(({text}) => text).filter((text) => !slashCommand.test(text))
  const expand = async (draft: Draft) => {
    if (history.length === 0) await loaded(history)
    const next = expandHistory(draft.text, commands)
    if (next === draft.text) return undefined
    unexpanded = draft
    return (expanded = next)
  }

  return {
    expand() {
      const {draft} = editor()
      const {text} = draft
      // What the user has taken back is meant as it is written.
      if (
        text === expanded ||
        draft === unexpanded ||
        !/[!^]/.test(text) ||
        text.includes('\n') ||
        slashCommand.test(text)
      )
        return undefined
      return expand(draft)
    },
    actions: {
      'ctrl-r': () =>
        open((host) =>
          createSearchOverlay({
            history,
            host,
            bindings,
            now: Date.now(),
            onTake: (text) => apply({kind: 'replace', fragment: collapsePaste(text)}),
          }),
        ),
      'alt-.': insertLastWord,
      'alt-_': insertLastWord,
    },
    recall(step) {
      const fragment = recalled.go(step, editor().draft)
      if (fragment !== undefined) apply({kind: 'replace', fragment})
    },
    forget: recalled.forget,
    get suggestion() {
      return suggestion()
    },
    takeSuggestion(key) {
      if (!takesAll.has(key) && !takesWord.has(key)) return false
      const rest = suggestion()
      if (rest === undefined) return false
      const {text} = editor().draft
      const whole = fragmentOf(text + rest)
      const end = takesAll.has(key) ? whole.text.length : wordEnd(whole, text.length, 'letters')
      apply({kind: 'insert', fragment: fragmentOf(whole.text.slice(text.length, end))})
      return true
    },
  }
}

/** Resolves when the newest texts are loaded, or that takes too long. */
async function loaded(history: History): Promise<void> {
  const {promise, resolve} = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, loadMs)
  await Promise.race([history.loadMore(), promise])
  clearTimeout(timer)
}
