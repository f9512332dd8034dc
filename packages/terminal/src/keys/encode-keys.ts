/** What a program has asked its terminal for, as far as it changes what keys send. */
export interface KeyModes {
  /** Arrows, Home and End send `ESC O` sequences (DECCKM). @default false */
  applicationCursor?: boolean | undefined
}

interface Modifiers {
  shift: boolean
  alt: boolean
  ctrl: boolean
}

/** Final letters of `CSI`, or of `SS3` in the mode of application cursor keys. */
const cursorKeys: Readonly<Record<string, string>> = {up: 'A', down: 'B', right: 'C', left: 'D', end: 'F', home: 'H'}
/** Numbers of `CSI n ~`, of F5 and those after it. */
const functionNumbers = [15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34]
/** The numbers of all keys that have one. */
const numberedKeys: Readonly<Record<string, number>> = {
  insert: 2,
  delete: 3,
  pageup: 5,
  pagedown: 6,
  ...Object.fromEntries(functionNumbers.map((number, at) => [`f${at + 5}`, number])),
}
/** Final letters of `SS3`, or of `CSI` with a modifier. */
const functionKeys: Readonly<Record<string, string>> = {f1: 'P', f2: 'Q', f3: 'R', f4: 'S'}
const characterKeys: Readonly<Record<string, string>> = {
  enter: '\r',
  tab: '\t',
  escape: '\u001b',
  space: ' ',
  backspace: '\u007f',
}
/** Other names of keys, of tmux and of agent-tty. */
const aliases: Readonly<Record<string, string>> = {
  return: 'enter',
  esc: 'escape',
  bspace: 'backspace',
  bs: 'backspace',
  spacebar: 'space',
  ic: 'insert',
  ins: 'insert',
  dc: 'delete',
  del: 'delete',
  pgup: 'pageup',
  ppage: 'pageup',
  'page-up': 'pageup',
  pgdn: 'pagedown',
  npage: 'pagedown',
  'page-down': 'pagedown',
  arrowup: 'up',
  arrowdown: 'down',
  arrowleft: 'left',
  arrowright: 'right',
}
const modifierNames: Readonly<Record<string, keyof Modifiers>> = {
  c: 'ctrl',
  ctrl: 'ctrl',
  control: 'ctrl',
  m: 'alt',
  a: 'alt',
  alt: 'alt',
  meta: 'alt',
  option: 'alt',
  s: 'shift',
  shift: 'shift',
}
const prefix = /^(?:([cms])-|(ctrl|control|alt|meta|option|shift)[-+])(?=.)/i

/**
 * What a terminal sends for the keys that words name, as in `tmux send-keys`: `Enter`, `Down`, `F5`, `C-c`, `ctrl+c`, `^c`, `M-x`,
 * `C-S-Left`, `BTab`. A word that names no key is text, which is sent as it is. Throws a `TypeError` for a modifier with a key that has no
 * such combination in a terminal, such as `ctrl+1`, and for a word that is a mistyped name, such as `Entr`. The sequences are those of
 * xterm. Pure.
 */
export function encodeKeys(words: readonly string[], modes: KeyModes = {}): string {
  return words.map((word) => encodeKey(word, modes)).join('')
}

function encodeKey(word: string, {applicationCursor = false}: KeyModes): string {
  const {name, modifiers} = readKey(word)
  const {shift, alt, ctrl} = modifiers
  const isModified = shift || alt || ctrl
  const code = 1 + (shift ? 1 : 0) + (alt ? 2 : 0) + (ctrl ? 4 : 0)
  const key = keyNamed(name)
  if (key === undefined && isModified) return modifyCharacter(name, modifiers, word)
  if (key === undefined) return asText(word)

  const cursor = cursorKeys[key]
  if (cursor !== undefined)
    return isModified ? csi(`1;${code}${cursor}`) : (applicationCursor ? '\u001bO' : '\u001b[') + cursor
  const letter = functionKeys[key]
  if (letter !== undefined) return isModified ? csi(`1;${code}${letter}`) : `\u001bO${letter}`
  const number = numberedKeys[key]
  if (number !== undefined) return csi(isModified ? `${number};${code}~` : `${number}~`)
  return modifyNamed(key, modifiers)
}

