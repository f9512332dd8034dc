import {shorten} from '@holdfast/session-view'

import type {ScreenModel} from './screen-model.ts'
import type {ScreenSnapshot} from './screen-snapshot.ts'
import {shownFolder} from './shown-folder.ts'

/** The longest title, UTF-16 units: windows and tabs show less. */
const maxTitleLength = 120

/**
 * The title of the terminal: `~/src · make test · waiting for you`, behind the name of another machine. Empty while no session is
 * open. Pure.
 */
function titleFor({session, machine, input = 'none'}: Pick<ScreenSnapshot, 'session' | 'machine' | 'input'>): string {
  if (session === undefined) return ''
  const isWaiting = session.running !== null && (input !== 'none' || session.approvals.length > 0)
  const state = isWaiting ? ' · waiting for you' : ''
  const folder = shownFolder(machine, session.info.cwd)
  const parts = [machine, folder, session.running?.text]
  return shorten(parts.filter((part) => part !== undefined).join(' · '), maxTitleLength - state.length) + state
}

/** Shows the title of the session in the terminal. */
export interface TerminalTitle {
  /** From now on; the terminal keeps its own title aside. */
  show(): void
  /** The program of the session gets the terminal: leaves the title there, which names it, until it sets its own or `show` is called. */
  lend(): void
  /** Gives the terminal its own title back. Idempotent. */
  restore(): void
}

/** XTerm's stack of titles, which most terminals have. Others keep the last title. */
const pushTitle = '\u001b[22;2t'
const popTitle = '\u001b[23;2t'

export function createTerminalTitle(
  model: Pick<ScreenModel, 'snapshot' | 'subscribe'>,
  write: (text: string) => void,
): TerminalTitle {
  let shown: string | undefined
  let isPushed = false
  let unsubscribe: (() => void) | undefined
  const update = (snapshot = model.snapshot) => {
    const title = titleFor(snapshot)
    if (title !== shown) write(`\u001b]2;${title}\u0007`)
    shown = title
  }
  return {
    show() {
      // The Linux console has no title, and would print it.
      if (unsubscribe !== undefined || process.env['TERM'] === 'linux') return
      // A program that had the terminal may have replaced the title.
      shown = isPushed ? undefined : ''
      if (!isPushed) write(pushTitle)
      isPushed = true
      unsubscribe = model.subscribe(() => update())
      update()
    },
    lend() {
      if (unsubscribe === undefined) return
      // The program has what it waits for.
      update({...model.snapshot, input: 'none'})
      unsubscribe()
      unsubscribe = undefined
    },
    restore() {
      unsubscribe?.()
      unsubscribe = undefined
      if (isPushed) write(popTitle)
      isPushed = false
    },
  }
}
