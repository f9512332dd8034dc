import {agentCommand} from './commands/agent.ts'
import {approvals} from './commands/approvals.ts'
import {clear} from './commands/clear.ts'
import {close} from './commands/close.ts'
import {copy} from './commands/copy.ts'
import {doctor} from './commands/doctor.ts'
import {exportCommand} from './commands/export.ts'
import {help} from './commands/help.ts'
import {logs} from './commands/logs.ts'
import {mode} from './commands/mode.ts'
import {modelCommand} from './commands/model.ts'
import {newSession} from './commands/new.ts'
import {queue} from './commands/queue.ts'
import {quit} from './commands/quit.ts'
import {restart} from './commands/restart.ts'
import {search} from './commands/search.ts'
import {sessionsCommand} from './commands/sessions.ts'
import {title} from './commands/title.ts'
import type {SlashCommand} from './slash-command.ts'

/** All slash commands, in the order in which the menu and `/help` list them. */
export const slashCommands: readonly SlashCommand[] = [
  help,
  newSession,
  sessionsCommand,
  search,
  title,
  queue,
  agentCommand,
  mode,
  modelCommand,
  approvals,
  copy,
  exportCommand,
  clear,
  quit,
  close,
  restart,
  logs,
  doctor,
]
