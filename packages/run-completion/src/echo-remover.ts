import {postambleParts, TOKEN_LENGTH} from './sentinel.ts'

export interface EchoRemover {
  /** The bytes without the echo of a postamble. What may become one waits for the next bytes. */
  feed(bytes: Buffer): Buffer[]
  /** What waited is output. */
  flush(): Buffer[]
}

type Echo =
  | {kind: 'whole'; end: number}
  /** The bytes end in the middle of it. */
  | {kind: 'cut'}
  /** It is one, but other output came into it at `end`; `rest` is what is missing, without its newline. */
  | {kind: 'broken'; end: number; rest: string}
  | {kind: 'none'}

/** What a line editor puts into its echo where the line wraps, or is drawn again. */
const EDITOR_CONTROL = new RegExp(String.raw`^(?:\r|${'\x1b'}\[[\d;?]*[@-DGHJKP])`)
const EDITOR_CONTROL_BEGINS = new RegExp(String.raw`^(?: |${'\x1b'}(?:\[[\d;?]*)?)$`)
const MAX_CONTROL_BYTES = 16
const MAX_ECHO_BYTES = 512
/** A shorter rest of a broken echo may be a program's own words, and is shown. */
const MIN_REST_LENGTH = 6
const NOTHING: Buffer = Buffer.alloc(0)

/**
 * Removes the echo of active postambles, as often as it comes: the terminal echoes what is typed ahead, and the shell's
 * line editor shows it again. It is removed only where the secret and a token that is active have been seen in it, so
 * that no program's own text is taken for it.
 */
export function createEchoRemover(secret: string, active: Pick<ReadonlySet<string>, 'has' | 'size'>): EchoRemover {
  const {before, after} = postambleParts(secret)
  const begin = before.slice(0, 3)
  const tokenAt = before.length
  const tokenEnd = tokenAt + TOKEN_LENGTH
  let waiting = NOTHING
  let rest: string | undefined

  function readEcho(buffer: Buffer, at: number): Echo {
    const text = buffer.toString('latin1', at, at + MAX_ECHO_BYTES)
    let token = ''
    let position = 0
    let matchedEnd = 0
    let index = 0
    for (const length = tokenEnd + after.length; index < length; position++) {
      if (position === text.length) return cutOrNone(text)
      const character = text[position]!
      // A wrap, although a space may be expected: it is never followed by a carriage return.
      if (character === ' ' && text[position + 1] === '\r') {
        position += 1
        continue
      }
      const expected = index < tokenAt ? before[index] : index < tokenEnd ? undefined : after[index - tokenEnd]
      if (expected === character || (expected === undefined && /[0-9a-f]/.test(character))) {
        if (expected === undefined) token += character
        index += 1
        matchedEnd = position + 1
        if (index === tokenEnd && !active.has(token)) return {kind: 'none'}
        continue
      }
      const control = text.slice(position, position + MAX_CONTROL_BYTES)
      const found = EDITOR_CONTROL.exec(control)
      if (found) position += found[0].length - 1
      else if (EDITOR_CONTROL_BEGINS.test(control) && position + control.length === text.length) return cutOrNone(text)
      else return brokenOrNone(at + matchedEnd, index)
    }
    const newline = /^\r*\n/.exec(text.slice(position, position + MAX_CONTROL_BYTES))
    if (newline) return {kind: 'whole', end: at + position + newline[0].length}
    return /^\r*$/.test(text.slice(position)) ? cutOrNone(text) : brokenOrNone(at + matchedEnd, index)
  }

  function brokenOrNone(end: number, index: number): Echo {
    return index < tokenEnd ? {kind: 'none'} : {kind: 'broken', end, rest: after.slice(index - tokenEnd)}
  }

  /** Where the rest of a broken echo is, or is cut. */
  function findRest(buffer: Buffer, from: number): {at: number; end: number} | undefined {
    if (rest === undefined) return undefined
    for (const newline of ['\r\n', '\n']) {
      const at = buffer.indexOf(rest + newline, from, 'latin1')
      if (at !== -1) return {at, end: at + rest.length + newline.length}
    }
    return undefined
  }

  return {
    feed(bytes) {
      const buffer = waiting.length === 0 ? bytes : Buffer.concat([waiting, bytes])
      waiting = NOTHING
      if (active.size === 0) return [buffer]
      const pieces: Buffer[] = []
      let from = 0
      for (let at = buffer.indexOf(begin, 0, 'latin1'); at !== -1;) {
        const gap = findRest(buffer.subarray(0, at), from)
        if (gap) from = skip(gap, from, pieces, buffer)
        const echo = readEcho(buffer, at)
        if (echo.kind === 'cut') {
          pushPiece(pieces, buffer.subarray(from, at))
          waiting = Buffer.from(buffer.subarray(at))
          return pieces
        }
        let next = at + 1
        if (echo.kind !== 'none') {
          pushPiece(pieces, buffer.subarray(from, at))
          from = next = echo.end
          rest = echo.kind === 'broken' && echo.rest.length >= MIN_REST_LENGTH ? echo.rest : undefined
        }
        at = buffer.indexOf(begin, next, 'latin1')
      }
      const gap = findRest(buffer, from)
      if (gap) from = skip(gap, from, pieces, buffer)
      const end = Math.max(from, buffer.length - cutLength(buffer, begin, rest))
      pushPiece(pieces, buffer.subarray(from, end))
      waiting = Buffer.from(buffer.subarray(end))
      return pieces
    },
    flush() {
      const pieces: Buffer[] = []
      pushPiece(pieces, waiting)
      waiting = NOTHING
      rest = undefined
      return pieces
    },
  }

  function skip(gap: {at: number; end: number}, from: number, pieces: Buffer[], buffer: Buffer): number {
    pushPiece(pieces, buffer.subarray(from, gap.at))
    rest = undefined
    return gap.end
  }
}

function cutOrNone(text: string): Echo {
  return {kind: text.length < MAX_ECHO_BYTES ? 'cut' : 'none'}
}

function pushPiece(pieces: Buffer[], data: Buffer): void {
  if (data.length > 0) pieces.push(data)
}

/** How many bytes at the end may begin what is looked for. */
function cutLength(buffer: Buffer, begin: string, rest: string | undefined): number {
  const tailLength = Math.max(begin.length, rest === undefined ? 0 : rest.length + 2) - 1
  const tail = buffer.toString('latin1', Math.max(0, buffer.length - tailLength))
  const wanted = rest === undefined ? [begin] : [`${rest}\r\n`, begin]
  for (let length = tail.length; length > 0; length--) {
    const end = tail.slice(-length)
    if (wanted.some((text) => text.startsWith(end))) return length
  }
  return 0
}
