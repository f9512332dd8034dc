import {editKeys} from '../draft/edit-keys.ts'
import type {Overlay, OverlayHost} from '../overlays/overlay.ts'
import type {History} from './history.ts'

export interface SearchOptions {
  history: History
  host: OverlayHost
  /** The text that was found is to be edited. */
  onTake: (text: string) => void
}

/** Looks for what was entered before, as it is typed: Ctrl-R again goes to older ones, Ctrl-S back to newer ones. */
export function createSearchOverlay({history, host, onTake}: SearchOptions): Overlay {
  let query = ''
  /** How many texts ago what is shown was entered; `undefined`: nothing fits. */
  let found: number | undefined
  let isLoading = false
  let isClosed = false

  /** From `ago` on. What is not among what was loaded may be older. */
  const look = (ago: number, direction: 'older' | 'newer' = 'older') => {
    const next = query === '' ? undefined : history.find(query, ago, direction)
    if (next !== undefined) found = next
    else if (query !== '' && direction === 'older' && history.hasMore) void loadMore(ago)
    else if (direction === 'older' && (found === undefined || ago <= found)) found = undefined
    host.redraw()
  }
  const loadMore = async (ago: number) => {
    isLoading = true
    const asked = query
    await history.loadMore()
    isLoading = false
    if (!isClosed && query === asked) look(ago)
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

  return {
    get view() {
      const text = textFound()
      const nothing = isLoading ? 'looking further back …' : query === '' ? '' : 'nothing fits'
      return {
        title: `history: ${query}▏`,
        rows: [{text: text ?? nothing}],
        footer: 'Enter takes it · Ctrl-R older · Ctrl-S newer · Esc back',
      }
    },
    press(key) {
      if (key.kind === 'text') {
        change(query + key.text)
        return true
      }
      switch (key.name) {
        case 'ctrl-r':
          look((found ?? 0) + 1)
          return true
        case 'ctrl-s':
          look((found ?? 1) - 1, 'newer')
          return true
        case 'backspace':
          change(query.slice(0, -1))
          return true
        case 'ctrl-u':
          change('')
          return true
        case 'enter':
        case 'tab':
          take()
          return true
        case 'escape':
        case 'ctrl-g':
        case 'ctrl-c':
          host.close()
          return true
      }
      // As in readline: another key edits what was found.
      if (editKeys[key.name] === undefined) return true
      take()
      return false
    },
    closed() {
      isClosed = true
    },
  }
}
