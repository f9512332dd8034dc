import {Command, InvalidArgumentError} from 'commander'

import type {RunOptions} from './commands/run.ts'
import {openStandardOutput} from './commands/standard-output.ts'
import {complain} from './complain.ts'
import {version} from './version.ts'

/** The words of the command line. What a command does is loaded when it is called, so that each starts fast. */
export function createProgram(): Command {
  const program = new Command('holdfast')
    .description('Long sessions with a shell: whatever dies, the session lives.')
    .version(version, '--version')
    .helpOption('--help')
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => openStandardOutput().write(text),
      outputError: (message) => complain(message.replace(/^error: /, '')),
    })
    .argument('[prompt...]', 'a first prompt')
    .option('--continue', 'open the session that was used last')
    .option('--resume <id>', 'open this session')
    .option('--shell <path>', 'the shell of a new session; else $SHELL')
    .action(async (words: string[], options: {continue?: true; resume?: string; shell?: string}, command: Command) => {
      if (options.continue && options.resume !== undefined)
        command.error('error: expected --continue or --resume, got both')
      if (options.shell !== undefined && (options.continue || options.resume !== undefined))
        command.error('error: expected --shell for a new session only, got it for one that has a shell')
      // Ink needs one as soon as it is loaded, whatever session is opened.
      const {currentFolder} = await import('./surroundings.ts')
      currentFolder()
      const {openScreen} = await import('./commands/open-screen.ts')
      await openScreen({
        prompt: words.join(' '),
        latest: options.continue ?? false,
        sessionId: options.resume,
        shell: options.shell,
      })
    })

  program
    .command('run')
    .description('run one command in a session, print its output, exit with its status')
    .usage('[--session ID | --shell PATH] [--json] [--timeout MS] [--no-wait] -- COMMAND')
    .passThroughOptions()
    .argument('<command...>', 'one word is a line for the shell; several are a program and its arguments')
    .option('--session <id>', 'in this session, not a new one')
    .option('--shell <path>', 'the shell of the new session; else $SHELL')
    .option('--json', 'print events, one a line')
    .option('--timeout <ms>', 'wait so long at most, then exit 124; the command runs on', milliseconds)
    .option('--no-wait', 'print session and prompt id and return at once')
    .action(async (words: string[], options: RunOptions, command: Command) => {
      if (options.session !== undefined && options.shell !== undefined)
        command.error('error: expected --session or --shell, got both')
      const {runCommand} = await import('./commands/run.ts')
      await runCommand(words, options)
    })

  program
    .command('ls')
    .description('list the sessions, the last used first')
    .option('--json', 'one object a line')
    .action(async (options: {json?: true}) => {
      const {listSessions} = await import('./commands/ls.ts')
      await listSessions(options)
    })

  program
    .command('show')
    .description('print what was said and printed in a session')
    .argument('<id>', 'the session')
    .option('--json', 'print events, one a line')
    .option('--after <seq>', 'only what came after this event', wholeNumber)
    .option('--follow', 'go on as more comes')
    .action(async (id: string, options: {json?: true; after?: number; follow?: true}) => {
      const {showSession} = await import('./commands/show.ts')
      await showSession(id, options)
    })

  program
    .command('close')
    .description('end sessions, and what runs in them; what was said and printed stays')
    .argument('[id...]', 'the sessions')
    .option('--all', 'all that are open')
    .action(async (ids: string[], options: {all?: true}, command: Command) => {
      if (ids.length > 0 === (options.all ?? false)) command.error('error: expected ids of sessions, or --all')
      const {closeSessions} = await import('./commands/close.ts')
      await closeSessions(ids)
    })

  // The processes of a session, by the words under which `ps` shows them.
  program.command('gateway', {hidden: true}).action(async () => {
    const {runGatewayProcess} = await import('./commands/gateway.ts')
    runGatewayProcess()
  })
  program
    .command('host', {hidden: true})
    .argument('<id>')
    .action(async (id: string) => {
      const {runHostProcess} = await import('./commands/host.ts')
      await runHostProcess(id)
    })

  return program
}

/** What a timer of Node can wait; above it, it would not wait at all. */
const maxTimerMs = 2 ** 31 - 1

function milliseconds(text: string): number {
  const value = wholeNumber(text)
  if (value > maxTimerMs) throw new InvalidArgumentError(`Expected at most ${maxTimerMs} ms.`)
  return value
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}
