import type {ClientSession} from '@holdfast/client'

import {handOver, type HandedOver} from './hand-over.ts'
import {terminalSize} from '../process/terminal-size.ts'
import type {ScreenModel} from '../ui/screen-model.ts'
import type {Screen} from '../ui/show-screen.tsx'

export interface ScreenAttaching {
  /** Hands the terminal of the screen to the program that runs. Says why, where it cannot. */
  attach(session: ClientSession | undefined, lend: Screen['lend']): Promise<void>
  /** This process is about to end. */
  release(): void
}

/** The letter that, with Ctrl, hands the terminal over, and takes it back. */
const attachKey = 'o'

/** How long it is said that another client took the program over, ms: then it is old news. */
const toldForMs = 10_000

export function createScreenAttaching(model: Pick<ScreenModel, 'setNotice'>): ScreenAttaching {
  let handed: HandedOver | undefined
  return {
    async attach(session, lend) {
      if (session?.state.running == null) return model.setNotice('Nothing runs to which one could attach')
      if (handed !== undefined) return
      const before = JSON.stringify(terminalSize())
      await lend(async () => {
        try {
          handed = handOver(session, {detachKey: attachKey})
          const how = await handed.ended
          if (how === 'taken-over') model.setNotice('Another client has attached', {forMs: toldForMs})
          if (how === 'connection-lost' || how === 'refused')
            model.setNotice('The line was lost; Ctrl-O attaches again')
        } finally {
          // Before Ink has drawn: then the next key may be the same again.
          handed = undefined
        }
      })
      // Nobody but the program was told.
      if (JSON.stringify(terminalSize()) !== before) process.stdout.emit('resize')
    },
    release: () => handed?.release(),
  }
}
