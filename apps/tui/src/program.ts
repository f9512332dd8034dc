import {Command, InvalidArgumentError, Option} from 'commander'

import type {SessionChoice} from './commands/choose-session.ts'
import type {GatewayChoice} from './commands/gateway-choice.ts'
import type {RunOptions} from './commands/run.ts'
import {openStandardOutput} from './commands/standard-output.ts'
import {complain} from './complain.ts'
import {meantCommand} from './meant-command.ts'
import {isProgram} from './surroundings.ts'
import type {ExportFormat} from './transcript/export-session.ts'
import {whyNoScreen} from './why-no-screen.ts'
import {version} from './version.ts'

/** The commands, in the order of the help. */
const commands: Readonly<Record<string, (program: Command) => void>> = {
  talk: addTalk,
  run: addRun,
  attach: addAttach,
  send: addSend,
  ls: addLs,
  show: addShow,
  export: addExport,
  close: addClose,
  search: addSearch,
  rename: addRename,
  delete: addDelete,
  prune: addPrune,
  serve: addServe,
  doctor: addDoctor,
  gateway: addGateway,
  host: addHost,
}

/**
 * The words of the command line, of which `word` is the first. So that each command starts fast, what it does is loaded when
 * it is called, and where the first word says which one it is, the others are not described.
 */
export function createProgram(word?: string): Command {
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
    .action(async (words: string[], _options: object, command: Command) => {
      const choice = sessionChoice(command)
      refuseSlip(words, command)
      const prompt = words.join(' ')
      const why = whyNoScreen()
      if (why !== undefined) {
        const {talk} = await import('./commands/talk.ts')
        return await talk({...choice, prompt, preface: why})
      }
      // Ink needs one as soon as it is loaded, whatever session is opened.
      const {currentFolder} = await import('./surroundings.ts')
      currentFolder()
      // What is typed before the first frame is for the composer; the terminal would show it beside that.
      process.stdin.setRawMode(true)
      const {openScreen} = await import('./commands/open-screen.ts')
      await openScreen({...choice, prompt})
    })

  addSessionOptions(program)
  addGatewayOptions(program)

  const named = word !== undefined && Object.hasOwn(commands, word) ? commands[word] : undefined
  for (const add of named === undefined ? Object.values(commands) : [named]) add(program)
  return program
}

function addTalk(program: Command): void {
  const lineByLine = program
    .command('talk')
    .description('a session line by line: for pipes, screen readers and plain terminals')
    .argument('[prompt...]', 'a first prompt')
    .action(async (words: string[], _options: object, command: Command) => {
      const choice = sessionChoice(command)
      const {talk} = await import('./commands/talk.ts')
      await talk({...choice, prompt: words.join(' '), preface: ''})
    })
  addSessionOptions(lineByLine)
  addGatewayOptions(lineByLine)
}

function addRun(program: Command): void {
  const run = program
    .command('run')
    .description('run one command in a session, print its output, exit with its status')
    .usage('[--session ID | --shell PATH] [--json] [--timeout MS] [--max-output SIZE] [--no-wait] -- COMMAND')
    .passThroughOptions()
    .argument('<command...>', 'one word is a line for the shell; several are a program and its arguments')
    .option('--session <id>', 'in this session, not a new one')
    .option('--shell <path>', 'the shell of the new session; else $SHELL')
    .option('--json', 'print events, one a line')
    .option('--timeout <ms>', 'wait so long at most, then exit 124; the command runs on', milliseconds)
    .option('--max-output <size>', 'keep so many bytes of output (as in 64M), and the last MiB', byteCount)
    .option('--no-wait', 'print session and prompt id and return at once')
    .action(async (words: string[], options: Omit<RunOptions, 'gateway'>, command: Command) => {
      if (options.session !== undefined && options.shell !== undefined)
        command.error('error: expected --session or --shell, got both')
      const gateway = gatewayChoice(command)
      const {runCommand} = await import('./commands/run.ts')
      await runCommand(words, {...options, gateway})
    })
  addGatewayOptions(run)
}

function addAttach(program: Command): void {
  const attach = program
    .command('attach')
    .description('hand the terminal to the program that runs in a session, until it ends or Ctrl-O is pressed')
    .argument('<id>', 'the session')
    .option('--detach-key <key>', 'takes the terminal back, as in ctrl-q; else ctrl-o', controlKey)
    .action(async (id: string, options: {detachKey?: string}, command: Command) => {
      const gateway = gatewayChoice(command)
      const {attachToSession} = await import('./commands/attach.ts')
      await attachToSession(id, {...options, gateway})
    })
  addGatewayOptions(attach)
}

function addSend(program: Command): void {
  const send = program
    .command('send')
    .description('type words, or what stdin says, for the program that runs in a session')
    .usage('ID [--prompt PROMPT] [--no-enter] [--] [WORD…]')
    .argument('<id>', 'the session')
    .argument('[word...]', 'typed with a space between them, and Enter; without them, stdin is sent as it is')
    .option('--prompt <id>', 'only for the program of this prompt; waits for it to begin')
    .option('--no-enter', 'press no Enter behind the words')
    .action(async (id: string, words: string[], options: {prompt?: string; enter: boolean}, command: Command) => {
      const gateway = gatewayChoice(command)
      const {sendInput} = await import('./commands/send.ts')
      await sendInput(id, words, {...options, gateway})
    })
  addGatewayOptions(send)
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

function addServe(program: Command): void {
  program
    .command('serve')
    .description('offer the sessions of this machine to `holdfast --connect`, until it is told to end')
    .requiredOption('--listen <host:port>', 'where to listen; port 0: any that is free', listenAddress)
    .option('--token-file <file>', 'who connects has to know the word in this file; must be there beyond loopback')
    .option('--json', 'print where it listens as an object')
    .action(async (options: {listen: {host: string; port: number}; json?: true}, command: Command) => {
      const {tokenFile} = command.optsWithGlobals<GatewayChoice>()
      const {serveSessions} = await import('./commands/serve.ts')
      await serveSessions({...options, ...(tokenFile === undefined ? {} : {tokenFile})})
    })
}

function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('say why processes died in the last days, and what is wrong in the environment')
    .option('--json', 'one object')
    .action(async (options: {json?: true}) => {
      const {runDoctor} = await import('./commands/doctor.ts')
      await runDoctor(options)
    })
}

