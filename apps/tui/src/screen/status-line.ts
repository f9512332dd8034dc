import {homedir} from 'node:os'
import {basename} from 'node:path'

import {formatElapsed} from '../format.ts'
import {toPlainLine} from '../to-visible-line.ts'
import type {ScreenSnapshot} from './screen-model.ts'

/** The one line that says where we are and what happens: `main · bash · ~/src · running 12 s · 2 queued`. */
export function statusLine(snapshot: ScreenSnapshot, now: number): string {
  const {session, unsent} = snapshot
  if (session === undefined) return statusWord(snapshot, now)
  const {title, agent, shell, cwd} = session.info
  const waiting = session.queue.length + unsent.length
  const words = [
    title,
    shell === undefined ? agent : basename(shell),
    shortFolder(cwd, homedir()),
    statusWord(snapshot, now),
    ...(waiting === 0 ? [] : [`${waiting} queued`]),
  ]
  return toPlainLine(words.join(' · '))
}

/** Why a session cannot be reached, as long as it is so. */
export function whyOutOfReach({status}: ScreenSnapshot): string | undefined {
  if (status.kind === 'gave-up') return [status.why, ...status.said].join('\n  ')
  return status.kind === 'detached' ? status.why : undefined
}

function statusWord({status, session}: ScreenSnapshot, now: number): string {
  switch (status.kind) {
    case 'starting':
      return 'starting'
    case 'recovering':
      // A line to another machine is tried for as long as it takes.
      return status.of === Infinity
        ? `connecting again, attempt ${status.attempt}`
        : `recovering ${status.attempt}/${status.of}`
    case 'detached':
      return 'detached · /restart tries again'
    case 'gave-up':
      return 'gave up · /restart tries again'
    case 'ended':
      return 'closed'
    case 'live': {
      const running = session?.running
      return running == null ? 'idle' : `running ${formatElapsed(Math.max(0, now - running.started_at))}`
    }
  }
}

/** A folder as shells show it: the home is `~`. */
export function shortFolder(folder: string, home: string): string {
  if (folder === home) return '~'
  return folder.startsWith(`${home}/`) ? `~${folder.slice(home.length)}` : folder
}
