import {Option, type Command} from 'commander'

import type {ExportFormat} from '../export/export-session.ts'
import {addGatewayOptions, gatewayChoice} from './gateway-options.ts'
import {lineCount, longTime, wholeNumber} from './option-values.ts'

/** What finds sessions, reads them, names them and ends them. */
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
    .description('list the sessions, the last used first')
    .option('--json', 'one object a line')
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
    .description('print what was said and printed in a session')
    .argument('<id>', 'the session')
    .option('--json', 'print events, one a line')
    .option('--after <seq>', 'only what came after this event', wholeNumber)
    .option('--follow', 'go on as more comes')
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
    .description('write what was said and printed in a session as a page of Markdown, or as events')
    .argument('<id>', 'the session')
    .addOption(new Option('--format <format>', 'one of them').choices(['markdown', 'jsonl']).default('markdown'))
    .option('--output <file>', 'to this file, which is not there yet; else to stdout')
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
    .description('end sessions, and what runs in them; what was said and printed stays')
    .argument('[id...]', 'the sessions')
    .option('--all', 'all that are open')
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
    .description('find lines in all sessions, by the words that are in them')
    .usage('[--json] [--limit COUNT] WORD…')
    .argument('<word...>', 'a line has to contain all of them, in whatever order and case')
    .option('--json', 'one object a line')
    .option('--limit <count>', 'so many lines of each session at most', lineCount, 10)
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
    .description('give a session another title')
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
    .description('remove all that is kept of sessions that are closed or stopped')
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
    .description('remove the sessions that are closed or stopped, and were not used for long')
    .requiredOption('--older-than <time>', 'since their last use, as in 30d, 12h or 8w', longTime)
    .option('--dry-run', 'only say which')
    .option('--yes', 'do not ask')
    .option('--json', 'print them as one object a line')
    .action(async (options: {olderThan: number; dryRun?: true; yes?: true; json?: true}, command: Command) => {
      const gateway = gatewayChoice(command)
      const {pruneSessions} = await import('./commands/prune.ts')
      await pruneSessions({...options, gateway})
    })
  addGatewayOptions(prune)
}
