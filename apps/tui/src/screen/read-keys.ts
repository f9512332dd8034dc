/* oxlint-disable no-control-regex -- control characters are what this file is about */
import type {Key} from 'ink'

import type {Edit} from './edit-text.ts'

/** What a key asks of the composer. */
export type Keystroke = Edit | {kind: 'submit' | 'interrupt' | 'attach' | 'up' | 'down'}

const controls = /([\u0000-\u001f\u007f-\u009f])/

/**
 * What was typed, key by key. Keys that come faster than they are read arrive in one piece, so a control character in the
 * middle of text is the key that it is alone. What means nothing here is left out. Pure.
 */
export function readKeys(input: string, key: Key): readonly Keystroke[] {
  const named = namedKeys.find(([name]) => key[name])?.[1]
  if (named !== undefined) return [named]
  if (key.meta || key.escape || key.tab) return []
  if (key.ctrl) return controlKeystrokes(String.fromCharCode((input.codePointAt(0) ?? 0) & 0x1f))
  return input
    .split(controls)
    .filter((piece) => piece !== '')
    .flatMap((piece) => (controls.test(piece) ? controlKeystrokes(piece) : [{kind: 'insert', text: piece}]))
}

/** What may be written of a text that was pasted: its tabs and line ends are text, other control characters would be unseen. */
export function readPaste(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
}

const namedKeys: readonly (readonly [keyof Key, Keystroke])[] = [
  ['upArrow', {kind: 'up'}],
  ['downArrow', {kind: 'down'}],
  ['leftArrow', {kind: 'left'}],
  ['rightArrow', {kind: 'right'}],
  ['home', {kind: 'start'}],
  ['end', {kind: 'end'}],
  ['return', {kind: 'submit'}],
  ['backspace', {kind: 'delete-back'}],
  ['delete', {kind: 'delete-forward'}],
]

function controlKeystrokes(character: string): readonly Keystroke[] {
  const keystroke = controlKeys[character]
  return keystroke === undefined ? [] : [keystroke]
}

/** The control characters, as readline has them: Ctrl-A is 1, Ctrl-B is 2 … */
const controlKeys: Readonly<Record<string, Keystroke>> = {
  '\u0001': {kind: 'start'},
  '\u0002': {kind: 'left'},
  '\u0003': {kind: 'interrupt'},
  '\u0004': {kind: 'delete-forward'},
  '\u0005': {kind: 'end'},
  '\u0006': {kind: 'right'},
  '\u0008': {kind: 'delete-back'},
  '\u000a': {kind: 'insert', text: '\n'},
  '\u000b': {kind: 'delete-to-end'},
  '\u000d': {kind: 'submit'},
  '\u000f': {kind: 'attach'},
  '\u0015': {kind: 'delete-to-start'},
  '\u0017': {kind: 'delete-word'},
  '\u007f': {kind: 'delete-back'},
}
