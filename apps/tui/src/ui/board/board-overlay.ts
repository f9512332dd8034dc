import {
  describeKey,
  joinHints,
  type KeyActions,
  type KeyBindings,
  type Overlay,
  type OverlayHost,
  type OverlayView,
} from '@holdfast/ink-composer'
import type {SessionSummary} from '@holdfast/protocol'
import {toListLine} from '@holdfast/terminal'
import {orderSessions, shorten} from '@holdfast/session-view'

import {boardRow, type BoardFacts} from './board-row.ts'

export interface BoardOptions {
  host: OverlayHost
  /** The sessions as they are now; `undefined`: not known yet. */
  sessions: () => Iterable<SessionSummary> | undefined
  factsOf: (session: SessionSummary) => BoardFacts
  /** The width of the terminal, cells. */
  columns: () => number
  bindings: KeyBindings
  actions: BoardActions
  onClosed: () => void
}

/** What the board does with a session. None of them rejects. */
export interface BoardActions {
  open(session: SessionSummary): void
  /** Opens a new session in the folder of this one. */
  openBeside(session: SessionSummary): void
  rename(session: SessionSummary, title: string): void
  /** `text`: tags to add, and with `-` before them, to remove. */
  tag(session: SessionSummary, text: string): void
  close(session: SessionSummary): void
}

type Mode =
  | {kind: 'list'}
  /** A title or tags are typed. */
  | {kind: 'rename' | 'tag'; session: SessionSummary; text: string}
  | {kind: 'close'; session: SessionSummary}

/** Rows that Page Up and Page Down move. */
const pageRows = 10

/** The indent of the rows of an overlay, cells. */
const indent = 2

/** The most of a title in a question, UTF-16 units. */
const maxShownTitle = 40

/**
 * All sessions, live: typing filters them, Enter opens one. The selection stays on its session when rows move. The screen calls
 * `redraw` of the host when a session changes.
 */
export function createBoardOverlay(options: BoardOptions): Overlay {
  const {host, sessions, factsOf, columns, bindings, actions, onClosed} = options
  let query = ''
  let mode: Mode = {kind: 'list'}
  let chosen: string | undefined
  let chosenAt = 0

  const matching = () => {
    const words = query.toLowerCase().split(/\s+/)
    const known = sessions()
    if (known === undefined) return undefined
    return orderSessions(known)
      .map((session) => ({session, row: boardRow(session, factsOf(session), columns() - indent)}))
      .filter(({row}) => words.every((word) => row.text.toLowerCase().includes(word)))
  }
  const indexIn = (rows: readonly {session: SessionSummary}[]) => {
    const at = rows.findIndex(({session}) => session.id === chosen)
    return at === -1 ? Math.min(chosenAt, rows.length - 1) : at
  }
  const choose = (step: number) => {
    const rows = matching() ?? []
    chosenAt = Math.max(0, Math.min(indexIn(rows) + step, rows.length - 1))
    chosen = rows[chosenAt]?.session.id
    host.redraw()
  }
  const filter = (next: string) => {
    query = next
    chosen = undefined
    chosenAt = 0
    host.redraw()
  }
  const setMode = (next: Mode) => {
    mode = next
    host.redraw()
  }
  const selected = () => {
    const rows = matching() ?? []
    return rows[indexIn(rows)]?.session
  }
  const withSelected = (act: (session: SessionSummary) => void) => () => {
    const session = selected()
    if (session !== undefined) act(session)
  }
  /** Keeps the session selected, wherever it moves. */
  const holding = (act: (session: SessionSummary) => void) =>
    withSelected((session) => {
      chosen = session.id
      act(session)
    })
  const leaving = (act: (session: SessionSummary) => void) =>
    withSelected((session) => {
      host.close()
      act(session)
    })

  const listKeys: KeyActions = {
    up: () => choose(-1),
    'ctrl-p': () => choose(-1),
    down: () => choose(1),
    'ctrl-n': () => choose(1),
    'page-up': () => choose(-pageRows),
    'page-down': () => choose(pageRows),
    backspace: () => filter(query.slice(0, -1)),
    'ctrl-u': () => filter(''),
    enter: leaving(actions.open),
    tab: leaving(actions.open),
    'alt-n': leaving(actions.openBeside),
    'alt-r': holding((session) => setMode({kind: 'rename', session, text: ''})),
    'alt-t': holding((session) => setMode({kind: 'tag', session, text: ''})),
    delete: holding((session) => {
      if (session.state !== 'closed' && session.state !== 'unreadable') setMode({kind: 'close', session})
    }),
    escape: host.close,
    'ctrl-c': host.close,
    'ctrl-g': host.close,
  }
  const back = () => setMode({kind: 'list'})

  const pressTyped = (typed: Extract<Mode, {text: string}>, name: string) => {
    const {kind, session, text} = typed
    if (name === 'backspace') return setMode({...typed, text: text.slice(0, -1)})
    if (name === 'ctrl-u') return setMode({...typed, text: ''})
    if (name === 'enter' && text.trim() !== '') actions[kind](session, text.trim())
    if (name === 'enter' || name === 'escape' || name === 'ctrl-c' || name === 'ctrl-g') back()
  }

  const listView = (): OverlayView => {
    const rows = matching()
    if (rows === undefined) return {title: 'sessions', rows: [{text: 'reading …'}], footer: 'Esc back'}
    if (rows.length === 0)
      return {title: `sessions: ${query}▏`, rows: [{text: 'no match'}], footer: 'type to filter · Esc back'}
    const footer = joinHints(
      'Enter opens it',
      '↑↓ choose',
      'type to filter',
      describeKey(bindings, 'alt-r', 'renames'),
      describeKey(bindings, 'alt-t', 'tags'),
      'Del closes it',
      describeKey(bindings, 'alt-n', 'new in its folder'),
      'Esc back',
    )
    return {title: `sessions: ${query}▏`, rows: rows.map(({row}) => row), selected: indexIn(rows), footer}
  }
  const modeView = (typed: Exclude<Mode, {kind: 'list'}>): OverlayView => {
    const {rows, selected: at} = listView()
    const shown = {rows, ...(at !== undefined && {selected: at})}
    const name = shorten(toListLine(typed.session.title), maxShownTitle)
    if (typed.kind === 'rename')
      return {...shown, title: `new title of \`${name}\`: ${typed.text}▏`, footer: 'Enter renames it · Esc back'}
    if (typed.kind === 'tag')
      return {
        ...shown,
        title: `tags for \`${name}\`: ${typed.text}▏`,
        footer: 'Enter adds them, -NAME removes · Esc back',
      }
    const stops = typed.session.state === 'running' ? ' What runs in it will be stopped.' : ''
    return {...shown, title: `Close \`${name}\`?${stops}`, footer: 'Enter closes the session · Esc stays'}
  }

  return {
    get view() {
      return mode.kind === 'list' ? listView() : modeView(mode)
    },
    press(key) {
      if (mode.kind === 'list') {
        if (key.kind === 'text') filter(query + key.text)
        else listKeys[key.name]?.()
      } else if (mode.kind === 'close') {
        if (key.kind === 'text') return true
        if (key.name === 'enter') actions.close(mode.session)
        if (key.name === 'enter' || key.name === 'escape' || key.name === 'ctrl-c') back()
      } else if (key.kind === 'text') setMode({...mode, text: mode.text + key.text})
      else pressTyped(mode, key.name)
      return true
    },
    closed: onClosed,
  }
}
