import type {Argument, Command, Option} from 'commander'

import {keyActions} from '../keys/key-actions.ts'
import {version} from '../process/version.ts'
import {entrySettings, wholeSchemas} from '../settings/settings-schema.ts'

type Row = readonly [term: string, text: string]

const exitStatuses: readonly Row[] = [
  ['0', 'success; for `run`, the status of the command'],
  ['1', 'a failure, which a line on stderr explains'],
  ['2', 'wrong usage'],
  ['124', '`run --timeout` has passed'],
  ['129, 143', 'SIGHUP or SIGTERM has ended `run`; the command keeps running'],
  ['130', 'Ctrl-C has ended it'],
  ['141', 'the reader of stdout is gone'],
  ['148', 'Ctrl-Z has stopped the command of `run`'],
]

const environment: readonly Row[] = [
  ['SHELL', 'the shell of new sessions'],
  [
    'HOLDFAST_HOME',
    'the folder that holds all state; default: `$XDG_STATE_HOME/holdfast`, else `~/.local/state/holdfast`',
  ],
  ['HOLDFAST_IDLE_HOURS', 'how long a host runs without a running command and without a client; default: 24'],
  ['HOLDFAST_GATEWAY', "a program to start as the gateway instead of Holdfast's own"],
  ['HOLDFAST_SESSION', 'in a session: its id'],
  ['NO_COLOR', 'if set, Holdfast prints no colours'],
  ['VISUAL, EDITOR', 'the editor of the key `editor` and of `holdfast config edit`'],
  ['XDG_CONFIG_HOME', 'where the settings are; default: `~/.config`'],
]

const files: readonly Row[] = [
  ['$XDG_CONFIG_HOME/holdfast/config.json', 'the settings; default: `~/.config/holdfast/config.json`'],
  ['$HOLDFAST_HOME/sessions', 'the logs of the sessions'],
  ['$HOLDFAST_HOME/logs/crash.log', 'how processes started and ended; `holdfast doctor` explains it'],
]

/** The man page of the program, for `man`: macros of man(7). Pure. */
export function manPage(program: Command): string {
  const help = program.createHelp()
  const commands = help.visibleCommands(program).filter((command) => command.name() !== 'help')
  return [
    `.TH HOLDFAST 1 "" "holdfast ${version}" "User Commands"`,
    '.SH NAME',
    `holdfast \\- ${escape(beginInLowerCase(program.description()))}`,
    '.SH SYNOPSIS',
    ...['', ...commands.map((command) => command.name())].flatMap((name) => synopsis(program, name)),
    '.SH DESCRIPTION',
    ...paragraph('`holdfast` opens the screen on a new session, with a shell or a coding agent in the current folder.'),
    ...paragraph('A session outlives every process: its commands run on when you leave or the connection is lost.'),
    '.SH OPTIONS',
    ...rows(optionRows(program)),
    '.SH COMMANDS',
    ...commands.flatMap((command) => describeCommand(command)),
    '.SH KEYS',
    ...paragraph('The setting `keys` binds others to these actions. `/help` lists all keys.'),
    ...rows(
      Object.entries(keyActions).map(([name, {keys, description}]) => [`${name}: ${keys.join(', ')}`, description]),
    ),
    '.SH SETTINGS',
    ...paragraph('`holdfast config list` shows them, `holdfast config set` and `holdfast config edit` change them.'),
    ...rows([
      ...[...wholeSchemas].map(([name, schema]): Row => [name, schema.description ?? '']),
      ...[...entrySettings].map(([name, {description}]): Row => [name, description]),
    ]),
    '.SH EXIT STATUS',
    ...rows(exitStatuses),
    '.SH ENVIRONMENT',
    ...rows(environment),
    '.SH FILES',
    ...rows(files),
    '',
  ].join('\n')
}

function synopsis(program: Command, name: string): string[] {
  const command = name === '' ? program : program.commands.find((one) => one.name() === name)
  if (command === undefined) return []
  const help = command.createHelp()
  // Its own usage names the command; the options are below.
  const [first = '', ...others] = help.commandUsage(command).split(' ')
  const words = name === '' ? others.filter((word) => word !== '[command]') : others.slice(1)
  const nameOf = name === '' ? first : `${first} ${name}`
  return [`.B ${escape(nameOf)}`, escape(words.join(' ')), '.br']
}

function describeCommand(command: Command, parent = ''): string[] {
  const name = `${parent}${command.name()}`
  const help = command.createHelp()
  const subcommands = help.visibleCommands(command)
  const details = [...argumentRows(command), ...optionRows(command)]
  return [
    `.SS ${escape(`holdfast ${name} ${usageOf(command)}`.trimEnd())}`,
    ...paragraph(command.description()),
    ...rows(details),
    ...subcommands.flatMap((one) => describeCommand(one, `${name} `)),
  ]
}

/** What stands behind the name of a command. */
function usageOf(command: Command): string {
  const usage = command.createHelp().subcommandTerm(command)
  return usage.split(' ').slice(1).join(' ')
}

function argumentRows(command: Command): Row[] {
  return command
    .createHelp()
    .visibleArguments(command)
    .map((argument: Argument): Row => [argument.name(), withChoices(argument)])
}

function optionRows(command: Command): Row[] {
  const help = command.createHelp()
  return help
    .visibleOptions(command)
    .filter(({long}) => long !== '--help' || command.parent === null)
    .map((option): Row => [help.optionTerm(option), withChoices(option)])
}

function withChoices({description, argChoices}: Argument | Option): string {
  return argChoices === undefined ? description : `${description}: ${argChoices.map((one) => `\`${one}\``).join(', ')}`
}

function rows(all: readonly Row[]): string[] {
  return all.flatMap(([term, text]) => ['.TP', `.B ${escape(term)}`, escape(text) || '\\&'])
}

function paragraph(text: string): string[] {
  return ['.PP', escape(text)]
}

function beginInLowerCase(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '')
}

/** A text in one line of roff; what is between backticks is bold. */
function escape(text: string): string {
  const line = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/`([^`]*)`/g, '\\fB$1\\fR')
    // A renderer may not know the encoding of the file.
    .replaceAll(/[^\n -~]/gu, (character) => `\\[u${hex(character)}]`)
    .replaceAll('\n', ' ')
  return /^[.']/.test(line) ? `\\&${line}` : line
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}
