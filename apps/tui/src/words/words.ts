import {clear} from './clear.ts'
import {close} from './close.ts'
import {copy} from './copy.ts'
import {detach} from './detach.ts'
import {doctor} from './doctor.ts'
import {exportWord} from './export.ts'
import {help} from './help.ts'
import {logs} from './logs.ts'
import {newSession} from './new.ts'
import {queue} from './queue.ts'
import {quit} from './quit.ts'
import {restart} from './restart.ts'
import {resume} from './resume.ts'
import {search} from './search.ts'
import {sessions} from './sessions.ts'
import {title} from './title.ts'
import type {Word} from './word.ts'

/** The words that there are, in the order in which they are shown. */
export const words: readonly Word[] = [
  help,
  newSession,
  sessions,
  resume,
  search,
  title,
  queue,
  copy,
  exportWord,
  clear,
  detach,
  quit,
  close,
  restart,
  logs,
  doctor,
]
