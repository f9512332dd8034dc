import {bytesFromLatin1, concatBytes, latin1, NO_BYTES} from '../bytes.ts'
import {removeEcho} from './remove-echo.ts'
import {
  findContinued,
  findShown,
  readShown,
  withoutContinuations,
  type FoundPrompt,
  type ShownPrompts,
} from './shown-prompts.ts'
import {hasShown, removePieces, toShown, withoutDrawing, withoutModes, withoutShown} from './subtract-drawing.ts'

/**
 * Separates the output of background jobs from what a shell draws between two commands: the prompt, and the echo of typed lines.
 * The caller reports when the shell has drawn its prompt, and what is typed. Where no job exists, everything is the shell's, and
 * shows what its prompt is. Where one does, everything that is not known as the shell's is background output.
 */
export interface PromptFilter {
  /**
   * - `drawing`: bytes are withheld, as they may be the prompt.
   * - `drawn`: the prompt is complete, and everything printed is background output.
   * - `typing`: bytes are withheld, as they may be the echo of what is typed, until the command runs.
   */
  readonly state: 'drawing' | 'drawn' | 'typing'
  /** Whether printed bytes may be the echo of typed keys; always so for a caller that never reports typing. */
  readonly mayEcho: boolean
  /** What the shell printed for its last prompt, in latin1. */
  readonly prompt: string | undefined
  /** The shell begins to draw a prompt. Returns the background output before. */
  begin(): Uint8Array[]
  /** What the prompt may show: the folder, the exit status. Where that changes, text inside of the prompt is a part of it. */
  notePlace(place: string): void
  /** The prompt ends at exactly this byte. */
  noteEnd(): void
  /** The shell reports what it will draw this time. */
  noteShown(shown: ShownPrompts): void
  /** The line editor opens: readline draws the prompt from now on, perhaps for the rest of an unfinished command. */
  noteEditor(isContinuation: boolean): void
  /** Takes bytes printed while no command runs; returns those that are certainly not the shell's. */
  take(bytes: Uint8Array): Uint8Array[]
  /** The shell has drawn its prompt and waits. Returns the background output so far. */
  noteDrawn(): Uint8Array[]
  /** The shell will redraw its prompt, as it does for another terminal size. */
  noteRedraw(): void
  /** A line is typed, and shown as `line`; a terminal in line mode displays `keys` before. */
  noteTyping(line: string, keys?: string): void
  /** The typed command runs. Returns the background output so far. */
  noteStart(): Uint8Array[]
}

export interface PromptFilterOptions {
  /** Matches, in latin1, the first bytes that the shell prints when it redraws its prompt on its own. */
  redraw: RegExp | undefined
  /** What the shell prints before each prompt, in one write with it, in latin1. */
  promptBegins?: string | undefined
  /** Whether programs other than the shell may print. */
  mayHaveJobs(): boolean
}

