import {isPeerGone, type AttachmentEnd, type ClientSession} from '@holdfast/client'
import {describeKey, readTyped, withKey} from '@holdfast/ink-composer'
import type {DetachKey} from '@holdfast/terminal'

import {handOver, type HandedOver} from './hand-over.ts'
import {createScreenSurroundings, type SurroundingModel} from './screen-surroundings.ts'
import {terminalSize} from '../../process/terminal-size.ts'
import type {ScreenModel} from '../../ui/screen-model.ts'
import type {Screen} from '../../ui/show-screen.tsx'

export interface ScreenAttaching {
  /** Attaches the terminal to the running program, until that ends; or shows why it is not possible. Must not overlap. */
  attach(
    session: ClientSession | undefined,
    screen: Pick<Screen, 'lend' | 'writeLines'>,
  ): Promise<AttachmentEnd | undefined>
  /** Takes the terminal back. */
  detach(): void
  /** Presses Ctrl-C for the attached program. Returns false if none is attached. */
  interrupt(): boolean
  /** Restores the terminal at once: this process is about to exit. */
  release(): void
}

/** How long the notice about another client is shown, ms. */
const noticeMs = 10_000

type AttachingModel = Pick<ScreenModel, 'setNotice' | 'snapshot'> & SurroundingModel

/** `onUnread` gets the text of keys that came when the program had ended. */
export function createScreenAttaching(
  model: AttachingModel,
  detachKey: DetachKey,
  onUnread: (text: string) => void,
): ScreenAttaching {
  let handed: HandedOver | undefined
  return {
    async attach(session, screen) {
      if (session?.state.running == null) {
        const key = model.snapshot.bindings.labelOf('ctrl-o') ?? 'the key for `attach`'
        model.setNotice(`No command is running: submit one, then press ${key}`)
        return undefined
      }
      let how: AttachmentEnd | undefined
      const before = JSON.stringify(terminalSize())
      const work = async () => {
        try {
          handed = handOver(session, {
            detachKey,
            surroundings: createScreenSurroundings(model, screen),
            isRawAfter: true,
            onUnread: (...keys) => onUnread(readTyped(...keys)),
          })
          // The connection may be lost before the program is attached, too.
          how = await handed.ended.catch((error: unknown): AttachmentEnd => {
            if (isPeerGone(error)) return 'connection-lost'
            throw error
          })
          if (how === 'taken-over') model.setNotice('Another client attached to the program', {forMs: noticeMs})
          if (how === 'connection-lost' || how === 'refused') {
            const again = describeKey(model.snapshot.bindings, 'ctrl-o', 'attaches again')
            model.setNotice(withKey('The connection was lost', again), {forMs: noticeMs})
          }
        } finally {
          // Before Ink draws: the next key may attach again.
          handed = undefined
        }
      }
      await screen.lend(work, {toProgram: true})
      // Only the program saw the resize.
      if (JSON.stringify(terminalSize()) !== before) process.stdout.emit('resize')
      return how
    },
    interrupt() {
      handed?.interrupt()
      return handed !== undefined
    },
    detach: () => handed?.detach(),
    release: () => handed?.release(),
  }
}
