import type {Client} from '@holdfast/client'
import type {DraftStore} from '@holdfast/client/typing'
import type {Composer} from '@holdfast/ink-composer'
import {createSessionId} from '@holdfast/protocol'

import {terminalSize} from '../process/terminal-size.ts'
import {startFolder} from '../sessions/choose-session.ts'
import {firstFolderOf} from '../sessions/first-folder.ts'
import {isRemote, type GatewayChoice} from '../sessions/gateway-choice.ts'
import {ownSession} from '../sessions/own-session.ts'
import type {WantedSession} from '../slash-commands/slash-command.ts'
import type {ScreenModel} from '../ui/screen-model.ts'
import type {ClosedSession} from './closed-session.ts'
import type {ShownSession} from './shown-session.ts'

export interface SessionOpeningOptions {
  client: Client
  gateway: GatewayChoice
  shown: ShownSession
  model: ScreenModel
  composer: Pick<Composer, 'view' | 'clear' | 'restore'>
  drafts: Pick<DraftStore, 'flush'>
  closed: ClosedSession
  /** Called after a session was opened, and when that failed and another one stays. */
  onShown: () => void
}

/** Opens sessions on the screen, each with its saved draft. */
export interface SessionOpening {
  /** Opens the session whose id `choose` returns. */
  show(choose: () => Promise<string>): Promise<void>
  /** Leaves the session for another one, or for a new one. */
  openSession(wanted: WantedSession): Promise<void>
}

export function createSessionOpening({
  client,
  gateway,
  shown,
  model,
  composer,
  drafts,
  closed,
  onShown,
}: SessionOpeningOptions): SessionOpening {
  const showCurrent = () => {
    const {current} = shown
    if (current === undefined) return
    model.setSession(current.state)
    model.setStatus(current.status)
    void drafts.flush()
    onShown()
  }

  /** Creates a session in this folder, or in that of the open one, and with this agent, or with the shell or the agent of the open one. */
  const createLike = (id: string, {agent, folder}: {agent?: string; folder?: string}): Promise<string> => {
    const info = shown.current?.state.info
    const likeOpen = info?.agent === 'shell' ? {shell: info.shell} : {agent: info?.agent}
    return client.createSession({
      session_id: id,
      ...firstFolder(folder, info?.cwd),
      ...(agent === undefined ? likeOpen : {agent}),
      ...terminalSize(),
    })
  }

  const firstFolder = (text: string | undefined, open: string | undefined): {cwd?: string} => {
    const base = open ?? startFolder(gateway).cwd
    const cwd = text === undefined ? base : firstFolderOf(text, base, {isLocal: !isRemote(gateway)})
    return cwd === undefined ? {} : {cwd}
  }

  /** `left`: the draft of the session that is left, which has saved it. */
  const show = async (choose: () => Promise<string>, left = '') => {
    try {
      const {state} = await shown.open(choose)
      composer.clear(left)
      // Before the text that was typed meanwhile.
      composer.restore(state.draft)
    } finally {
      showCurrent()
    }
  }

  return {
    show: (choose) => show(choose),

    async openSession(wanted) {
      const id = wanted.kind === 'existing' ? wanted.id : createSessionId()
      if (id === shown.current?.id) return model.setNotice('This session is already open')
      if (id === ownSession()) return model.setNotice('This screen runs in that session, which cannot show itself')
      if (client.status.kind === 'gave-up') return model.setNotice('No gateway is running: /restart tries to start one')
      if (wanted.kind === 'existing' && (await closed.isClosed(id))) return await closed.show(id, wanted.seq)
      const {text} = composer.view.draft
      const left = (await drafts.flush()) ? text : ''
      await show(() => (wanted.kind === 'existing' ? Promise.resolve(id) : createLike(id, wanted)), left)
      model.setNotice(undefined)
    },
  }
}
