import type {KeyActions, Overlay, OverlayHost, OverlayRow} from './overlay.ts'

export interface PickerOptions<Item> {
  host: OverlayHost
  /** The title, such as `sessions`. */
  title: string
  /** What Enter does, such as `opens it`. */
  verb: string
  items: readonly Item[]
  toRow: (item: Item) => OverlayRow
  /** The index of the item that is selected first. @default 0 */
  selected?: number
  /** Another item is selected. */
  onSelect?: (item: Item) => void
  onPick: (item: Item) => void
  /** The picker was closed, or replaced by another overlay. */
  onClosed?: () => void
}

/** Rows that Page Up and Page Down move. */
const pageRows = 10

/** Picks one of many items. Typing keeps the rows that contain all typed words, in any order and case. */
export function createPickerOverlay<Item>(options: PickerOptions<Item>): Overlay {
  const {host, title, verb, items, toRow, onSelect, onPick, onClosed} = options
  let query = ''
  let selected = Math.max(0, options.selected ?? 0)

  const matching = () => {
    const words = query.toLowerCase().split(/\s+/)
    return items
      .map((item) => ({item, row: toRow(item)}))
      .filter(({row}) => {
        const text = `${row.text} ${row.hint ?? ''}`.toLowerCase()
        return words.every((word) => text.includes(word))
      })
  }
  const choose = (at: number) => {
    const rows = matching()
    selected = Math.max(0, Math.min(at, rows.length - 1))
    const chosen = rows[selected]
    if (chosen !== undefined) onSelect?.(chosen.item)
    host.redraw()
  }
  const filter = (next: string) => {
    query = next
    choose(0)
  }

  const pick = () => {
    const chosen = matching()[selected]
    if (chosen === undefined) return
    host.close()
    onPick(chosen.item)
  }
  const up = () => choose(selected - 1)
  const down = () => choose(selected + 1)
  const actions: KeyActions = {
    up,
    'ctrl-p': up,
    down,
    'ctrl-n': down,
    'page-up': () => choose(selected - pageRows),
    'page-down': () => choose(selected + pageRows),
    backspace: () => filter(query.slice(0, -1)),
    'ctrl-u': () => filter(''),
    enter: pick,
    tab: pick,
    escape: host.close,
    'ctrl-c': host.close,
    'ctrl-g': host.close,
  }

  return {
    get view() {
      const rows = matching().map(({row}) => row)
      return {
        title: `${title}: ${query}▏`,
        ...(rows.length === 0
          ? {rows: [{text: 'no match'}], footer: 'type to filter · Esc back'}
          : {rows, selected, footer: `Enter ${verb} · ↑↓ choose · type to filter · Esc back`}),
      }
    },
    press(key) {
      if (key.kind === 'text') filter(query + key.text)
      else actions[key.name]?.()
      return true
    },
    closed: () => onClosed?.(),
  }
}
