import {fixedKeys, keyActions} from './key-actions.ts'

const names = 'up|down|left|right|home|end|page-up|page-down|backspace|delete|enter|tab'

/** `ctrl-` with a letter or another character that terminals send with Ctrl. */
const control = /^ctrl-[a-z@\\\]^_]$/
/** Alt is sent as ESC before the character; ESC with a bracket or a backslash is the beginning or the end of other keys. */
const alt = /^alt-[!-Z^-~]$/
const named = new RegExp(`^(?:(?:ctrl|alt)-)?(?:shift-)?(?:${names})$`)

/** What terminals send for other keys: Backspace, Tab, Enter. */
const sameBytes: Readonly<Record<string, string>> = {'ctrl-h': 'Backspace', 'ctrl-i': 'Tab', 'ctrl-m': 'Enter'}

export type ParsedKey = {key: string} | {problem: string}

/** Which keys can be bound, for errors. */
export const keySyntax = 'ctrl- or alt- with a character or the name of a key, such as ctrl-o, alt-x or alt-up'

/** Reads a key that an action can be bound to. Case does not count. Pure. */
export function parseKey(text: string): ParsedKey {
  const key = text.toLowerCase() === 'ctrl-space' ? 'ctrl-@' : text.toLowerCase()
  // The only key that follows another one.
  if (key === keyActions.editor.keys[0]) return {key}
  const same = sameBytes[key]
  if (same !== undefined) return {problem: `terminals send the same for ${key} as for ${same}`}
  if (fixedKeys.some((fixed) => fixed === key)) return {problem: `${key} cannot be bound to something else`}
  if (control.test(key) || named.test(key) || alt.test(key)) return {key}
  return {problem: `expected ${keySyntax}, got \`${text}\``}
}
