import type {ClientSession} from '@holdfast/client'

import {handOver, type HandedOver} from '../attach/hand-over.ts'
import {screenSize} from '../screen-size.ts'
import type {SuspendTerminal} from '../screen/app.tsx'
import type {ScreenModel} from '../screen/screen-model.ts'

export interface ScreenAttaching {
  /** Hands the terminal of the screen to the program that runs. Says why, where it cannot. */
  attach(session: ClientSession | undefined, suspend: SuspendTerminal): Promise<void>
  /** This process is about to end. */
  release(): void
}

/** The letter that, with Ctrl, hands the terminal over, and takes it back. */
const attachKey = 'o'

export function createScreenAttaching(model: ScreenModel): ScreenAttaching {
  let handed: HandedOver | undefined
  return {
    async attach(session, suspend) {
      if (session?.state.running == null) return model.setNotice('Nothing runs to which one could attach')
      if (handed !== undefined) return
      const before = JSON.stringify(screenSize())
      await suspend(async () => {
        model.hold(true)
        try {
          handed = handOver(session, {detachKey: attachKey})
          const how = await handed.ended
          if (how === 'taken-over') model.setNotice('Another client has attached')
          if (how === 'line-lost' || how === 'refused') model.setNotice('The line was lost; Ctrl-O attaches again')
        } finally {
          // Before Ink has drawn: then the next key may be the same again.
          handed = undefined
          model.hold(false)
        }
      })
      // Nobody but the program was told.
      if (JSON.stringify(screenSize()) !== before) process.stdout.emit('resize')
    },
    release: () => handed?.release(),
  }
}
