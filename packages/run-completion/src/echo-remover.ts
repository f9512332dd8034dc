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
  const begin = Buffer.from(before.slice(0, 3))
  // A wrap may come into the middle of the secret; then one half is whole.
  const halves = [secret.slice(0, secret.length / 2), secret.slice(secret.length / 2)].map((half) => Buffer.from(half))
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

  function findSecret(buffer: Buffer, from: number): number {
    const [first, second] = halves.map((half) => buffer.indexOf(half, from))
    return first === -1 || (second !== -1 && second! < first!) ? second! : first!
  }

  /** From where on the bytes may be the begin of an echo, or of the rest of one. */
  function findCut(buffer: Buffer, from: number): number {
    const tail = buffer.subarray(Math.max(from, buffer.length - MAX_ECHO_BYTES))
    const at = tail.lastIndexOf(begin)
    if (at !== -1 && readEcho(tail, at).kind === 'cut') return buffer.length - tail.length + at
    return Math.max(from, buffer.length - cutLength(buffer, begin, rest))
  }

  /** Hands on what stands before the rest of a broken echo, if that is there, and gives where to go on. */
  function removeRest(buffer: Buffer, from: number, pieces: Buffer[]): number {
    if (rest === undefined) return from
    for (const newline of ['\r\n', '\n']) {
      const at = buffer.indexOf(rest + newline, from, 'latin1')
      if (at === -1) continue
      pushPiece(pieces, buffer.subarray(from, at))
      const end = at + rest.length + newline.length
      rest = undefined
      return end
    }
    return from
  }

  return {
    feed(bytes) {
      const buffer = waiting.length === 0 ? bytes : Buffer.concat([waiting, bytes])
      waiting = NOTHING
      if (active.size === 0) return [buffer]
      const pieces: Buffer[] = []
      let from = 0
      for (let hit = findSecret(buffer, 0); hit !== -1;) {
        const at = buffer.lastIndexOf(begin, hit)
        const echo: Echo = at >= from && hit - at < MAX_ECHO_BYTES ? readEcho(buffer, at) : {kind: 'none'}
        let next = hit + 1
        if (echo.kind === 'whole' || echo.kind === 'broken') {
          from = removeRest(buffer.subarray(0, at), from, pieces)
          pushPiece(pieces, buffer.subarray(from, at))
          from = next = echo.end
          rest = echo.kind === 'broken' && echo.rest.length >= MIN_REST_LENGTH ? echo.rest : undefined
        }
        hit = findSecret(buffer, next)
      }
      const end = findCut(buffer, from)
      from = removeRest(buffer.subarray(0, end), from, pieces)
      pushPiece(pieces, buffer.subarray(from, end))
      if (end < buffer.length) waiting = Buffer.from(buffer.subarray(end))
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
}

function cutOrNone(text: string): Echo {
  return {kind: text.length < MAX_ECHO_BYTES ? 'cut' : 'none'}
}

function pushPiece(pieces: Buffer[], data: Buffer): void {
  if (data.length > 0) pieces.push(data)
}

/** How many bytes at the end may begin what is looked for. */
function cutLength(buffer: Buffer, begin: Buffer, rest: string | undefined): number {
  if (rest === undefined) return endsWithBegin(buffer, begin)
  const wanted = `${rest}\r\n`
  const tail = buffer.toString('latin1', Math.max(0, buffer.length - wanted.length + 1))
  let length = tail.length
  while (length > 0 && !wanted.startsWith(tail.slice(-length))) length -= 1
  return Math.max(length, endsWithBegin(buffer, begin))
}

/** How many bytes at the end are the begin of `begin`, which has three bytes, each of them once. */
function endsWithBegin(buffer: Buffer, begin: Buffer): number {
  const last = buffer.length - 1
  if (buffer[last] === begin[0]) return 1
  return buffer[last] === begin[1] && buffer[last - 1] === begin[0] ? 2 : 0
}
