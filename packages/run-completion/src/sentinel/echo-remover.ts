import {bytesOf, concatBytes, latin1, NO_BYTES} from '../bytes.ts'
import {removeEcho, type FoundEcho} from '../markers/remove-echo.ts'
import {DRAWING, MIN_PIECE} from '../markers/subtract-drawing.ts'
import {postambleParts} from './sentinel.ts'

export interface EchoRemover {
  /** Returns the bytes without echoes of postambles; withholds the beginning of a possible echo until the next bytes. */
  feed(bytes: Uint8Array): Uint8Array[]
  /** Whether bytes are withheld that `release` would return. */
  readonly isWithholding: boolean
  /**
   * Returns the withheld bytes, as nothing has followed them for long, unless they are the beginning of an echo and no more: then
   * the rest is still to come. An echo that they begin is still removed. Call it also when the echo of typed text is no longer due:
   * after that, a backslash that something else follows begins no echo.
   */
  release(): Uint8Array[]
  /** Returns the withheld bytes as output. */
  flush(): Uint8Array[]
}

const BACKSLASH = 0x5c
/** With the output in it. */
const MAX_ECHO_BYTES = 512
/** The same, while an echo is due. */
const MAX_DUE_BYTES = 16_384
/** How many line ends are tried. More come only if output among the echo has all characters that its rest has. */
const MAX_LINE_ENDS = 16
const MAX_TOKEN_PIECES = 3
/** How many bytes are searched for the due echoes, those that are searched again included: some 0.3 s of work. */
const MAX_SEARCHED_BYTES = 262_144
/** Of `$?;(exit $?)"`, which ends a postamble. */
const EXIT_LENGTH = 13
/** Less than this of an echo may be the end of a program's output. */
const MIN_BEGIN_LENGTH = 3

/**
 * Removes every echo of the active postambles: the terminal echoes text typed ahead, and the shell's line editor shows it
 * again. Other output may interrupt an echo, and is kept. Removes an echo only if it contains the secret and an active token, so
 * never output of programs.
 */
