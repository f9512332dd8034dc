import {bytesFromLatin1, concatBytes, latin1, NO_BYTES} from '../bytes.ts'
import {removePieces} from '../markers/subtract-drawing.ts'

/** Separates the output of background jobs from the prompt of a shell that prints no markers. */
export interface PromptRemover {
  /** Takes bytes that are printed while the shell may draw its prompt. Returns output, if there is more than any prompt has. */
  take(bytes: Uint8Array): Uint8Array
  /** The shell has drawn its prompt, and waits. Returns what else was printed. */
  noteDrawn(): Uint8Array
  /** The shell gets a line before that. Returns all bytes. */
  takeAll(): Uint8Array
}

/** Longer output is no prompt. */
const MAX_PROMPT_BYTES = 65_536

/** `mayHaveJobs`: whether programs other than the shell may print. Where none does, what the shell prints is its prompt. */
export function createPromptRemover(mayHaveJobs: () => boolean): PromptRemover {
  let prompt: string | undefined
  /** The last text in which the prompt was not found. The same text again is a new prompt. */
  let candidate: string | undefined
  let printed = NO_BYTES

  function takeAll(): Uint8Array {
    const all = printed
    printed = NO_BYTES
    return all
  }

  return {
    take(bytes) {
      printed = concatBytes(printed, bytes)
      return printed.length > MAX_PROMPT_BYTES ? takeAll() : NO_BYTES
    },
    noteDrawn() {
      const text = latin1(takeAll())
      const found = prompt === undefined ? undefined : removePieces(text, prompt)
      if (found) return bytesFromLatin1(found.rest + text.slice(found.end))
      // A job may print whole lines again and again.
      const isPrompt = !mayHaveJobs() || (text === candidate && !text.includes('\n'))
      candidate = text
      if (isPrompt) prompt = text
      return isPrompt ? NO_BYTES : bytesFromLatin1(text)
    },
    takeAll,
  }
}
