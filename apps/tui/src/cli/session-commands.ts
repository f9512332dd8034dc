import {Option, type Command} from 'commander'

import type {ExportFormat} from '../export/export-session.ts'
import {addGatewayOptions, gatewayChoice} from './gateway-options.ts'
import {lineCount, longTime, wholeNumber} from './option-values.ts'

/** Commands that list, read, rename and end sessions. */
export const sessionCommands = {
  ls: addLs,
  show: addShow,
  export: addExport,
  close: addClose,
  search: addSearch,
  rename: addRename,
  delete: addDelete,
  prune: addPrune,
}

function addLs(program: Command): void {
  const ls = program
    .command('ls')
    .description('list the sessions, most recently used first')
    .option('--json', 'print NDJSON')
    .action(async (options: {json?: true}, command: Command) => {
      const gateway = gatewayChoice(command)
      const {listSessions} = await import('./commands/ls.ts')
      await listSessions({...options, gateway})
    })
  addGatewayOptions(ls)
}

function addShow(program: Command): void {
  const show = program
    .command('show')
    .description('print the prompts and the output of a session')
    .argument('<id>', 'the session')
    .option('--json', 'print events as NDJSON')
    .option('--after <seq>', 'start after this event', wholeNumber)
    .option('--follow', 'keep printing as events arrive')
    .action(async (id: string, options: {json?: true; after?: number; follow?: true}, command: Command) => {
      const gateway = gatewayChoice(command)
      const {showSession} = await import('./commands/show.ts')
      await showSession(id, {...options, gateway})
    })
  addGatewayOptions(show)
}

function addExport(program: Command): void {
  const exports = program
    .command('export')
    .description('write a session as Markdown, or as its events')
    .argument('<id>', 'the session')
    .addOption(
      new Option('--format <format>', 'the format of the export').choices(['markdown', 'jsonl']).default('markdown'),
    )
    .option('--output <file>', 'a new file (default: stdout)')
    .action(async (id: string, options: {format: ExportFormat; output?: string}, command: Command) => {
      const gateway = gatewayChoice(command)
      const {exportSession} = await import('./commands/export.ts')
      await exportSession(id, {...options, gateway})
    })
  addGatewayOptions(exports)
}

function addClose(program: Command): void {
  const close = program
    .command('close')
    .description('end sessions and what runs in them; their logs stay')
    .argument('[id...]', 'the sessions')
    .option('--all', 'all open sessions')
    .action(async (ids: string[], options: {all?: true}, command: Command) => {
      if (ids.length > 0 === (options.all ?? false)) command.error('error: expected ids of sessions, or --all')
      const gateway = gatewayChoice(command)
      const {closeSessions} = await import('./commands/close.ts')
      await closeSessions(ids, gateway)
    })
  addGatewayOptions(close)
}

function addSearch(program: Command): void {
  const search = program
    .command('search')
    .description('find lines in all sessions that contain all words')
    .usage('[--json] [--limit COUNT] WORD…')
    .argument('<word...>', 'words that a line must contain, in any order and case')
    .option('--json', 'print NDJSON')
    .option('--limit <count>', 'maximum number of lines per session', lineCount, 10)
    .action(async (words: string[], options: {json?: true; limit: number}, command: Command) => {
      const gateway = gatewayChoice(command)
      const {searchSessions} = await import('./commands/search.ts')
      await searchSessions(words, {...options, gateway})
    })
  addGatewayOptions(search)
}

function addRename(program: Command): void {
  const rename = program
    .command('rename')
    .description('rename a session')
    .argument('<id>', 'the session')
    .argument('<title...>')
    .action(async (id: string, words: string[], _options: object, command: Command) => {
      const gateway = gatewayChoice(command)
      const {renameSession} = await import('./commands/rename.ts')
      await renameSession(id, words.join(' '), gateway)
    })
  addGatewayOptions(rename)
}

function addDelete(program: Command): void {
  const remove = program
    .command('delete')
    .description('delete closed or stopped sessions for good')
    .argument('<id...>', 'the sessions')
    .action(async (ids: string[], _options: object, command: Command) => {
      const gateway = gatewayChoice(command)
      const {deleteSessions} = await import('./commands/delete.ts')
      await deleteSessions(ids, gateway)
    })
  addGatewayOptions(remove)
}

function addPrune(program: Command): void {
  const prune = program
    .command('prune')
    .description('delete closed or stopped sessions that were not used for long')
    .requiredOption('--older-than <time>', 'time since their last use, such as 30d, 12h or 8w', longTime)
    .option('--dry-run', 'only list them')
    .option('--yes', 'do not ask')
    .option('--json', 'print NDJSON')
    .action(async (options: {olderThan: number; dryRun?: true; yes?: true; json?: true}, command: Command) => {
      const gateway = gatewayChoice(command)
      const {pruneSessions} = await import('./commands/prune.ts')
      await pruneSessions({...options, gateway})
    })
  addGatewayOptions(prune)
}
