import {editKeys} from '../draft/edit-keys.ts'
import type {KeyActions, Overlay, OverlayHost} from '../overlays/overlay.ts'
import type {History} from './history.ts'

export interface SearchOptions {
  history: History
  host: OverlayHost
  /** Called with the match that the user chose to edit. */
  onTake: (text: string) => void
}

/** Incremental search in the history: Ctrl-R finds older matches, Ctrl-S newer ones. */
export function createSearchOverlay({history, host, onTake}: SearchOptions): Overlay {
  let query = ''
  /** The position of the match in the history; `undefined` if there is none. */
  let found: number | undefined
  let isLoading = false
  /** Older texts could not be loaded. */
  let hasFailed = false
  let isClosed = false

  /** Searches from `ago` on, and loads older texts if none of the loaded ones match. */
  const look = (ago: number, direction: 'older' | 'newer' = 'older') => {
    const next = query === '' ? undefined : history.find(query, ago, direction)
    hasFailed = false
    if (next !== undefined) found = next
    else if (query !== '' && direction === 'older' && history.hasMore) void loadMore(ago)
    else if (direction === 'older' && (found === undefined || ago <= found)) found = undefined
    host.redraw()
  }
  const loadMore = async (ago: number) => {
    isLoading = true
    const asked = query
    const isLoaded = await history.loadMore()
    isLoading = false
    if (isClosed || query !== asked) return
    if (isLoaded) return look(ago)
    hasFailed = true
    host.redraw()
  }
  const change = (next: string) => {
    query = next
    found = undefined
    look(1)
  }
  const textFound = () => (found === undefined ? undefined : history.at(found))
  const take = () => {
    const text = textFound()
    host.close()
    if (text !== undefined) onTake(text)
  }

  const actions: KeyActions = {
    'ctrl-r': () => look((found ?? 0) + 1),
    'ctrl-s': () => look((found ?? 1) - 1, 'newer'),
    backspace: () => change(query.slice(0, -1)),
    'ctrl-u': () => change(''),
    enter: take,
    tab: take,
    escape: host.close,
    'ctrl-g': host.close,
    'ctrl-c': host.close,
  }

  return {
    get view() {
      const text = textFound()
      const failed = hasFailed ? 'older entries could not be read: Ctrl-R tries again' : 'no match'
      const nothing = isLoading ? 'searching older entries …' : query === '' ? '' : failed
      return {
        title: `history: ${query}▏`,
        rows: [{text: text ?? nothing}],
        footer: text === undefined ? 'Esc back' : 'Enter takes it · Ctrl-R older · Ctrl-S newer · Esc back',
      }
    },
    press(key) {
      if (key.kind === 'text') change(query + key.text)
      else if (actions[key.name] !== undefined) actions[key.name]?.()
      else if (editKeys[key.name] !== undefined) {
        // As in readline, an editing key takes the match and edits it.
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
