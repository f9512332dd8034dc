import {agentCommand} from './commands/agent.ts'
import {approvals} from './commands/approvals.ts'
import {blocks} from './commands/blocks.ts'
import {clear} from './commands/clear.ts'
import {close} from './commands/close.ts'
import {copy} from './commands/copy.ts'
import {diff} from './commands/diff.ts'
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
import {tagCommand} from './commands/tag.ts'
import {theme} from './commands/theme.ts'
import {title} from './commands/title.ts'
import {undoQueue} from './commands/undo-queue.ts'
import {usage} from './commands/usage.ts'
import type {SlashCommand, SlashCommandGroup} from './slash-command.ts'

/** The slash commands as `/help` lists them. */
export const slashCommandGroups: readonly SlashCommandGroup[] = [
  {
    title: 'Sessions and prompts',
    commands: [help, newSession, sessionsCommand, search, title, tagCommand, queue, undoQueue, blocks],
  },
  {title: 'Coding agents', commands: [agentCommand, mode, modelCommand, usage, diff, approvals]},
  {title: 'Output', commands: [copy, exportCommand, clear, theme]},
  {title: 'Leaving, and repair', commands: [quit, close, restart, logs, doctor]},
]

/** All slash commands, in the order in which the menu lists them. */
export const slashCommands: readonly SlashCommand[] = slashCommandGroups.flatMap(({commands}) => commands)