/** The name of a key and its modifiers; of a text, the text itself without any. */
function readKey(word: string): {name: string; modifiers: Modifiers} {
  const modifiers: Modifiers = {shift: false, alt: false, ctrl: false}
  let name = word
  for (let match = prefix.exec(name); match !== null; match = prefix.exec(name)) {
    const modifier = modifierNames[(match[1] ?? match[2] ?? '').toLowerCase()]
    if (modifier !== undefined) modifiers[modifier] = true
    name = name.slice(match[0].length)
  }
  if (/^\^.$/u.test(name)) return {name: name.slice(1), modifiers: {...modifiers, ctrl: true}}
  if (name.toLowerCase() === 'btab') return {name: 'tab', modifiers: {...modifiers, shift: true}}
  // A text such as `s-expression` begins like a modifier.
  const isKey = keyNamed(name) !== undefined || /^.$/su.test(name)
  return isKey ? {name, modifiers} : {name: word, modifiers: {shift: false, alt: false, ctrl: false}}
}

/** Names that nobody mistypes into another word. */
const longNames = [
  'Enter',
  'Escape',
  'Space',
  'BSpace',
  'Backspace',
  'Insert',
  'Delete',
  'PageUp',
  'PageDown',
  'Right',
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
]
const allNames = [...longNames, 'Up', 'Down', 'Left', 'Home', 'End', 'Tab']

/** Refuses a mistyped name: a program that got it as text would do something else. */
function asText(word: string): string {
  let name = word
  while (prefix.test(name)) name = name.replace(prefix, '')
  const isModified = name !== word
  const meant = (isModified ? allNames : longNames).find((known) => isNear(name, known))
  if (meant === undefined || (!isModified && !/^[A-Z]/.test(word))) return word
  const front = word.slice(0, word.length - name.length)
  throw new TypeError(
    `Expected a key or a text, got \`${word}\`: did you mean \`${front}${meant}\`? To type it as a text, paste it`,
  )
}

/** Whether a letter of the name is missing, or two are swapped, in any case. */
function isNear(typed: string, name: string): boolean {
  const [from, to] = [typed.toLowerCase(), name.toLowerCase()]
  let same = 0
  while (same < to.length && from[same] === to[same]) same++
  const [first = '', second = ''] = to.slice(same)
  return [to.slice(same + 1), second + first + to.slice(same + 2)].includes(from.slice(same))
}

function keyNamed(name: string): string | undefined {
  const lower = name.toLowerCase()
  const key = aliases[lower] ?? lower
  const isKey = [cursorKeys, numberedKeys, functionKeys, characterKeys].some((keys) => Object.hasOwn(keys, key))
  return isKey ? key : undefined
}

/** Enter, Tab, Escape, Space and Backspace. Where a terminal has no sequence for a modifier, it sends the key without that. */
function modifyNamed(key: string, {shift, alt, ctrl}: Modifiers): string {
  const plain = characterKeys[key] ?? ''
  const changed =
    key === 'tab' && shift ? csi('Z') : key === 'space' && ctrl ? '\0' : key === 'backspace' && ctrl ? '\b' : plain
  return alt ? `\u001b${changed}` : changed
}

function modifyCharacter(character: string, {shift, alt, ctrl}: Modifiers, word: string): string {
  const shifted = shift ? character.toUpperCase() : character
  const sent = ctrl ? controlCharacter(shifted) : shifted
  if (sent === undefined) throw new TypeError(`Expected a key that a terminal can send, got \`${word}\``)
  return alt ? `\u001b${sent}` : sent
}

/** ECMA-48: Ctrl sends the character without its upper bits; `?` is Delete, and `/` is `_`, as terminals have it. */
function controlCharacter(character: string): string | undefined {
  if (character === '?') return '\u007f'
  if (character === '/') return '\u001f'
  const upper = character.toUpperCase()
  return /^[@-_ ]$/.test(upper) ? String.fromCharCode(upper.charCodeAt(0) & 0x1f) : undefined
}

function csi(rest: string): string {
  return `\u001b[${rest}`
}
