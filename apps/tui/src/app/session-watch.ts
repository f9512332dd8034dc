import type {ClientSession} from '@holdfast/client'
import type {LoggedEvent, ProgramInput} from '@holdfast/protocol'

import {attentionFor, attentionForInput, attentionSequence} from '../ui/attention.ts'
import {findBranch} from './find-branch.ts'
import type {ScreenModel} from '../ui/screen-model.ts'
import type {Settings} from '../settings/settings-schema.ts'

export interface SessionWatchOptions {
  session: () => ClientSession | undefined
  model: Pick<ScreenModel, 'readBranch'>
  settings: Settings
  /** The session runs on this machine. */
  isLocal: boolean
  /** See `TerminalFocus`. */
  hasFocus: () => boolean | undefined
  /** Writes sequences that do not move the cursor. */
  write: (text: string) => void
}

/** Notifies the user of events, and follows the git branch of the session's folder. */
export interface SessionWatch {
  takeEvent(event: LoggedEvent): void
  /** The running program reads this now. */
  takeInput(input: ProgramInput | undefined): void
  /** Reads the branch and shows it. */
  showBranch(): void
}

export function createSessionWatch(options: SessionWatchOptions): SessionWatch {
  const {session, model, settings, isLocal, hasFocus, write} = options
  let runningText: string | undefined
  /** Since when the running program reads nothing, epoch ms; `undefined` while it reads, or none runs. */
  let busySince: number | undefined

  /** A user who looks at the terminal sees it. */
  const notify = (why: string | undefined) => {
    if (why !== undefined && hasFocus() !== true) write(attentionSequence(settings.notify, why))
  }

  const showBranch = () => {
    const cwd = session()?.state.info.cwd
    if (cwd !== undefined && isLocal) model.readBranch(cwd, findBranch(cwd))
  }
  return {
    takeEvent(event) {
      if (event.type === 'message.start') {
        runningText = event.payload.text
        // Not when it began: a session that is opened may have an old one.
        busySince = Date.now()
      }
      if (event.type === 'message.complete') busySince = undefined
      if (event.type === 'session.info' || event.type === 'message.complete') showBranch()
      notify(attentionFor(event, Date.now(), settings, runningText))
    },
    takeInput(input = 'none') {
      const now = Date.now()
      if (input === 'none') {
        if (session()?.state.running != null) busySince ??= now
        return
      }
      if (busySince !== undefined) notify(attentionForInput(busySince, now, settings, runningText ?? ''))
      busySince = undefined
    },
    showBranch,
  }
}
