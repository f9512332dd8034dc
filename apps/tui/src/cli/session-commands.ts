import {Option} from 'commander'

import {chosenAgent} from './agent-option.ts'
import {answering} from './answering.ts'
import type {AddCommand} from './begin-program.ts'
import {envelopeOption} from './envelope.ts'
import {gatewayChoice, withGateway} from './gateway-options.ts'
import {lineCount, longTime, tags, terminalSize, variables, wholeNumber} from './option-values.ts'

/** Commands that create, list, read, name and end sessions. */
export const sessionCommands: Readonly<Record<string, AddCommand>> = {
  new: (program) =>
    program
      .command('new')
      .description('create a session with a shell, an agent or a program of its own, and print its id')
      .usage('[options] [-- PROGRAM [ARG…]]')
      .passThroughOptions()
      .argument('[PROGRAM...]', 'a program and its arguments instead of a shell; the session ends with it')
      .option('--shell <PATH>', 'the shell (default: $SHELL)')
      .option('--agent [NAME]', 'a coding agent instead of a shell (default: `agent` of the settings)')
      .option('--cwd <DIR>', 'the folder (default: the current one)')
      .option('--title <TITLE>', 'the title')
      .option('--tag <NAME>', 'a tag; may be given again', tags)
      .option('--env <NAME=VALUE>', 'a variable of what runs in the session; may be given again', variables)
      .option('--size <SIZE>', 'columns and rows of the terminal, as in 120x40', terminalSize)
      .addOption(envelopeOption)
      .action(
        answering(async (words: string[], options, command) => {
          const isProgram = words.length > 0
          if (isProgram && options.shell !== undefined) command.error('error: expected --shell or a program, got both')
          if (isProgram && options.agent !== undefined) command.error('error: expected --agent or a program, got both')
          const {tag, ...rest} = options
          const gateway = gatewayChoice(command)
          const agent = await chosenAgent(command, gateway)
          const {createNewSession} = await import('./commands/sessions/new.ts')
          return await createNewSession({...rest, agent, tags: tag, program: isProgram ? words : undefined}, gateway)
        }),
      ),

  ls: (program) =>
    program
      .command('ls')
      .description('list the sessions, most recently used first')
      .option('--tag <NAME>', 'only sessions with this tag; if given again, only those with all of the tags', tags)
      .option('--json', 'print NDJSON')
      .action(async (options, command) => {
        const {listSessions} = await import('./commands/sessions/ls.ts')
        await listSessions(withGateway(options, command))
      }),

  watch: (program) =>
    program
      .command('watch')
      .description('show all open sessions in one window, live, with the screen of one of them')
      .action(async (_options, command) => {
        const {watchAll} = await import('./commands/sessions/watch.ts')
        await watchAll(gatewayChoice(command))
      }),

  show: (program) =>
    program
      .command('show')
      .description('print the prompts and the output of a session')
      .argument('<ID>', 'the session')
      .option('--json', 'print events as NDJSON')
      .option('--after <SEQ>', 'start after this event', wholeNumber)
      .option('--follow', 'keep printing as events arrive')
      .action(async (id: string, options, command) => {
        const {showSession} = await import('./commands/sessions/show.ts')
        await showSession(id, withGateway(options, command))
      }),

  export: (program) =>
    program
      .command('export')
      .description('write a session as Markdown, or as its events')
      .argument('<ID>', 'the session')
      .addOption(
        new Option('--format <FORMAT>', 'the format of the export').choices(['markdown', 'jsonl']).default('markdown'),
      )
      .option('--output <FILE>', 'a new file (default: stdout)')
      .addOption(envelopeOption)
      .action(
        answering(async (id: string, options, command) => {
          const {exportSession} = await import('./commands/sessions/export.ts')
          return await exportSession(id, withGateway(options, command))
        }),
      ),

  record: (program) =>
    program
      .command('record')
      .description('write a recording of a session, from its log')
      .argument('<ID>', 'the session')
      .addOption(
        new Option('--format <FORMAT>', 'the format of the recording').choices(['asciicast']).default('asciicast'),
      )
      .option('--from <SEQ>', 'begin with this event, and with the screen as it was then', wholeNumber)
      .option('--to <SEQ>', 'end with this event', wholeNumber)
      .option('--output <FILE>', 'a new file (default: stdout)')
      .addOption(envelopeOption)
      .action(
        answering(async (id: string, options, command) => {
          const {recordSession} = await import('./commands/sessions/record.ts')
          return await recordSession(id, withGateway(options, command))
        }),
      ),

  close: (program) =>
    program
      .command('close')
      .description('end sessions and what runs in them; their logs stay')
      .argument('[ID...]', 'the sessions')
      .option('--all', 'all open sessions')
      .addOption(envelopeOption)
      .action(
        answering(async (ids: string[], {all = false}: {all?: boolean}, command) => {
          if (ids.length > 0 === all) command.error('error: expected ids of sessions, or --all')
          const gateway = gatewayChoice(command)
          const {closeSessions} = await import('./commands/sessions/close.ts')
          return await closeSessions(ids, gateway)
        }),
      ),

  search: (program) =>
    program
      .command('search')
      .description('find lines in all sessions that contain all words')
      .argument('<WORD...>', 'words that a line must contain, in any order and case')
      .option('--json', 'print NDJSON')
      .option('--limit <COUNT>', 'maximum number of lines per session', lineCount, 10)
      .action(async (words: string[], options, command) => {
        const {searchSessions} = await import('./commands/sessions/search.ts')
        await searchSessions(words, withGateway(options, command))
      }),

  rename: (program) =>
    program
      .command('rename')
      .description('rename a session')
      .argument('<ID>', 'the session')
      .argument('<TITLE...>', 'the new title')
      .addOption(envelopeOption)
      .action(
        answering(async (id: string, words: string[], _options, command) => {
          const gateway = gatewayChoice(command)
          const {renameSession} = await import('./commands/sessions/rename.ts')
          return await renameSession(id, words.join(' '), gateway)
        }),
      ),

  tag: (program) =>
    program
      .command('tag')
      .description('add tags to a session, and print the tags that it has')
      .argument('<ID>', 'the session')
      .argument('[NAME...]', 'tags to add', tags, [])
      .option('--remove <NAME>', 'a tag to remove; may be given again', tags, [])
      .addOption(envelopeOption)
      .action(
        answering(async (id: string, add: string[], {remove}: {remove: string[]}, command) => {
          const gateway = gatewayChoice(command)
          const {tagSession} = await import('./commands/sessions/tag.ts')
          return await tagSession(id, {add, remove, gateway})
        }),
      ),

  delete: (program) =>
    program
      .command('delete')
      .description('delete closed or stopped sessions for good')
      .argument('<ID...>', 'the sessions')
      .addOption(envelopeOption)
      .action(
        answering(async (ids: string[], _options, command) => {
          const gateway = gatewayChoice(command)
          const {deleteSessions} = await import('./commands/sessions/delete.ts')
          return await deleteSessions(ids, gateway)
        }),
      ),

  prune: (program) =>
    program
      .command('prune')
      .description('delete closed or stopped sessions that were not used for long')
      .requiredOption('--older-than <TIME>', 'time since their last use, such as 30d, 12h or 8w', longTime)
      .option('--dry-run', 'only list them')
      .option('--yes', 'do not ask')
      .option('--json', 'print NDJSON')
      .action(async (options, command) => {
        const {pruneSessions} = await import('./commands/sessions/prune.ts')
        await pruneSessions(withGateway(options, command))
      }),
}
