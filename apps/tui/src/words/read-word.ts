import {toPlainLine} from '../to-plain-line.ts'
import type {Word} from './word.ts'

/** What a line is that was entered. */
export type ReadLine<W> =
  | {kind: 'prompt'}
  /** A word, used rightly. */
  | {kind: 'word'; word: W; argument: string}
  /** It looks like a word: what was expected, and what came. */
  | {kind: 'refused'; why: string}

/**
 * What a line is that was entered: a word for the screen, a prompt, or something that looks like a word and is none, or is
 * used wrongly. A program right below `/` is meant when a space stands before it. Pure.
 */
export function readWord<W extends Pick<Word, 'name' | 'argument'>>(line: string, words: readonly W[]): ReadLine<W> {
  const [, name, rest = ''] = /^(\/[a-z][a-z-]*)(?:\s([^]*))?$/i.exec(line) ?? []
  if (name === undefined) return {kind: 'prompt'}
  const argument = rest.trim()
  const word = words.find((each) => each.name === name)
  if (word === undefined) {
    const why = `Expected one of the words that /help shows, got \`${shorten(line)}\`. To run a program of that name, begin with a space`
    return {kind: 'refused', why}
  }
  const {shape} = word.argument ?? {}
  if (shape === undefined && argument !== '')
    return {kind: 'refused', why: `Expected \`${name}\` alone, got \`${shorten(line)}\``}
  if (shape !== undefined && !shape.startsWith('[') && argument === '')
    return {kind: 'refused', why: `Expected \`${name} ${shape}\`, got \`${name}\``}
  return {kind: 'word', word, argument}
}

/** Of what was entered, in UTF-16 units. */
const longestShown = 20

function shorten(line: string): string {
  const text = toPlainLine(line.trimEnd())
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}
