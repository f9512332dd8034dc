import type {ClientSession} from '@holdfast/client'
import {toPlainLine} from '@holdfast/terminal'

import type {ScreenModel} from '../../ui/screen-model.ts'

export interface ModeCyclerOptions {
  session: () => Pick<ClientSession, 'id' | 'state' | 'setAgent'> | undefined
  model: Pick<ScreenModel, 'setNotice'>
  reportError: (error: unknown) => void
}

/** The mode that was asked for last. */
interface AskedMode {
  sessionId: string
  id: string
  /** The settings at the moment when the agent accepted the mode, which may not show it yet. `undefined`: not accepted yet. */
  settings: unknown
}

/** Shift-Tab: makes a function that sets the next mode of the agent. That returns false if the agent has not several. */
export function createModeCycler({session, model, reportError}: ModeCyclerOptions): () => boolean {
  let asked: AskedMode | undefined

  return () => {
    const open = session()
    const settings = open?.state.agent?.settings
    const {choices = [], current} = settings?.mode ?? {}
    if (open === undefined || choices.length < 2) return false
    // The state comes later than the next press of the key may.
    const isAhead =
      asked?.sessionId === open.id && (asked.settings === undefined || asked.settings === open.state.agent?.settings)
    const from = isAhead ? asked?.id : current
    const next = choices[(choices.findIndex(({id}) => id === from) + 1) % choices.length]
    if (next === undefined) return false
    const mine: AskedMode = {sessionId: open.id, id: next.id, settings: undefined}
    asked = mine
    open.setAgent({mode: next.id}).then(
      () => {
        const now = open.state.agent?.settings
        if (now?.mode?.current !== next.id) mine.settings = now
        else if (asked === mine) asked = undefined
        model.setNotice(`The mode is ${toPlainLine(next.name)}`, {forMs: noticeMs})
      },
      (error: unknown) => {
        if (asked === mine) asked = undefined
        reportError(error)
      },
    )
    return true
  }
}

const noticeMs = 3000
