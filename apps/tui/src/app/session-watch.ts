import type {ClientSession} from '@holdfast/client'
import type {LoggedEvent} from '@holdfast/protocol'

import {attentionFor, attentionSequence} from '../ui/attention.ts'
import {findBranch} from './find-branch.ts'
import type {ScreenModel} from '../ui/screen-model.ts'
import type {Settings} from '../settings/read-settings.ts'

export interface SessionWatchOptions {
  session: () => ClientSession | undefined
  model: Pick<ScreenModel, 'setBranch'>
  settings: Settings
  /** The session runs on this machine. */
  isLocal: boolean
  /** Writes sequences that do not move the cursor. */
  write: (text: string) => void
}

/** Notifies the user of events, and follows the git branch of the session's folder. */
export interface SessionWatch {
  takeEvent(event: LoggedEvent): void
  /** Reads the branch and shows it. */
  showBranch(): void
}

export function createSessionWatch({session, model, settings, isLocal, write}: SessionWatchOptions): SessionWatch {
  let runningText: string | undefined

  const showBranch = () => {
    const cwd = session()?.state.info.cwd
    if (cwd === undefined || !isLocal) return
    void findBranch(cwd).then((branch) => {
      if (session()?.state.info.cwd === cwd) model.setBranch(branch)
    })
  }
  return {
    takeEvent(event) {
      if (event.type === 'message.start') runningText = event.payload.text
      if (event.type === 'session.info' || event.type === 'message.complete') showBranch()
      const why = attentionFor(event, Date.now(), settings, runningText)
      if (why !== undefined) write(attentionSequence(settings.notify, why))
    },
    showBranch,
  }
}
