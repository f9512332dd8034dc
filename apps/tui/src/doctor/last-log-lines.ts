import {readCrashLog} from '@holdfast/breadcrumbs'
import {homePaths} from '@holdfast/event-log'

/** What fits on most screens. */
const maxLogLines = 20

/** The last of what the processes of this home told of their lives and deaths. */
export function lastLogLines(home: string): string[] {
  const {crashLog} = homePaths(home)
  const lines = readCrashLog(crashLog).slice(-maxLogLines)
  return [...lines, lines.length === 0 ? 'The crash log is empty.' : `These lines end ${crashLog}.`]
}
