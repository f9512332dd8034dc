import type {ClientSession} from '@holdfast/client'
import {agentAtWork} from '@holdfast/session-view'

import type {ScreenModel} from '../../ui/screen-model.ts'

export interface StopAgentOptions {
  session: Pick<ClientSession, 'state' | 'status' | 'interrupt'> | undefined
  model: Pick<ScreenModel, 'setNotice' | 'setStopping'>
  reportError: (error: unknown) => void
}

/** Esc: stops the answer of the agent. Returns false if it answers nothing. */
export function stopAgent({session, model, reportError}: StopAgentOptions): boolean {
  const running = session === undefined ? undefined : agentAtWork(session.state)
  if (session === undefined || running == null) return false
  if (session.status.kind === 'live' || session.status.kind === 'not-saved')
    void stopAnswer(session, running.prompt_id, model).catch(reportError)
  else model.setNotice('The agent cannot be reached at this moment: press Esc again once it can', {forMs: noticeMs})
  return true
}

/** Asks the agent to stop its answer to a prompt, which the status line shows until the prompt has ended. */
export async function stopAnswer(
  session: Pick<ClientSession, 'interrupt'>,
  promptId: string,
  model: Pick<ScreenModel, 'setStopping'>,
): Promise<void> {
  if (await session.interrupt({promptId})) model.setStopping(promptId)
}

const noticeMs = 2000
