import {concatBytes, createByteSearch, equalBytes, latin1, NO_BYTES} from '../bytes.ts'

/**
 * Separates the output of background jobs from the prompt that a shell draws and redraws. The caller reports when the shell
 * has drawn its prompt, and when the user types.
 */
export interface PromptFilter {
  /**
   * - `drawing`: bytes are withheld, as they may be the prompt.
   * - `drawn`: the prompt is complete, and everything printed is background output.
   * - `typing`: everything printed is discarded, as it may be the echo of typed keys.
   */
  readonly state: 'drawing' | 'drawn' | 'typing'
  /** Whether printed bytes may be the echo of typed keys; always so for a caller that never reports typing. */
  readonly mayEcho: boolean
  /** The shell begins to draw a prompt. */
  begin(): void
  /** The prompt ends at exactly this byte. */
  noteEnd(): void
  /** Takes bytes printed while no command runs; returns those that are certainly not the prompt. */
  take(bytes: Uint8Array): Uint8Array[]
  /** The shell has drawn its prompt and waits. Returns the bytes around a prompt equal to the previous one. */
  noteDrawn(): Uint8Array[]
  /** The shell will redraw its prompt, as it does for another terminal size. */
  noteRedraw(): void
  /** A line is typed: its echo follows. Returns the same bytes as `noteDrawn`. */
  noteTyping(): Uint8Array[]
}

const NEWLINE = 0x0a
/** Longer output is no prompt. */
const MAX_PROMPT_BYTES = 65_536
/** No sequence with which a shell begins to redraw is longer. */
const REDRAW_BYTES = 16

/** `redraw` matches, in latin1, the first bytes that the shell prints when it redraws its prompt on its own. */
export function createPromptFilter(redraw: RegExp | undefined): PromptFilter {
  let state: PromptFilter['state'] = 'drawing'
  let withheld = NO_BYTES
  /** Everything that the shell printed for the last prompt that differed from the one before. */
  let prompt = NO_BYTES
  /** Whether the shell printed `prompt` twice: bytes printed only once may contain background output. */
  let isPromptSure = false
  let isFirstDrawing = true
  let isEndExact = false
  let tail = ''
  let isTypingReported = false

  function take(bytes: Uint8Array): Uint8Array[] {
    if (state === 'typing') return []
    if (state === 'drawing') {
      if (withheld.length < MAX_PROMPT_BYTES) withheld = concatBytes(withheld, bytes)
      // Without reports of typing, long output may be the echo of a long line.
      return withheld.length >= MAX_PROMPT_BYTES && isTypingReported ? leave('drawn') : []
    }
    const at = findRedraw(bytes)
    if (at === -1) return [bytes]
    noteRedraw()
    withheld = new Uint8Array(bytes.subarray(at))
    return at === 0 ? [] : [bytes.subarray(0, at)]
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
    if (state !== 'drawn' || isEndExact) return
    state = 'drawing'
    isFirstDrawing = false
    withheld = NO_BYTES
  }

  function aroundPrompt(isComplete: boolean): Uint8Array[] {
    const all = withheld
    withheld = NO_BYTES
    // A shell stopped while drawing continues later; two bytes are too few for the beginning of a redraw.
    tail = latin1(all.subarray(-2))
    if (isEndExact || all.length >= MAX_PROMPT_BYTES) return [all]
    if (!isFirstDrawing) return []
    const at = isPromptSure ? createByteSearch(prompt)(all) : -1
    if (at === -1) {
      if (!isComplete) return []
      isPromptSure = prompt.length > 0 && equalBytes(all, prompt)
      prompt = all
      return []
    }
    // Text before the prompt on the same line may be a new part of the prompt.
    const before = all.subarray(0, at)
    const after = all.subarray(at + prompt.length)
    // The shell may have redrawn its prompt meanwhile: bash does so for the keys that make it answer.
    const redrawAt = redraw === undefined ? -1 : latin1(after).search(redraw)
    return [before.at(-1) === NEWLINE ? before : NO_BYTES, redrawAt === -1 ? after : after.subarray(0, redrawAt)]
  }

  function leave(next: 'drawn' | 'typing'): Uint8Array[] {
    const around = state === 'drawing' ? aroundPrompt(next === 'drawn') : []
    state = next
    return around.filter((part) => part.length > 0)
  }

  return {
    get state() {
      return state
    },
    get mayEcho() {
      return state === 'typing' || !isTypingReported
    },
    begin() {
      state = 'drawing'
      withheld = NO_BYTES
      isFirstDrawing = true
      isEndExact = false
      tail = ''
    },
    noteEnd() {
      withheld = NO_BYTES
      isEndExact = state === 'drawing'
    },
    take,
    noteDrawn: () => (state === 'drawing' ? leave('drawn') : []),
    noteRedraw,
    noteTyping() {
      isTypingReported = true
      return leave('typing')
    },
  }
}
