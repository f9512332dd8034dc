import type {Argument, Command, Option} from 'commander'

/** What only this machine can say now. `setting-values`: of the setting `of`. */
export type Topic =
  | {kind: 'sessions' | 'open-sessions' | 'agents' | 'devices' | 'settings' | 'tags'}
  | {kind: 'setting-values'; of: string}

export interface Candidate {
  text: string
  description: string
}

/** What can stand at the end of a command line. */
export type Completion =
  | {kind: 'words'; candidates: readonly Candidate[]}
  /** `before`: what stands before the value in the same word, such as `--tag=`. */
  | {kind: 'topic'; topic: Topic; before: string}
  | {kind: 'files'}
  | {kind: 'folders'}
  /** Another command line begins at this word, counted from 0. */
  | {kind: 'command'; at: number}

/** Commands for a session that may be closed. Others would refuse one, or have nothing to do. */
const forClosed = new Set(['holdfast', 'talk', 'show', 'export', 'record', 'delete'])

const nothing: Completion = {kind: 'words', candidates: []}

/**
 * What can stand in place of the last of the words behind `holdfast`: commands and options as the program describes them, choices, and
 * values by the names that usages have for them. Pure.
 */
export function completeLine(program: Command, words: readonly string[]): Completion {
  const last = words.length - 1
  const current = words[last] ?? ''
  let command = program
  const given: string[] = []
  const used = new Set<string>()
  let onlyArguments = false
  for (let at = 0; at < last; at++) {
    const word = words[at] ?? ''
    if (!onlyArguments && word === '--') {
      onlyArguments = true
      continue
    }
    const option = onlyArguments ? undefined : findOption(command, word)
    if (option !== undefined) {
      used.add(option.attributeName())
      const takesNext = !word.includes('=') && (option.required || (option.optional && !words[at + 1]?.startsWith('-')))
      if (takesNext && at + 1 === last) return completeValue(command, option, current)
      if (takesNext) at++
      continue
    }
    const subcommand = given.length === 0 && !onlyArguments ? findCommand(command, word) : undefined
    if (subcommand !== undefined) command = subcommand
    else {
      given.push(word)
      if (startsCommand(command)) return {kind: 'command', at}
    }
  }
  if (!onlyArguments && current.startsWith('-')) return completeOption(command, used, current)
  if (startsCommand(command)) return {kind: 'command', at: last}
  const commands = given.length === 0 && !onlyArguments ? commandsOf(command) : []
  if (commands.length > 0) return {kind: 'words', candidates: startingWith(current, commands)}
  const argument = command.registeredArguments[given.length] ?? command.registeredArguments.at(-1)
  const isTaken = argument === undefined || (given.length >= command.registeredArguments.length && !argument.variadic)
  return isTaken ? nothing : completeValue(command, argument, current, given)
}

/** With its parents, whose options it takes, too. */
function withParents(command: Command): Command[] {
  return command.parent === null ? [command] : [command, ...withParents(command.parent)]
}

function findOption(command: Command, word: string): Option | undefined {
  const [name = ''] = word.split('=')
  return withParents(command)
    .flatMap(({options}) => options)
    .find(({long, short}) => name !== '' && (long === name || short === name))
}

function findCommand(command: Command, name: string): Command | undefined {
  return command.commands.find((one) => one.name() === name)
}

/** Whether what follows is a command line of its own. */
function startsCommand(command: Command): boolean {
  return command.registeredArguments[0]?.name() === 'COMMAND' && command.registeredArguments[0].variadic
}

function commandsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((one) => ({text: one.name(), description: one.description()}))
}

function completeOption(command: Command, used: ReadonlySet<string>, current: string): Completion {
  const [name = '', value] = current.split(/=(.*)/s)
  if (value !== undefined) {
    const option = findOption(command, name)
    return option === undefined ? nothing : completeValue(command, option, value, [], `${name}=`)
  }
  const candidates = command
    .createHelp()
    .visibleOptions(command)
    .filter((option) => option.variadic || !used.has(option.attributeName()))
    .map(({long, short, description}) => ({text: long ?? short ?? '', description}))
  return {kind: 'words', candidates: startingWith(current, candidates)}
}

function completeValue(
  command: Command,
  holder: Option | Argument,
  current: string,
  given: readonly string[] = [],
  before = '',
): Completion {
  if (holder.argChoices !== undefined) {
    const choices = holder.argChoices.map((text) => ({text: before + text, description: ''}))
    return {kind: 'words', candidates: startingWith(before + current, choices)}
  }
  switch (valueName(holder)) {
    case 'ID':
      return {kind: 'topic', topic: {kind: forClosed.has(command.name()) ? 'sessions' : 'open-sessions'}, before}
    case 'FILE':
    case 'PATH':
      return {kind: 'files'}
    case 'DIR':
      return {kind: 'folders'}
    case 'COMMAND':
      return {kind: 'words', candidates: startingWith(current, commandsOf(command.parent ?? command))}
    case 'VALUE':
      return {kind: 'topic', topic: {kind: 'setting-values', of: given[0] ?? ''}, before}
    case 'DEVICE':
      return {kind: 'topic', topic: {kind: 'devices'}, before}
    case 'NAME': {
      if (command.parent?.name() === 'config') return {kind: 'topic', topic: {kind: 'settings'}, before}
      const isAgent = 'long' in holder && holder.long === '--agent'
      return {kind: 'topic', topic: {kind: isAgent ? 'agents' : 'tags'}, before}
    }
    default:
      return nothing
  }
}

/** As usages write it: `ID` of `--resume <ID>`. */
function valueName(holder: Option | Argument): string | undefined {
  return 'flags' in holder ? /[<[](\w+)/.exec(holder.flags)?.[1] : holder.name()
}

function startingWith(current: string, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({text}) => text.startsWith(current))
}
