import {readCrashLog, type Breadcrumb, type Fact} from '@holdfast/breadcrumbs'
import {homePaths} from '@holdfast/event-log'

import {toPlainLine} from '@holdfast/terminal'

/** Fits on most screens. */
const maxLines = 20

/** The last lines of the crash log of a home, for people. */
export function describeCrashLog(home: string): string[] {
  const {crashLog} = homePaths(home)
  const lines = readCrashLog(crashLog).breadcrumbs.slice(-maxLines).map(describeBreadcrumb)
  return [...lines, lines.length === 0 ? 'The crash log is empty.' : `The end of ${crashLog}`]
}

/** `2026-03-01 12:00:09 gateway 71 of s_4k · child-exit · child=host code=1` */
function describeBreadcrumb({time, role, pid, session, event, facts}: Breadcrumb): string {
  const process = `${role} ${pid}${session === undefined ? '' : ` of ${session}`}`
  const details = Object.entries(facts).map(([name, fact]) => `${name}=${describeFact(fact)}`)
  const line = [`${time.slice(0, 19).replace('T', ' ')} ${process}`, event, details.join(' ')].filter(Boolean)
  return toPlainLine(line.join(' · '))
}

function describeFact(fact: Fact): string {
  const text = toPlainLine(String(fact))
  return /\s/.test(text) ? `"${text}"` : text
}
