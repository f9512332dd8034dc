import {editKeys} from '../draft/edit-keys.ts'
import type {KeyBindings} from '../keys/key-bindings.ts'
import type {KeyActions, Overlay, OverlayHost} from '../overlays/overlay.ts'
import {findEntries} from './find-entries.ts'
import {historyRow} from './history-row.ts'
import type {History, HistoryEntry} from './history.ts'

export interface SearchOptions {
  history: History
  host: OverlayHost
  bindings: KeyBindings
  /** Epoch ms. */
  now: number
  /** Called with the text that the user chose to edit. */
  onTake: (text: string) => void
}

/** Rows that Page Up and Page Down move. */
const pageRows = 10

/** Lists the history, newest first; typing narrows it. Ctrl-R and ↓ choose an older text, Ctrl-S and ↑ a newer one. */
export function createSearchOverlay({history, host, bindings, now, onTake}: SearchOptions): Overlay {
  let query = ''
  let found = history.entries
  let chosen = 0
  let isLoading = false
  /** Older texts could not be loaded. */
  let hasFailed = false
  let isClosed = false

  /** The history has changed: the chosen text stays chosen, unless it is the first one. */
  const look = () => {
    const text = chosen === 0 ? undefined : found[chosen]?.text
    found = findEntries(history.entries, query)
    chosen = Math.max(0, text === undefined ? 0 : found.findIndex((entry) => entry.text === text))
    host.redraw()
  }
  /** Loads what is new, then all older texts: any of them may match. */
  const load = async (isRefreshed: boolean) => {
    if (isLoading) return
    isLoading = true
    hasFailed = isRefreshed && !(await history.refresh())
    while (!isClosed && !hasFailed && history.hasMore) {
      look()
      hasFailed = !(await history.loadMore())
    }
    isLoading = false
    if (!isClosed) look()
  }
  const narrow = (next: string) => {
    query = next
    chosen = 0
    look()
  }
  const choose = (at: number) => {
    if (at >= found.length && hasFailed) void load(false)
    chosen = Math.max(0, Math.min(at, found.length - 1))
    host.redraw()
  }
  const older = () => choose(chosen + 1)
  const newer = () => choose(chosen - 1)
  const take = () => {
    const text = found[chosen]?.text
    host.close()
    if (text !== undefined) onTake(text)
  }

  const actions: KeyActions = {
    'ctrl-r': older,
    'ctrl-n': older,
    down: older,
    'ctrl-s': newer,
    'ctrl-p': newer,
    up: newer,
    'page-down': () => choose(chosen + pageRows),
    'page-up': () => choose(chosen - pageRows),
    backspace: () => narrow(query.slice(0, -1)),
    'ctrl-u': () => narrow(''),
    enter: take,
    tab: take,
    escape: host.close,
    'ctrl-g': host.close,
    'ctrl-c': host.close,
  }
  const rowOf = (entry: HistoryEntry) => historyRow(entry, query, now)
  const state = () =>
    hasFailed
      ? ` · older entries could not be read: ${bindings.labelOf('ctrl-r') ?? '↓'} tries again`
      : isLoading
        ? ' · reading older entries …'
        : ''
  void load(true)

  return {
    get view() {
      const title = `history: ${query}▏`
      if (found.length === 0) return {title, rows: [{text: 'no match'}], footer: `type to search${state()} · Esc back`}
      const footer = `Enter takes it · ↑↓ choose · type to search${state()} · Esc back`
      return {title, rows: found.map(rowOf), selected: chosen, footer}
    },
    press(key) {
      if (key.kind === 'text') narrow(query + key.text)
      else if (actions[key.name] !== undefined) actions[key.name]?.()
      else if (editKeys[key.name] !== undefined) {
        // As in readline, an editing key takes the text and edits it.
        take()
        return false
      }
      return true
    },
    closed() {
      isClosed = true
    },
  }
}
