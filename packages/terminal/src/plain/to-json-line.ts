import {leftOutCharacters} from './left-out-characters.ts'

/**
 * Encodes a value as JSON on one line that is safe to print to a terminal: characters that a terminal would obey are escaped.
 * A JSON parser reads the same value. Throws what `JSON.stringify` throws.
 */
export function toJsonLine(value: object): string {
  // JSON escapes C0 itself.
  return JSON.stringify(value).replace(obeyed, escape)
}

const obeyed = new RegExp(`[${leftOutCharacters}\\u200e\\u200f\\u061c\\u2028\\u2029]`, 'g')

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
