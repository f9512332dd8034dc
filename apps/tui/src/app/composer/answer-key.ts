import type {ClientSession} from '@holdfast/client'
import type {Composer} from '@holdfast/ink-composer'

import {createApprovalOverlay} from '../../ui/composer/approval-overlay.ts'

export interface AnswerKeyOptions {
  session: () => Pick<ClientSession, 'state' | 'answer'> | undefined
  composer: () => Pick<Composer, 'open'>
  reportError: (error: unknown) => void
}

/** Ctrl-T: opens the first open question. Returns false if there is none. */
export type AnswerKey = () => boolean

export function createAnswerKey({session, composer, reportError}: AnswerKeyOptions): AnswerKey {
  return () => {
    const asked = session()
    const approval = asked?.state.approvals[0]
    if (asked === undefined || approval === undefined) return false
    composer().open((host) =>
      createApprovalOverlay({
        host,
        approval,
        open: () => session()?.state.approvals ?? [],
        onAnswer: (approvalId, choice) => void asked.answer(approvalId, choice).catch(reportError),
      }),
    )
    return true
  }
}
