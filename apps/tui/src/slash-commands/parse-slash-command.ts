import {shorten} from '@holdfast/session-view'

import {isOneSlip} from './is-one-slip.ts'
import type {SlashCommand} from './slash-command.ts'

/** A submitted line. */
export type ParsedLine<Command> =
  | {kind: 'prompt'}
  /** A slash command with valid usage. */
  | {kind: 'command'; command: Command; argument: string}
  /** An unknown slash command, or wrong usage. */
  | {kind: 'refused'; why: string}

/** The part of the line that an error shows, UTF-16 units. */
const maxShownLength = 21

/**
 * Distinguishes slash commands from prompts. A line is a slash command if it starts with `/` and a name without another `/`; a
 * space before it makes it a prompt, for a program in the root folder. `agentCommands`: names without `/` that the coding agent
 * of the session takes as prompts; a command of ours with the same name comes first. Pure.
 */
export function parseSlashCommand<Command extends Pick<SlashCommand, 'name' | 'argument'>>(
  line: string,
  commands: readonly Command[],
  agentCommands: readonly {name: string}[] = [],
): ParsedLine<Command> {
  const [, name, rest = ''] = /^(\/[a-z][a-z-]*)(?:\s([^]*))?$/i.exec(line) ?? []
  if (name === undefined) return {kind: 'prompt'}
  const argument = rest.trim()
  const command = commands.find((each) => each.name === name)
  if (command === undefined) {
    if (agentCommands.some((each) => `/${each.name}` === name)) return {kind: 'prompt'}
    const meant = [...commands.map((each) => each.name), ...agentCommands.map((each) => `/${each.name}`)].find(
      (known) => isOneSlip(name, known),
    )
    const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
    const why = `Expected one of the commands that /help lists, got \`${shorten(line.trimEnd(), maxShownLength)}\`.${hint} To run a program of that name, type a space before it`
    return {kind: 'refused', why}
  }
  const {argument: shape} = command
  if (shape === undefined && argument !== '')
    return {kind: 'refused', why: `Expected \`${name}\` alone, got \`${shorten(line.trimEnd(), maxShownLength)}\``}
  if (shape !== undefined && !shape.startsWith('[') && argument === '')
    return {kind: 'refused', why: `Expected \`${name} ${shape}\`, got \`${name}\``}
  return {kind: 'command', command, argument}
}
