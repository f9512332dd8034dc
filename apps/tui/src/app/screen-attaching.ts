import type {ClientSession} from '@holdfast/client'

import {handOver, type HandedOver} from './hand-over.ts'
import {terminalSize} from '../process/terminal-size.ts'
import type {ScreenModel} from '../ui/screen-model.ts'
import type {Screen} from '../ui/show-screen.tsx'

export interface ScreenAttaching {
  /** Attaches the terminal to the running program, or shows why that is not possible. */
  attach(session: ClientSession | undefined, lend: Screen['lend']): Promise<void>
  /** Presses Ctrl-C for the attached program. Returns false if none is attached. */
  interrupt(): boolean
  /** Restores the terminal at once: this process is about to exit. */
  release(): void
}

/** Ctrl and this letter attach and detach. */
const attachKey = 'o'

/** How long the notice about another client is shown, ms. */
const noticeMs = 10_000

export function createScreenAttaching(model: Pick<ScreenModel, 'setNotice'>): ScreenAttaching {
  let handed: HandedOver | undefined
  return {
    async attach(session, lend) {
      if (session?.state.running == null) return model.setNotice('No command is running: submit one, then press Ctrl-O')
      if (handed !== undefined) return
      const before = JSON.stringify(terminalSize())
      await lend(async () => {
        try {
          handed = handOver(session, {detachKey: attachKey})
          const how = await handed.ended
          if (how === 'taken-over') model.setNotice('Another client attached to the program', {forMs: noticeMs})
          if (how === 'connection-lost' || how === 'refused')
            model.setNotice('The connection was lost: Ctrl-O attaches again')
        } finally {
          // Before Ink draws: the next key may attach again.
          handed = undefined
        }
      })
      // Only the program saw the resize.
      if (JSON.stringify(terminalSize()) !== before) process.stdout.emit('resize')
    },
    interrupt() {
      handed?.interrupt()
      return handed !== undefined
    },
    release: () => handed?.release(),
  }
}
