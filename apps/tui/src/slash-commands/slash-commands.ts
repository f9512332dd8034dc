import {clear} from './clear.ts'
import {close} from './close.ts'
import {copy} from './copy.ts'
import {doctor} from './doctor.ts'
import {exportCommand} from './export.ts'
import {help} from './help.ts'
import {logs} from './logs.ts'
import {newSession} from './new.ts'
import {queue} from './queue.ts'
import {quit} from './quit.ts'
import {restart} from './restart.ts'
import {search} from './search.ts'
import {sessions} from './sessions.ts'
import {title} from './title.ts'
import type {SlashCommand} from './slash-command.ts'

/** All slash commands, in the order in which the menu and `/help` list them. */
export const slashCommands: readonly SlashCommand[] = [
  help,
  newSession,
  sessions,
  search,
  title,
  queue,
  copy,
  exportCommand,
  clear,
  quit,
  close,
  restart,
  logs,
  doctor,
]