// The processes of a session, by the words under which `ps` shows them.

function addGateway(program: Command): void {
  program.command('gateway', {hidden: true}).action(async () => {
    const {runGatewayProcess} = await import('./commands/gateway.ts')
    runGatewayProcess()
  })
}

function addHost(program: Command): void {
  program
    .command('host', {hidden: true})
    .argument('<id>')
    .action(async (id: string) => {
      const {runHostProcess} = await import('./commands/host.ts')
      await runHostProcess(id)
    })
}

function addSessionOptions(command: Command): void {
  command
    .option('--continue', 'open the session that was used last')
    .option('--resume <id>', 'open this session')
    .option('--shell <path>', 'the shell of a new session; else $SHELL')
}

function sessionChoice(command: Command): SessionChoice {
  const options = command.optsWithGlobals<{continue?: true; resume?: string; shell?: string}>()
  if (options.continue && options.resume !== undefined)
    command.error('error: expected --continue or --resume, got both')
  if (options.shell !== undefined && (options.continue || options.resume !== undefined))
    command.error('error: expected --shell for a new session only, got it for one that has a shell')
  return {
    latest: options.continue ?? false,
    sessionId: options.resume,
    gateway: gatewayChoice(command),
    shell: options.shell,
  }
}

/** Before or behind the name of the command: both are natural. */
function addGatewayOptions(command: Command): void {
  command
    .option('--connect <url>', 'the sessions of a `holdfast serve`, at ws://HOST:PORT or wss://…')
    .option('--token-file <file>', 'holds the word that it wants to hear')
}

function gatewayChoice(command: Command): GatewayChoice {
  const {connect, tokenFile} = command.optsWithGlobals<GatewayChoice>()
  if (tokenFile !== undefined && connect === undefined) command.error('error: expected --connect beside --token-file')
  const problem = connect === undefined ? undefined : urlProblem(connect)
  if (problem !== undefined) command.error(`error: --connect: ${problem}`)
  return {...(connect === undefined ? {} : {connect}), ...(tokenFile === undefined ? {} : {tokenFile})}
}

/** What is wrong with the URL of a gateway. The URL is not in it, as there may be credentials in that. */
function urlProblem(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || !['ws:', 'wss:'].includes(url.protocol)) return 'expected ws://HOST:PORT or wss://HOST'
  const hasCredentials = url.username !== '' || url.password !== ''
  return hasCredentials ? 'expected no credentials in the URL; --token-file is for them' : undefined
}

function listenAddress(text: string): {host: string; port: number} {
  const [, six, name, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? []
  const host = six ?? name
  const port = Number(digits)
  if (host === undefined || port > 65_535) throw new InvalidArgumentError('Expected HOST:PORT, as in 127.0.0.1:7000.')
  return {host, port}
}

/** A lone word that is all but a command, and no program, would be a surprising prompt. */
function refuseSlip([word = '', ...more]: readonly string[], program: Command): void {
  const visible = program.createHelp().visibleCommands(program)
  const meant = meantCommand(
    word,
    visible.map((command) => command.name()),
  )
  if (more.length > 0 || meant === undefined || isProgram(word)) return
  program.error(
    `error: expected a command or a prompt, got \`${word}\`: did you mean \`${meant}\`? A prompt can be typed on the screen`,
  )
}

/** What a timer of Node can wait; above it, it would not wait at all. */
const maxTimerMs = 2 ** 31 - 1

function milliseconds(text: string): number {
  const value = wholeNumber(text)
  if (value > maxTimerMs) throw new InvalidArgumentError(`Expected at most ${maxTimerMs} ms.`)
  return value
}

/** The letter of `ctrl-X`. Not those that terminals send for other keys, or programs cannot do without. */
function controlKey(text: string): string {
  const [, letter] = /^ctrl-([a-z])$/i.exec(text) ?? []
  if (letter === undefined || 'hijmc'.includes(letter.toLowerCase()))
    throw new InvalidArgumentError('Expected ctrl- and a letter but c, h, i, j, m, as in ctrl-o.')
  return letter.toLowerCase()
}

function lineCount(text: string): number {
  const value = wholeNumber(text)
  if (value < 1 || value > 1000) throw new InvalidArgumentError('Expected 1 to 1000.')
  return value
}

const hour = 3_600_000
const units: Readonly<Record<string, number>> = {h: hour, d: 24 * hour, w: 7 * 24 * hour}

function longTime(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,6})([hdw])$/.exec(text) ?? []
  const unitMs = units[unit]
  if (unitMs === undefined) throw new InvalidArgumentError('Expected a time, as in 12h, 30d or 8w.')
  return Number(digits) * unitMs
}

function byteCount(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,12})([kmg]?)$/i.exec(text) ?? []
  if (digits === undefined) throw new InvalidArgumentError('Expected a size, as in 500000, 64M or 2G.')
  return Number(digits) * 1024 ** ' kmg'.indexOf(unit.toLowerCase() || ' ')
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}
