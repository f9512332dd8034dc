import {toPlainLine} from '@holdfast/terminal'

import type {SlashCommand} from './slash-command.ts'

/** What a line is that was entered. */
export type ParsedLine<Command> =
  | {kind: 'prompt'}
  /** A word, used rightly. */
  | {kind: 'command'; command: Command; argument: string}
  /** It looks like a word: what was expected, and what came. */
  | {kind: 'refused'; why: string}

/**
 * What a line is that was entered: a word for the screen, a prompt, or something that looks like a word and is none, or is
 * used wrongly. A program right below `/` is meant when a space stands before it. Pure.
 */
export function parseSlashCommand<Command extends Pick<SlashCommand, 'name' | 'argument'>>(
  line: string,
  commands: readonly Command[],
): ParsedLine<Command> {
  const [, name, rest = ''] = /^(\/[a-z][a-z-]*)(?:\s([^]*))?$/i.exec(line) ?? []
  if (name === undefined) return {kind: 'prompt'}
  const argument = rest.trim()
  const command = commands.find((each) => each.name === name)
  if (command === undefined) {
    const why = `Expected one of the commands that /help lists, got \`${shorten(line)}\`. To run a program of that name, type a space before it`
    return {kind: 'refused', why}
  }
  const {shape} = command.argument ?? {}
  if (shape === undefined && argument !== '')
    return {kind: 'refused', why: `Expected \`${name}\` alone, got \`${shorten(line)}\``}
  if (shape !== undefined && !shape.startsWith('[') && argument === '')
    return {kind: 'refused', why: `Expected \`${name} ${shape}\`, got \`${name}\``}
  return {kind: 'command', command, argument}
}

/** Of what was entered, in UTF-16 units. */
const longestShown = 20

function shorten(line: string): string {
  const text = toPlainLine(line.trimEnd())
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}
