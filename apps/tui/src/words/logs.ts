import {readCrashLog} from '@holdfast/breadcrumbs'
import {homePaths} from '@holdfast/protocol'

import type {Word} from './word.ts'

/** What fits on most screens. */
const maxLines = 20

export const logs: Word = {
  name: '/logs',
  description: 'shows who died last, and how',
  run({model, home}) {
    const {crashLog} = homePaths(home)
    const lines = readCrashLog(crashLog).slice(-maxLines)
    model.addRemark(
      [...lines, lines.length === 0 ? 'The crash log is empty.' : `These lines end ${crashLog}.`].join('\n'),
    )
  },
}
