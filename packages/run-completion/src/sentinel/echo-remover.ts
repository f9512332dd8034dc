import {bytesOf, concatBytes, createByteSearch, cutLength, endsWith, NO_BYTES} from '../bytes.ts'
import {postambleParts, TOKEN_LENGTH} from './sentinel.ts'

export interface EchoRemover {
  /** Returns the bytes without echoes of postambles; withholds the beginning of a possible echo until the next bytes. */
  feed(bytes: Uint8Array): Uint8Array[]
  /** Whether bytes are withheld that `release` would return. */
  readonly isWithholding: boolean
  /**
   * Returns the withheld bytes, as nothing has followed them for long, unless they are more than a backslash and a letter: then they
   * most likely are an echo. One that they begin is still removed.
   */
  release(): Uint8Array[]
  /** Returns the withheld bytes as output. */
  flush(): Uint8Array[]
}

type Echo =
  | {kind: 'whole'; end: number}
  /** The bytes end inside the echo. */
  | {kind: 'cut'}
  /** Other output interrupts the echo at `end`; `rest` is the missing part, without its newline. */
  | {kind: 'broken'; end: number; rest: string}
  /** The same, up to `restAt`, where the missing part is, up to `restEnd`. */
  | {kind: 'torn'; end: number; restAt: number; restEnd: number}
  | {kind: 'none'}

const BACKSLASH = 0x5c
const CARRIAGE_RETURN = 0x0d
const ESCAPE = 0x1b
const NEWLINE = 0x0a
const SPACE = 0x20
const MAX_CONTROL_BYTES = 16
const MAX_ECHO_BYTES = 512
/** An echo that is interrupted earlier stays in the output, as a program may print its beginning. */
const MIN_BEGIN_LENGTH = 6
/** A shorter rest of a broken echo may be the output of a program, and is not removed. */
const MIN_REST_LENGTH = 6

/**
 * Removes every echo of the active postambles: the terminal echoes text typed ahead, and the shell's line editor shows it
 * again. Removes an echo only if it contains the secret and an active token, so never output of programs.
 */
