/* oxlint-disable no-control-regex -- control characters are what this file is about */
import type {Key} from 'ink'

/** Typed text, or a key by its name, such as `ctrl-a`, `alt-left`, `shift-enter`, `tab`. */
export type KeyPress = {kind: 'text'; text: string} | {kind: 'key'; name: string}

const controls = /([\u0000-\u001f\u007f-\u009f])/

/**
 * Splits one event of Ink's `useInput` into key presses. Keys that come faster than Ink reads arrive in one event, so a
 * control character inside text is the key that it is alone. Unknown controls are dropped. Pure.
 */
export function readKeys(input: string, key: Key): readonly KeyPress[] {
  if (key.eventType === 'release') return []
  const name = namedKeys.find(([property]) => key[property])?.[1]
  if (name !== undefined) return [{kind: 'key', name: withModifiers(name, key)}]
  if (key.meta) return input === '' ? [] : [{kind: 'key', name: `alt-${key.ctrl ? 'ctrl-' : ''}${input}`}]
  if (key.ctrl) return controlKey(String.fromCharCode((input.codePointAt(0) ?? 0) & 0x1f))
  return input
    .split(controls)
    .filter((piece) => piece !== '')
    .flatMap((piece) => (controls.test(piece) ? controlKey(piece) : [{kind: 'text', text: piece}]))
}

/** Pasted text with its line breaks: terminals send a carriage return for each. */
export function readPaste(text: string): string {
  return text.replace(/\r\n?/g, '\n')
}

const namedKeys: readonly (readonly [keyof Key, string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['home', 'home'],
  ['end', 'end'],
  ['pageUp', 'page-up'],
  ['pageDown', 'page-down'],
  ['return', 'enter'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
  ['tab', 'tab'],
  ['escape', 'escape'],
]

function withModifiers(name: string, key: Key): string {
  // Ink reports Escape pressed twice as Alt-Escape.
  const alt = key.meta && name !== 'escape' ? 'alt-' : ''
  return `${alt}${key.ctrl ? 'ctrl-' : ''}${key.shift ? 'shift-' : ''}${name}`
}

/** Control characters with a key of their own; all others are Ctrl and a letter. */
const controlNames: Readonly<Record<string, string>> = {
  '\u0008': 'backspace',
  '\u0009': 'tab',
  '\u000d': 'enter',
  '\u001b': 'escape',
  '\u007f': 'backspace',
}

function controlKey(character: string): readonly KeyPress[] {
  const code = character.charCodeAt(0)
  if (code > 127) return []
  return [{kind: 'key', name: controlNames[character] ?? `ctrl-${String.fromCharCode(code + 64).toLowerCase()}`}]
}
