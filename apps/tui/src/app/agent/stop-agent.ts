import type {ClientSession} from '@holdfast/client'

import {agentAtWork} from '../../sessions/agent-at-work.ts'
import type {ScreenModel} from '../../ui/screen-model.ts'

export interface StopAgentOptions {
  session: Pick<ClientSession, 'state' | 'status' | 'interrupt'> | undefined
  model: Pick<ScreenModel, 'setNotice'>
  reportError: (error: unknown) => void
}

/** Esc: stops the answer of the agent. Returns false if it answers nothing. */
export function stopAgent({session, model, reportError}: StopAgentOptions): boolean {
  const running = session === undefined ? undefined : agentAtWork(session.state)
  if (session === undefined || running == null) return false
  if (session.status.kind === 'live' || session.status.kind === 'not-saved')
    void session.interrupt({promptId: running.prompt_id}).catch(reportError)
  else model.setNotice('The agent cannot be reached at this moment: press Esc when it can', {forMs: noticeMs})
  return true
}

const noticeMs = 2000
