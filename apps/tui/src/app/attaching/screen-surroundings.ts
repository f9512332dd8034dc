import {graces} from '@holdfast/supervisor'
import {trackRestoreSequences} from '@holdfast/terminal'

import {terminalSize} from '../../process/terminal-size.ts'
import type {ScreenModel} from '../../ui/screen-model.ts'
import type {Screen} from '../../ui/show-screen.tsx'
import type {Missed} from './attached-output.ts'
import type {Surroundings} from './hand-over.ts'
import {createShownOutput} from './shown-output.ts'

export type SurroundingModel = Pick<ScreenModel, 'handOver' | 'takeBack' | 'resize'>

const defaultSize = {cols: 80, rows: 24}

/** The screen around the program's output: its lines above, and below them the rows that the program may still change. */
export function createScreenSurroundings(model: SurroundingModel, screen: Pick<Screen, 'writeLines'>): Surroundings {
  const shown = createShownOutput()
  let begun: PromiseWithResolvers<Missed> | undefined
  let isFirst = true
  const missedBy = (rest: string | undefined) => {
    if (rest === undefined) return 'over'
    if (!isFirst) return shown.takeMissed() ?? 'unknown'
    isFirst = false
    screen.writeLines()
    return Buffer.from(rest)
  }
  return {
    begin(attachId) {
      const beginning = Promise.withResolvers<Missed>()
      begun = beginning
      const onBegin = (rest: string | undefined) => beginning.resolve(missedBy(rest))
      model.handOver(attachId, {onBegin, onLogged: shown.log, onEnd: shown.end})
      return beginning.promise
    },
    shown,
    async end({isLost}) {
      const timer = setTimeout(() => void model.takeBack({isForced: true}), isLost ? 0 : graces.attachmentMs)
      const erase = await model.takeBack({isForced: false})
      clearTimeout(timer)
      // After a lost connection, the host may not have attached the terminal again: that attachment never begins.
      begun?.resolve('over')
      await begun?.promise
      return writeMissed(shown.takeMissed()) + erase
    },
    onResize: () => model.resize(terminalSize() ?? defaultSize),
  }
}

/** The last output, where the connection was lost before the terminal got it. Leaves no mode set, as the program has ended. */
function writeMissed(missed: Uint8Array | undefined): string {
  if (missed === undefined || missed.length === 0) return ''
  const restoring = trackRestoreSequences()
  restoring.track(missed)
  return Buffer.from(missed).toString() + restoring.restore()
}