/** With it, zsh and fish move to the beginning of a line, if output has not ended with one. */
// oxlint-disable-next-line no-control-regex -- the sequences of a terminal
const FILL = / {8,}\r+(?!\n)|\x1b\[2m[^\x1b]{1,3}\x1b\(B\x1b\[m {8,}\r[^\x1b\r]{1,3} \r\x1b\[K/
/** A prompt that is drawn again lacks these. */
// oxlint-disable-next-line no-control-regex -- the sequences of a terminal
const ONLY_FIRST = /^(?:\r|\x1b\[\?2004h)+|(?:\x1b\[\?1h|\x1b=)+$/g
/** A line editor prints it to draw its line again. */
const MOVED = '\b\x1b[m'
/** Longer output is no prompt. */
const MAX_DRAWING_BYTES = 65_536
/** No sequence with which a shell begins to redraw is longer. */
const REDRAW_BYTES = 16

export function createPromptFilter({redraw, promptBegins = '', mayHaveJobs}: PromptFilterOptions): PromptFilter {
  let state: PromptFilter['state'] = 'drawing'
  let withheld = NO_BYTES
  /** Everything that the shell printed for the last prompt. */
  let prompt: string | undefined
  /** The last text in which the prompt was not found. The same text again is a new prompt. */
  let candidate: string | undefined
  let isRedrawing = false
  let place = ''
  /** The place of `prompt`. */
  let promptPlace = ''
  let shown: ShownPrompts | undefined
  /** Where the line editor has opened in `withheld`, for the command and for its further lines. */
  let editorAt = 0
  let continuedAt: number[] = []
  /** Where the prompt ends, if that is known exactly. */
  let exactEnd: number | undefined
  /** Whether the prompt before the typed lines was reported already. */
  let isPromptDone = false
  let lines: string[] = []
  let typedKeys: string[] = []
  let tail = ''
  let isTypingReported = false

  function take(bytes: Uint8Array): Uint8Array[] {
    if (state === 'drawn') return takeDrawn(bytes)
    withheld = concatBytes(withheld, bytes)
    if (withheld.length >= MAX_DRAWING_BYTES) return takeFlood()
    return []
  }

  function takeDrawn(bytes: Uint8Array): Uint8Array[] {
    const at = findRedraw(bytes)
    if (at === -1) return [bytes]
    noteRedraw()
    withheld = new Uint8Array(bytes.subarray(at))
    return at === 0 ? [] : [bytes.subarray(0, at)]
  }

  /** Long output may be the echo of a long line. */
  function takeFlood(): Uint8Array[] {
    const printed = latin1(withheld)
    const found = isPromptDone ? undefined : findPrompt(printed, true)
    if (!found && shown && state === 'drawing' && mayHaveJobs()) {
      // The prompt comes later, or begins at the end.
      const end = printed.length - shown.command.length
      withheld = bytesFromLatin1(printed.slice(end))
      editorAt = Math.max(0, editorAt - end)
      return toParts([printed.slice(0, end)])
    }
    const isEcho = !isTypingReported || (state === 'typing' && !mayHaveJobs())
    withheld = NO_BYTES
    continuedAt = []
    if (state === 'drawing' && isTypingReported) state = 'drawn'
    isPromptDone = true
    lines = []
    if (isEcho) return []
    return toParts(found ? [found.rest, printed.slice(found.end)] : [printed])
  }

  /** A redraw may begin in bytes that were returned already: that part stays in the output, where it is invisible. */
  function findRedraw(bytes: Uint8Array): number {
    if (redraw === undefined) return -1
    const text = tail + latin1(bytes)
    const at = text.search(redraw)
    const found = at === -1 ? -1 : Math.max(0, at - tail.length)
    tail = at === -1 ? text.slice(-REDRAW_BYTES) : ''
    return found
  }

  function noteRedraw(): void {
    // No line editor draws a prompt whose end is exact, so it is not redrawn.
    if (state !== 'drawn' || exactEnd !== undefined) return
    state = 'drawing'
    isRedrawing = true
    isPromptDone = false
    withheld = NO_BYTES
  }

  /** The background output around the prompt in `printed`, up to where lines are typed. */
  function settlePrompt(printed: string): string[] {
    const drawn = exactEnd === undefined ? printed : printed.slice(0, exactEnd)
    const late = printed.slice(drawn.length)
    if (isRedrawing && !mayHaveJobs()) return [late]
    if (isRedrawing) return [withoutShown(drawn, prompt), late]
    const reported = findReported(drawn)
    if (reported) {
      prompt = reported.drawn
      promptPlace = place
      return [
        withoutModes(withoutRedraw(reported.rest.replace(FILL, ''))),
        withoutRedraw(drawn.slice(reported.end)),
        late,
      ]
    }
    const found = prompt === undefined ? undefined : removePieces(drawn, prompt)
    const isNew = found !== undefined && hasNewPart(drawn, found)
    if (found && isNew) {
      prompt = drawn.slice(found.begin, found.end)
      promptPlace = place
      const before = withoutModes(withoutRedraw(drawn.slice(0, found.begin).replace(FILL, '')))
      return [before, withoutRedraw(drawn.slice(found.end)), late]
    }
    if (found) {
      if (found.end - found.begin === prompt!.length) promptPlace = place
      const before = withoutModes(withoutRedraw(found.rest.replace(FILL, '')))
      // Text on the same line may be a new part of the prompt.
      const isBackground = before.endsWith('\n') || mayHaveJobs()
      return [isBackground ? before : '', withoutRedraw(drawn.slice(found.end)), late]
    }
    const bare = drawn.replace(FILL, '')
    const isPrompt =
      prompt === undefined ||
      drawn === candidate ||
      !mayHaveJobs() ||
      isAlike(toShown(bare), toShown(prompt)) ||
      withoutShown(bare, prompt).trim() === ''
    candidate = drawn
    if (isPrompt && bare !== '') [prompt, promptPlace] = [bare, place]
    // It may be drawn in another way, and look the same.
    return [isPrompt ? '' : hasShown(bare, prompt) ? withoutShown(bare, prompt) : drawn, late]
  }

  /** Where no job prints, the prompt shows itself. */
  function findReported(printed: string, isFlood = false): FoundPrompt | undefined {
    return shown && mayHaveJobs()
      ? findShown(printed, shown, {begins: promptBegins, editorAt, isWhole: isFlood})
      : undefined
  }

  function findPrompt(printed: string, isFlood = false): {rest: string; end: number} | undefined {
    return findReported(printed, isFlood) ?? (prompt === undefined ? undefined : removePieces(printed, prompt))
  }

  /** Whether text inside of the known prompt is a new part of it, such as a folder or a branch, and no output of a job. */
  function hasNewPart(drawn: string, {begin, end}: {begin: number; end: number}): boolean {
    const inside = drawn.slice(begin, end)
    if (inside.length === prompt!.length || toShown(inside) === toShown(prompt!)) return false
    // A job ends its lines.
    return place !== promptPlace && inside.split('\n').length === prompt!.split('\n').length
  }

  /** The shell may have redrawn its prompt meanwhile: bash does so for the keys that make it answer. Puts `mark` where it did. */
  function withoutRedraw(printed: string, mark = ''): string {
    if (redraw === undefined) return printed
    const core = prompt?.replaceAll(ONLY_FIRST, '')
    let kept = ''
    let rest = printed
    for (let at = rest.search(redraw); at !== -1; at = rest.search(redraw)) {
      kept += rest.slice(0, at)
      const again = rest.slice(at)
      const found = core === undefined ? undefined : removePieces(again, core)
      if (!found) {
        if (!mayHaveJobs()) return kept
        return kept + (hasShown(again, prompt) ? mark + withoutShown(again, prompt) : again)
      }
      kept += withoutDrawing(found.rest.replace(redraw, '')) + mark
      rest = again.slice(found.end)
    }
    return kept + rest
  }

  function settle(): Uint8Array[] {
    let printed = latin1(withheld)
    let isContinued = false
    if (shown && promptBegins === '' && continuedAt.length === lines.length - 1)
      [printed, isContinued] = withoutContinuations(printed, shown, continuedAt)
    printed = typedKeys.reduce((text, keys) => text.replace(keys, () => ''), printed)
    typedKeys = []
    continuedAt = []
    withheld = NO_BYTES
    const rests: string[] = []
    let from = 0
    if (!isPromptDone) {
      const known = findPrompt(printed)
      const echo = known || lines.length === 0 ? undefined : removeEcho(printed, lines, {afterPrompt: true})
      // Without a known prompt, it ends where the echo begins.
      from = known?.end ?? exactEnd ?? echo?.begin ?? printed.length
      rests.push(...settlePrompt(printed.slice(0, from)))
    }
    // With its prompt, the shell draws the line again.
    let rest = withoutRedraw(printed.slice(from), MOVED)
    const drawn = promptBegins === '' ? rest : printed.slice(from)
    const continued =
      shown && lines.length > 1 && !isContinued ? findContinued(drawn, lines, shown, promptBegins) : undefined
    if (continued) rest = continued.printed
    const echo = continued ?? (lines.length === 0 ? undefined : removeEcho(rest, lines))
    if (echo) {
      if (mayHaveJobs()) rests.push(echo.rest)
      rest = rest.slice(echo.end)
    }
    // The user's hooks may print something before the command runs.
    if (mayHaveJobs()) rests.push(lines.length > 0 ? withoutDrawing(rest) : rest)
    return rests.join('').replaceAll('\x07', '').trim() === '' ? [] : toParts(rests)
  }

  function noteDrawn(): Uint8Array[] {
    if (state !== 'drawing') return []
    const printed = latin1(withheld)
    // A shell stopped while drawing continues later; two bytes are too few for the beginning of a redraw.
    tail = printed.slice(-2)
    withheld = NO_BYTES
    state = 'drawn'
    isPromptDone = true
    return toParts(settlePrompt(printed))
  }

  return {
    get state() {
      return state
    },
    get prompt() {
      return prompt
    },
    get mayEcho() {
      return state === 'typing' || !isTypingReported
    },
    begin() {
      const rest = state === 'typing' ? settle() : []
      state = 'drawing'
      withheld = NO_BYTES
      isRedrawing = isPromptDone = false
      exactEnd = undefined
      shown = undefined
      editorAt = 0
      continuedAt = []
      lines = []
      tail = ''
      return rest
    },
    notePlace: (next) => void (place = next),
    noteEnd() {
      if (state === 'drawing' && exactEnd === undefined) exactEnd = withheld.length
    },
    noteEditor(isContinuation) {
      if (isContinuation) continuedAt.push(withheld.length)
      else editorAt = withheld.length
    },
    noteShown(next) {
      shown = readShown(next)
      isRedrawing = isPromptDone = false
      editorAt = 0
      // A flood has come before, or a pause in the user's hooks.
      if (state === 'drawn') state = 'drawing'
    },
    take,
    noteDrawn,
    noteRedraw,
    noteTyping(line, keys = '') {
      isTypingReported = true
      state = 'typing'
      lines.push(line)
      if (keys !== '') typedKeys.push(keys)
    },
    noteStart() {
      const rest = isTypingReported ? settle() : []
      lines = []
      isPromptDone = true
      return rest
    },
  }
}

/** Whether the two differ only in the middle, as a prompt does in another folder. */
function isAlike(drawn: string, prompt: string): boolean {
  const shorter = Math.min(drawn.length, prompt.length)
  let begin = 0
  while (begin < shorter && drawn[begin] === prompt[begin]) begin += 1
  let end = 0
  while (end < shorter - begin && drawn.at(-1 - end) === prompt.at(-1 - end)) end += 1
  return begin > 0 && end > 0 && 2 * (begin + end) >= Math.max(drawn.length, prompt.length)
}

function toParts(texts: readonly string[]): Uint8Array[] {
  return texts.filter((text) => text !== '').map(bytesFromLatin1)
}
