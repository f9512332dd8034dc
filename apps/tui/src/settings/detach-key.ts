import type {DetachKey} from '@holdfast/terminal'

/** A program gets the terminal by itself, so this must be a key that no program needs: each one alone still reaches it. */
export const defaultDetachKey = 'ctrl-\\ ctrl-\\'

/** What `parseDetachKey` takes. */
export const detachKeySyntax =
  'ctrl- and a letter other than c, h, i, j, m, or ctrl-\\, once as in ctrl-q, or twice as in "ctrl-q ctrl-q"'

/** Reads a key such as `ctrl-q` or `ctrl-\ ctrl-\`; not the keys that terminals send for others, nor Ctrl-C. Pure. */
export function parseDetachKey(text: string): DetachKey | undefined {
  const [, character, second] = /^ctrl-([a-z\\])( ctrl-\1)?$/i.exec(text) ?? []
  if (character === undefined || 'hijmc'.includes(character.toLowerCase())) return undefined
  return {character: character.toLowerCase(), presses: second === undefined ? 1 : 2}
}

/** The detach key of the settings. Pure. */
export function detachKeyOf({detachKey}: {detachKey: string}): DetachKey {
  return parseDetachKey(detachKey) ?? {character: '\\', presses: 2}
}