export function createEchoRemover(
  secret: string,
  active: Pick<ReadonlySet<string>, 'has' | 'size' | 'keys'>,
): EchoRemover {
  const {before, after} = postambleParts(secret)
  const beginning = before.slice(0, MIN_BEGIN_LENGTH)
  /** zsh prints the first character alone. */
  const begins = [beginning, `${before.charAt(0)}\b${beginning}`].map(bytesOf)
  let withheld = NO_BYTES
  /** How many of the withheld bytes were returned as output. */
  let released = 0
  /** The tokens whose echo has come, or is no longer due. */
  let settled = new Set<string>()
  let searchedBytes = 0

  /** Whether the terminal may be echoing what was just typed: then other output may interrupt the echo anywhere. */
  function isDue(): boolean {
    for (const token of active.keys()) if (!settled.has(token)) return true
    return false
  }

  /** No echo is due any more. */
  function settle(): void {
    settled = new Set(active.keys())
    searchedBytes = 0
  }

  /** Where an echo may begin, perhaps cut by the end of the bytes. */
  function findBegin(bytes: Uint8Array, from: number): number {
    for (let at = bytes.indexOf(BACKSLASH, from); at !== -1; at = bytes.indexOf(BACKSLASH, at + 1)) {
      if (begins.some((each) => isBegun(bytes, at, each)) || isDue()) return at
    }
    return -1
  }

  /** Finds the first echo that begins here, and does not end in what was seen before; `cut` if one may end later. */
  function findEcho(printed: string, from: number, seen: number): FoundEcho | 'cut' | undefined {
    const maxEnd = from + (isDue() ? MAX_DUE_BYTES : MAX_ECHO_BYTES)
    const minPiece = isDue() ? 1 : MIN_PIECE
    const lines = [...active.keys()].map((token) => ({token, text: `${before}${token}${after}`}))
    const ends = lines.map(({text}) => endOfSubsequence(printed, from, text)).filter((end) => end !== 0)
    let tried = 0
    for (let end = Math.min(...ends); end > 0 && end <= maxEnd; end = printed.indexOf('\n', end) + 1) {
      if (++tried > MAX_LINE_ENDS) return undefined
      if (end <= seen) continue
      if (isDue()) searchedBytes += (end - from) * lines.length
      if (searchedBytes > MAX_SEARCHED_BYTES) {
        settle()
        return undefined
      }
      let best: {echo: FoundEcho; token: string} | undefined
      for (const {token, text} of lines) {
        const echo = removeEcho(printed.slice(from, end), [text], {minPiece})
        if (
          echo !== undefined &&
          isCertain(printed.slice(from, end), echo, token) &&
          (best === undefined || echo.cost < best.echo.cost)
        )
          best = {echo, token}
      }
      if (best === undefined) continue
      settled = new Set([...settled, best.token].filter((token) => active.has(token)))
      return best.echo
    }
    return printed.length < maxEnd ? 'cut' : undefined
  }

  /**
   * Whether the secret and the token are in few pieces, and the output among them shows no postamble. Otherwise the echo may be put
   * together from what `history` shows of others.
   */
  function isCertain(printed: string, {begin, end, output}: FoundEcho, token: string): boolean {
    const pieces: string[] = []
    let among = ''
    let from = begin
    for (const each of [...output.filter(({to}) => to > begin), {from: end, to: end}]) {
      pieces.push(printed.slice(from, Math.max(from, each.from)).replaceAll(new RegExp(DRAWING, 'g'), ''))
      among += printed.slice(Math.max(from, each.from), each.to)
      from = each.to
    }
    const isWhole = pieces.some((_, at) =>
      pieces
        .slice(at, at + MAX_TOKEN_PIECES)
        .join('')
        .includes(`${secret}${token}`),
    )
    return isWhole && !among.includes(secret) && !among.includes(after.slice(-EXIT_LENGTH))
  }

  function remove(bytes: Uint8Array, isLast: boolean): Uint8Array[] {
    const buffer = withheld.length === 0 ? bytes : concatBytes(withheld, bytes)
    const newFrom = released
    const seen = withheld.length
    withheld = NO_BYTES
    released = 0
    if (active.size === 0) return buffer.length === newFrom ? [] : [buffer.subarray(newFrom)]
    const pieces: Uint8Array[] = []
    const push = (from: number, to: number): void => {
      if (to > Math.max(from, newFrom)) pieces.push(buffer.subarray(Math.max(from, newFrom), to))
    }
    let from = 0
    let end = buffer.length
    let printed: string | undefined
    for (let at = findBegin(buffer, 0); at !== -1;) {
      const echo = findEcho((printed ??= latin1(buffer)), at, at === 0 ? seen : 0)
      if (echo === 'cut' && !isLast) {
        end = at
        break
      }
      let next = at + 1
      if (echo !== undefined && echo !== 'cut') {
        const echoFrom = at + echo.begin
        push(from, echoFrom)
        for (const output of echo.output) push(Math.max(echoFrom, at + output.from), at + output.to)
        from = next = at + echo.end
      }
      at = findBegin(buffer, next)
    }
    push(from, end)
    if (end < buffer.length) withheld = new Uint8Array(buffer.subarray(end))
    released = Math.max(0, Math.min(newFrom - end, withheld.length))
    return pieces
  }

  /** Whether the withheld bytes are the beginning of an echo, and no output is in it. */
  function isEcho(): boolean {
    const drawn = latin1(withheld).replaceAll(new RegExp(DRAWING, 'g'), '')
    if (drawn.length < MIN_BEGIN_LENGTH) return false
    return [...active.keys()].some((token) => `${before}${token}${after}\r\n`.startsWith(drawn))
  }

  return {
    feed: (bytes) => remove(bytes, false),
    get isWithholding() {
      return withheld.length > released && !isEcho()
    },
    release() {
      settle()
      const data = withheld.subarray(released)
      if (data.length === 0 || isEcho()) return []
      released = withheld.length
      return [data]
    },
    flush() {
      const pieces = remove(NO_BYTES, true)
      if (withheld.length > released) pieces.push(withheld.subarray(released))
      withheld = NO_BYTES
      released = 0
      return pieces
    },
  }
}

/** Whether `begin` is at this position, or its first bytes are, and the bytes end there. */
function isBegun(bytes: Uint8Array, position: number, begin: Uint8Array): boolean {
  return begin.every((byte, at) => position + at >= bytes.length || bytes[position + at] === byte)
}

/**
 * The end of the line in which all characters of the echo have been printed, with others among them or not; 0 if they have not. An
 * echo does not end earlier.
 */
function endOfSubsequence(printed: string, from: number, line: string): number {
  let at = from
  for (const character of line) {
    at = printed.indexOf(character, at) + 1
    if (at === 0) return 0
  }
  return printed.indexOf('\n', at) + 1
}