export function createEchoRemover(
  secret: string,
  active: Pick<ReadonlySet<string>, 'has' | 'size' | 'keys'>,
): EchoRemover {
  const {before, after} = postambleParts(secret)
  const beforeBytes = bytesOf(before)
  const afterBytes = bytesOf(after)
  const begin = beforeBytes.subarray(0, 3)
  const tokenAt = before.length
  const tokenEnd = tokenAt + TOKEN_LENGTH
  let withheld = NO_BYTES
  /** How many of the withheld bytes were returned as output. */
  let released = 0
  let rest: string | undefined

  function findBegin(buffer: Uint8Array, from: number): number {
    for (let at = buffer.indexOf(BACKSLASH, from); at !== -1; at = buffer.indexOf(BACKSLASH, at + 1)) {
      if (buffer[at + 1] === begin[1] && buffer[at + 2] === begin[2]) return at
    }
    return -1
  }

  function readEcho(buffer: Uint8Array, at: number, isLast: boolean): Echo {
    const end = Math.min(buffer.length, at + MAX_ECHO_BYTES)
    const cutOrNone = (): Echo => ({kind: buffer.length - at < MAX_ECHO_BYTES ? 'cut' : 'none'})
    let token = ''
    let position = at
    let matchedEnd = at
    let index = 0
    while (index < tokenEnd + after.length) {
      if (position === end) return cutOrNone()
      const byte = buffer[position]!
      const isWrap = byte === SPACE && buffer[position + 1] === CARRIAGE_RETURN
      const isToken = index >= tokenAt && index < tokenEnd
      const expected = index < tokenAt ? beforeBytes[index] : afterBytes[index - tokenEnd]
      if (!isWrap && (isToken ? isHexDigit(byte) : byte === expected)) {
        if (isToken) token += String.fromCharCode(byte)
        index += 1
        position += 1
        matchedEnd = position
        if (index === tokenEnd && !active.has(token)) return {kind: 'none'}
        continue
      }
      const next = skipEditorControl(buffer, position, end)
      if (next === 'cut') return cutOrNone()
      if (next === undefined) return brokenOrNone()
      position = next
    }
    while (buffer[position] === CARRIAGE_RETURN && position < end) position += 1
    if (position === end) return cutOrNone()
    return buffer[position] === NEWLINE ? {kind: 'whole', end: position + 1} : brokenOrNone()

    function brokenOrNone(): Echo {
      if (index >= tokenEnd) return {kind: 'broken', end: matchedEnd, rest: after.slice(index - tokenEnd)}
      return index < MIN_BEGIN_LENGTH ? {kind: 'none'} : findRest()
    }

    /** Before its token is complete, only its rest shows that this is an echo. */
    function findRest(): Echo {
      const within = buffer.subarray(0, end)
      for (const each of active.keys()) {
        const missing = `${each}${after}`.slice(Math.max(0, index - tokenAt))
        if (!each.startsWith(token)) continue
        for (const newline of ['\r\n', '\n']) {
          const wanted = bytesOf(before.slice(index) + missing + newline)
          const restAt = createByteSearch(wanted)(within, matchedEnd)
          if (restAt === -1) continue
          // A whole echo follows: this was only text that looks alike.
          if (endsWith(buffer.subarray(matchedEnd, restAt), beforeBytes.subarray(0, index))) return {kind: 'none'}
          return {kind: 'torn', end: matchedEnd, restAt, restEnd: restAt + wanted.length}
        }
      }
      // One rest at a time: withheld bytes may contain that of an earlier echo.
      return rest === undefined && !isLast ? cutOrNone() : {kind: 'none'}
    }
  }

  /** Outputs what precedes the rest of a broken echo, if that rest has come, and returns where to continue. */
  function removeRest(buffer: Uint8Array, from: number, pieces: Uint8Array[]): number {
    if (rest === undefined) return from
    for (const newline of ['\r\n', '\n']) {
      const wanted = bytesOf(rest + newline)
      const at = createByteSearch(wanted)(buffer, from)
      if (at === -1) continue
      pushPiece(pieces, buffer.subarray(from, at))
      rest = undefined
      return at + wanted.length
    }
    return from
  }

  function remove(bytes: Uint8Array, isLast: boolean): Uint8Array[] {
    const buffer = withheld.length === 0 ? bytes : concatBytes(withheld, bytes)
    const newFrom = released
    withheld = NO_BYTES
    released = 0
    if (active.size === 0) return buffer.length === newFrom ? [] : [buffer.subarray(newFrom)]
    const pieces: Uint8Array[] = []
    let from = newFrom
    let end = buffer.length
    for (let at = findBegin(buffer, 0); at !== -1;) {
      const echo = readEcho(buffer, at, isLast)
      if (echo.kind === 'cut') {
        end = at
        break
      }
      let next = at + begin.length
      if (echo.kind !== 'none') {
        from = removeRest(buffer.subarray(0, at), from, pieces)
        pushPiece(pieces, buffer.subarray(from, at))
        if (echo.kind === 'torn') pushPiece(pieces, buffer.subarray(echo.end, echo.restAt))
        from = next = echo.kind === 'torn' ? echo.restEnd : echo.end
        rest = echo.kind === 'broken' && echo.rest.length >= MIN_REST_LENGTH ? echo.rest : undefined
      }
      at = findBegin(buffer, next)
    }
    if (end === buffer.length) {
      const tail = from === newFrom ? buffer : buffer.subarray(from)
      end -= Math.max(cutLength(tail, begin), rest === undefined ? 0 : cutLength(tail, bytesOf(`${rest}\r\n`)))
    }
    from = removeRest(buffer.subarray(0, end), from, pieces)
    pushPiece(pieces, buffer.subarray(from, end))
    if (end < buffer.length) withheld = new Uint8Array(buffer.subarray(end))
    released = Math.max(0, Math.min(newFrom - end, withheld.length))
    return pieces
  }

  const isWithholding = () => withheld.length > released && withheld.length < begin.length && rest === undefined

  return {
    feed: (bytes) => remove(bytes, false),
    get isWithholding() {
      return isWithholding()
    },
    release() {
      if (!isWithholding()) return []
      const data = withheld.subarray(released)
      released = withheld.length
      return [data]
    },
    flush() {
      const pieces = remove(NO_BYTES, true)
      pushPiece(pieces, withheld.subarray(released))
      withheld = NO_BYTES
      released = 0
      rest = undefined
      return pieces
    },
  }
}

function pushPiece(pieces: Uint8Array[], data: Uint8Array): void {
  if (data.length > 0) pieces.push(data)
}

function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66)
}

/**
 * Returns the position after the bytes that a line editor inserts into the echo to wrap or redraw the line: a carriage return,
 * a space before one, or a CSI sequence that moves the cursor or erases.
 */
function skipEditorControl(buffer: Uint8Array, position: number, end: number): number | 'cut' | undefined {
  const first = buffer[position]
  const second = buffer[position + 1]
  if (first === CARRIAGE_RETURN) return position + 1
  if (first !== SPACE && first !== ESCAPE) return undefined
  if (position + 1 === end) return 'cut'
  if (first === SPACE) return second === CARRIAGE_RETURN ? position + 2 : undefined
  if (second !== 0x5b) return undefined
  let at = position + 2
  while (at < end && isParameter(buffer[at]!)) at += 1
  if (at === end) return 'cut'
  return at - position < MAX_CONTROL_BYTES && '@ABCDGHJKP'.includes(String.fromCharCode(buffer[at]!))
    ? at + 1
    : undefined
}

/** A digit, `;` or `?`. */
function isParameter(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x3b || byte === 0x3f
}
