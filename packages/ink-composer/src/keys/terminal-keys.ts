import {Readable} from 'node:stream'
import {StringDecoder} from 'node:string_decoder'

import {createPasteReader, type Paste} from './paste-reader.ts'

/** The keys of a terminal. What is pasted is taken out of them, and stands there as a token. */
export interface TerminalKeys {
  /** For Ink, in the place of the terminal. */
  readonly stdin: NodeJS.ReadStream
  /** What was pasted, by its token. Once. */
  takePaste(token: string): Paste
}

type Source = Pick<NodeJS.ReadStream, 'on' | 'off' | 'pause' | 'resume' | 'setRawMode' | 'ref' | 'unref' | 'isTTY'>

/**
 * Reads the terminal as long as it is in raw mode; else it is nobody's, or another's. Ink keeps a paste until its end and
 * searches it anew with each piece that comes, so a large one would take for ever: here each byte is looked at once, and
 * one that is longer than `maxPasteLength`, UTF-16 units, is counted, not kept.
 */
export function createTerminalKeys(source: Source, maxPasteLength: number): TerminalKeys {
  const decoder = new StringDecoder('utf8')
  const pastes = new Map<string, Paste>()
  let count = 0
  const reader = createPasteReader({
    maxLength: maxPasteLength,
    onKeys: (text) => void stdin.push(text),
    onPaste(paste, startMark) {
      const token = String(++count)
      pastes.set(token, paste)
      stdin.push(`${startMark}${token}\u001b[201~`)
    },
  })
  const take = (chunk: Buffer | string) => reader.take(typeof chunk === 'string' ? chunk : decoder.write(chunk))

  // It gives what comes when it comes.
  const readable = new Readable({read() {}, encoding: 'utf8'})
  const stdin = Object.assign(readable, {
    isTTY: source.isTTY,
    setRawMode(isRaw: boolean) {
      source.off('data', take)
      // Nothing is read any more before another may read; nothing is read before the terminal is raw.
      if (!isRaw) source.pause()
      source.setRawMode(isRaw)
      if (isRaw) source.on('data', take).resume()
      return stdin
    },
    ref: () => void source.ref(),
    unref: () => void source.unref(),
  }) as unknown as NodeJS.ReadStream

  return {
    stdin,
    takePaste(token) {
      const paste = pastes.get(token)
      pastes.delete(token)
      return paste ?? {kind: 'text', text: token}
    },
  }
}
