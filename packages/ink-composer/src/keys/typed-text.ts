import {StringDecoder} from 'node:string_decoder'

import {createInputReader} from './input-reader.ts'
import {readPaste} from './read-keys.ts'

const maxLength = 65_536

/**
 * The text in keys that were typed for a program that had ended, in pieces as they were read: Enter is a line break, except at
 * both ends, Backspace deletes, Ctrl-C drops the text before it. Other keys and reports of the terminal are dropped. `before`:
 * what was read before them, as a sequence may begin in it. Longer text than 65,536 UTF-16 units is cut.
 */
export function readTyped(pieces: readonly Uint8Array[], before: Uint8Array): string {
  const decoder = new StringDecoder('utf8')
  let text = ''
  const reader = createInputReader({
    maxPasteLength: maxLength,
    onKeys(keys) {
      if (!keys.startsWith('\u001b')) text = Array.from(keys).reduce(typeKey, text)
    },
    onPaste(paste) {
      if (paste.kind === 'text') text += readPaste(paste.text)
    },
  })
  const take = (piece: Uint8Array) => {
    const read = decoder.write(piece)
    reader.take(read)
    // Esc, which the next key follows later, is not Alt.
    if (read.endsWith('\u001b')) reader.expire()
  }
  take(before)
  text = ''
  pieces.forEach(take)
  while (reader.expire() !== undefined);
  return text.replaceAll(/^\n+|\n+$/g, '').slice(0, maxLength)
}

function typeKey(text: string, key: string): string {
  if (key === '\r' || key === '\n') return `${text}\n`
  if (key === '\u0003') return ''
  if (key === '\u007f' || key === '\b') return Array.from(text).slice(0, -1).join('')
  return key === '\t' || /\P{Cc}/u.test(key) ? text + key : text
}
