import type {Command} from 'commander'

import type {SessionChoice} from '../sessions/choose-session.ts'
import {invocation} from '../process/invocation.ts'
import {UserError} from '../process/user-error.ts'
import {findProgram} from '../process/find-program.ts'
import {whyNoScreen} from './why-no-screen.ts'
import {beginProgram, hintAtHelp, type AddCommand} from './begin-program.ts'
import {agentCommands} from './agent-commands.ts'
import {chosenAgent} from './agent-option.ts'
import {addGatewayOptions, gatewayChoice} from './gateway-options.ts'
import {tags} from './option-values.ts'
import {configCommands, settingsHelp} from './config-commands.ts'
import {fleetCommands} from './fleet-commands.ts'
import {helpCommands} from './help-commands.ts'
import {meantCommand} from './meant-command.ts'
import {processCommands} from './process-commands.ts'
import {runCommands} from './run-commands.ts'
import {serveCommands} from './serve-commands.ts'
import {sessionCommands} from './session-commands.ts'

/** In the order and the groups of `--help`. */
const groups: Readonly<Record<string, Readonly<Record<string, AddCommand>>>> = {
  'Work in a session:': {talk: addTalk, ...runCommands},
  'Sessions:': sessionCommands,
  'For coding agents:': agentCommands,
  'From other machines:': {...serveCommands, ...fleetCommands},
  'This machine:': {...configCommands, ...processCommands},
}

const commands: ReadonlyMap<string, {add: AddCommand; group: string}> = new Map(
  Object.entries(groups).flatMap(([group, all]) => Object.entries(all).map(([name, add]) => [name, {add, group}])),
)

/**
 * The command-line program. Describes only the command that the first argument names, otherwise all, and each command imports
 * its code when it runs, so that commands start fast.
 */
export function createProgram(firstArg?: string): Command {
  const program = beginProgram()
    .description('Long sessions with a shell or a coding agent: whatever dies, the session lives.')
    .argument('[PROMPT...]', 'the first prompt')
    .action(async (args: string[], _options: object, command: Command) => {
      const choice = await sessionChoice(command)
      await refuseTypo(args, command)
      const prompt = args.join(' ')
      const why = whyNoScreen()
      if (why !== undefined) {
        const {talk} = await import('./commands/talk.ts')
        return await talk({...choice, prompt, preface: why})
      }
      // Ink needs a working directory when it is loaded.
      const {currentFolder} = await import('../process/current-folder.ts')
      currentFolder()
      // Keys typed before the first frame are for the composer: the terminal must not echo them.
      process.stdin.setRawMode(true)
      const {loadLayoutEngine} = await import('../ui/layout-engine.ts')
      await loadLayoutEngine()
      const {openScreen} = await import('../app/open-screen.ts')
      await openScreen({...choice, prompt})
    })

  addSessionOptions(program)
  addGatewayOptions(program)
  program.addHelpText('after', settingsHelp)
  hintAtHelp(program, '--help')

  const named = commands.get(firstArg ?? '')
  const addTo = (group: string, add: AddCommand) => {
    const command = add(program).helpGroup(group)
    hintAtHelp(command, `${command.name()} --help`)
    return command
  }
  for (const {add, group} of named === undefined ? commands.values() : [named]) {
    const command = addTo(group, add)
    if (!isLocal(command.name())) addGatewayOptions(command)
  }
  // They describe every command, so they are only there where all are.
  if (named === undefined) for (const add of [addHelp, ...Object.values(helpCommands)]) addTo('Help:', add)
  return program
}

/** Commands about this machine take no `--connect`. */
function isLocal(command: string): boolean {
  return [processCommands, serveCommands, fleetCommands, configCommands].some((local) => Object.hasOwn(local, command))
}

function addHelp(program: Command): Command {
  return program
    .command('help')
    .description('show the usage of holdfast, or of a command')
    .argument('[COMMAND]', 'the command')
    .action((name: string | undefined, _options, help: Command) => {
      if (name === undefined) return program.outputHelp()
      const command = program.commands.find((one) => one.name() === name)
      if (command === undefined) throw new UserError(unknownCommand(name, program), {code: 'usage'})
      // Not of `help` itself, whose usage says less.
      return (command === help ? program : command).outputHelp()
    })
}

function unknownCommand(name: string, program: Command): string {
  const meant = meantName(name, program)
  return `there is no command \`${name}\`: ${meant === undefined ? `\`${invocation('help')}\` lists all` : `did you mean \`${meant}\`?`}`
}

/** What a word may have meant, of all that `--help` shows. */
function meantName(word: string, program: Command): string | undefined {
  const help = program.createHelp()
  return meantCommand(
    word,
    help.visibleCommands(program).map((command) => command.name()),
    help.visibleOptions(program).map((option) => help.optionTerm(option).replace(/^-\w, /, '')),
  )
}

function addTalk(program: Command): Command {
  const lineByLine = program
    .command('talk')
    .description('open a session line by line: for pipes, screen readers and dumb terminals')
    .argument('[PROMPT...]', 'the first prompt')
    .action(async (args: string[], _options, command) => {
      const choice = await sessionChoice(command)
      const {talk} = await import('./commands/talk.ts')
      await talk({...choice, prompt: args.join(' '), preface: ''})
    })
  return addSessionOptions(lineByLine)
}

function addSessionOptions(command: Command): Command {
  return command
    .option('--continue', 'open the session that was used last')
    .option('--resume <ID>', 'open this session')
    .option('--shell <PATH>', 'the shell of a new session (default: $SHELL)')
    .option('--agent [NAME]', 'a new session with this coding agent (default: `agent` of the settings)')
    .option('--cwd <DIR>', 'the folder of a new session (default: the current one)')
    .option('--title <TITLE>', 'the title of a new session')
    .option('--tag <NAME>', 'a tag of a new session; may be given again', tags)
}

async function sessionChoice(command: Command): Promise<SessionChoice> {
  const options = command.optsWithGlobals<SessionOptions>()
  if (options.continue && options.resume !== undefined)
    command.error('error: expected --continue or --resume, got both')
  const ofNew = (['shell', 'agent', 'cwd', 'title', 'tag'] as const).find((name) => options[name] !== undefined)
  if (ofNew !== undefined && (options.continue || options.resume !== undefined))
    command.error(`error: --${ofNew} is for new sessions only`)
  const gateway = gatewayChoice(command)
  return {
    latest: options.continue ?? false,
    sessionId: options.resume,
    gateway,
    made: {
      shell: options.shell,
      agent: await chosenAgent(command, gateway),
      cwd: options.cwd,
      title: options.title,
      tags: options.tag,
    },
  }
}

interface SessionOptions {
  continue?: true
  resume?: string
  shell?: string
  agent?: string | true
  cwd?: string
  title?: string
  tag?: readonly string[]
}

/**
 * Refuses a word that is meant for a command or an option and is no program, alone or before the id of a session, instead of running
 * it as a prompt.
 */
async function refuseTypo(args: readonly string[], program: Command): Promise<void> {
  const [word = '', id, ...more] = args
  const meant = more.length === 0 ? meantName(word, program) : undefined
  if (meant === undefined || findProgram(word) !== undefined) return
  const {sessionIdPattern} = await import('@holdfast/protocol')
  if (id !== undefined && !sessionIdPattern.test(id)) return
  throw new UserError(
    `expected a command or a prompt, got \`${args.join(' ')}\`: did you mean \`${meant}\`? To send it as a prompt, type it in the screen`,
    {code: 'usage'},
  )
}
