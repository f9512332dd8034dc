import {Readable} from 'node:stream'
import {StringDecoder} from 'node:string_decoder'

import {createInputReader, type Paste} from './input-reader.ts'

/** A terminal's input for Ink, with each paste replaced by a token. */
export interface TerminalKeys {
  /** Ink's `stdin` option. */
  readonly stdin: NodeJS.ReadStream
  /** The paste of a token; it is dropped from memory. */
  takePaste(token: string): Paste
  /** A paste has begun, and its end has not come: the rest would go to another reader of the terminal. */
  readonly isPasting: boolean
  /**
   * The terminal stays raw while Ink lends it to another reader of keys: line mode in between would echo what is typed, and make
   * a signal of Ctrl-C. The returned function ends that; the terminal then is raw only if Ink reads keys.
   */
  keepRaw(): () => void
}

export interface TerminalKeysOptions {
  /** What the terminal reports, such as a colour: a whole control sequence of at most 256 UTF-16 units. @default dropped */
  onReport?: (report: string) => void
  /** A key was pressed, or a text pasted. @default none */
  onInput?: () => void
}

/** Esc as the kitty protocol writes it: behind Esc alone, Ink waits for more, and joins it with the paste that follows. */
const escapeKey = '\u001b[27u'

type Source = Pick<NodeJS.ReadStream, 'on' | 'off' | 'pause' | 'resume' | 'setRawMode' | 'ref' | 'unref' | 'isTTY'>

/**
 * Reads `source` while it is in raw mode; otherwise another reader may have it. Ink gets whole key presses only: torn
 * sequences are joined, and reports of the terminal, such as answers to a program that has ended, go to `onReport` only. Lines that
 * arrive at once without brackets are a paste. Each byte is read once: Ink would search a whole paste with each chunk. A paste
 * of more than `maxPasteLength` UTF-16 units is counted, not kept.
 */
export function createTerminalKeys(
  source: Source,
  maxPasteLength: number,
  {onReport, onInput}: TerminalKeysOptions = {},
): TerminalKeys {
  const decoder = new StringDecoder('utf8')
  const pastes = new Map<string, Paste>()
  let count = 0
  let timer: NodeJS.Timeout | undefined
  let isKeptRaw = false
  let isReading = false
  const reader = createInputReader({
    maxPasteLength,
    ...(onReport && {onReport}),
    onKeys(text) {
      onInput?.()
      stdin.push(text === '\u001b' ? escapeKey : text)
    },
    onPaste(paste) {
      onInput?.()
      const token = String(++count)
      pastes.set(token, paste)
      stdin.push(`\u001b[200~${token}\u001b[201~`)
    },
  })
  const expireAfter = (ms: number | undefined) => {
    clearTimeout(timer)
    if (ms !== undefined) timer = setTimeout(() => expireAfter(reader.expire()), ms)
  }
  const take = (chunk: Buffer | string) =>
    expireAfter(reader.take(typeof chunk === 'string' ? chunk : decoder.write(chunk)))

  // Data is pushed as it arrives.
  const readable = new Readable({read() {}, encoding: 'utf8'})
  const stdin = Object.assign(readable, {
    isTTY: source.isTTY,
    setRawMode(isRaw: boolean) {
      source.off('data', take)
      if (!isRaw) {
        // What is held was typed before.
        while (reader.expire() !== undefined);
        clearTimeout(timer)
        // Stop reading before another reader may start, and start only when the terminal is raw.
        source.pause()
      }
      isReading = isRaw
      if (isRaw || !isKeptRaw) source.setRawMode(isRaw)
      if (isRaw) source.on('data', take).resume()
      return stdin
    },
    ref: () => void source.ref(),
    unref: () => void source.unref(),
  }) as unknown as NodeJS.ReadStream

  return {
    stdin,
    get isPasting() {
      return reader.isPasting
    },
    keepRaw() {
      isKeptRaw = true
      return () => {
        isKeptRaw = false
        if (!isReading) source.setRawMode(false)
      }
    },
    takePaste(token) {
      const paste = pastes.get(token)
      pastes.delete(token)
      return paste ?? {kind: 'text', text: token}
    },
  }
}
