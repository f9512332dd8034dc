/** Tells what is printed in the background from the prompt that a shell draws, and draws again. */
export interface PromptReader {
  readonly stage: PromptStage
  /** The shell begins to draw a prompt. */
  begin(): void
  /** The prompt ends here, to the byte. */
  endHere(): void
  /** What is printed while no command runs and nobody types. Gives what is surely no prompt. */
  take(bytes: Buffer): Buffer[]
  /** The shell has drawn, and waits. Gives what stood around the prompt, if that is the same as the one before. */
  settle(): Buffer[]
  /** The shell will draw its prompt again, as for a terminal of another size. */
  drawAgain(): void
  /** A line is typed: what comes is its echo. Gives what `settle` would. */
  stop(): Buffer[]
}

/**
 * - `drawing`: what comes is held, as it may be the prompt.
 * - `still`: it was drawn.
 * - `echoing`: what comes is thrown away.
 */
export type PromptStage = 'drawing' | 'still' | 'echoing'

const NEWLINE = 0x0a
const NOTHING: Buffer = Buffer.alloc(0)
/** What is longer is no prompt. */
const MAX_PROMPT_BYTES = 65_536
/** What a shell begins to draw with is no longer. */
const REDRAW_BYTES = 16

/** `redraw`: what the shell begins with when it draws its prompt again by itself, in latin1. */
export function createPromptReader(redraw: RegExp | undefined): PromptReader {
  let stage: PromptStage = 'drawing'
  let held = NOTHING
  /** All that the shell printed for its last prompt that was no repetition. */
  let known = NOTHING
  let isSure = false
  let isFirstDrawing = true
  let isExact = false
  let tail = ''
  /** Otherwise, what is long may be the echo of what is typed. */
  let isToldOfTyping = false

  function take(bytes: Buffer): Buffer[] {
    if (stage === 'echoing') return []
    if (stage === 'drawing') {
      if (held.length < MAX_PROMPT_BYTES) held = Buffer.concat([held, bytes])
      return held.length >= MAX_PROMPT_BYTES && isToldOfTyping ? leave('still') : []
    }
    const at = findRedraw(bytes)
    if (at === -1) return [bytes]
    const before = bytes.subarray(0, at)
    drawAgain()
    held = bytes.subarray(at)
    return before.length === 0 ? [] : [before]
  }

  /** It may begin in what was told already: then that much of it, which is seen by nobody, is not taken back. */
  function findRedraw(bytes: Buffer): number {
    if (redraw === undefined) return -1
    const text = tail + bytes.toString('latin1')
    const at = text.search(redraw)
    const found = at === -1 ? -1 : Math.max(0, at - tail.length)
    tail = at === -1 ? text.slice(-REDRAW_BYTES) : ''
    return found
  }

  function drawAgain(): void {
    // A prompt that says where it ends is drawn by no line editor, and not again.
    if (stage !== 'still' || isExact) return
    stage = 'drawing'
    isFirstDrawing = false
    held = NOTHING
  }

  function aroundPrompt(isWhole: boolean): Buffer[] {
    const all = held
    held = NOTHING
    // A shell that was stopped in the midst of its drawing goes on with that; so little is no whole beginning.
    tail = all.toString('latin1', Math.max(0, all.length - 2))
    if (isExact || all.length >= MAX_PROMPT_BYTES) return [all]
    if (!isFirstDrawing) return []
    const at = isSure ? all.indexOf(known) : -1
    if (at === -1) {
      if (!isWhole) return []
      // What was seen once may be a part of it.
      isSure = known.length > 0 && all.equals(known)
      known = Buffer.from(all)
      return []
    }
    // What stands on the prompt's own line may be a part of it that is new.
    const before = all.subarray(0, at)
    return [before.at(-1) === NEWLINE ? before : NOTHING, all.subarray(at + known.length)]
  }

  function leave(next: PromptStage): Buffer[] {
    const around = stage === 'drawing' ? aroundPrompt(next === 'still') : []
    stage = next
    return around.filter((part) => part.length > 0)
  }

  return {
    get stage() {
      return stage
    },
    begin() {
      stage = 'drawing'
      held = NOTHING
      isFirstDrawing = true
      isExact = false
      tail = ''
    },
    endHere() {
      held = NOTHING
      isExact = stage === 'drawing'
    },
    take,
    settle: () => (stage === 'drawing' ? leave('still') : []),
    drawAgain,
    stop() {
      isToldOfTyping = true
      return leave('echoing')
    },
  }
}
