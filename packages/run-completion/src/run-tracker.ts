import {findSequence} from './find-sequence.ts'
import {parseNonce} from './nonce.ts'
import {markPrefix, type RunMark} from './run-mark.ts'

/** What the bytes of a hooked shell's terminal tell, in the order in which it happened. */
export type RunFact =
  /** A command, or the shell about a line that it could not parse, printed this. */
  | {kind: 'output'; data: Uint8Array}
  /** The line that was entered runs. */
  | {kind: 'start'}
  /** The shell is back, in this folder. Without a `start` before: the line was empty, a comment, not parsed or cancelled. */
  | {kind: 'end'; exitCode: number; cwd: string}
  /** The line editor waits, for a new command or for the rest of an unfinished one. */
  | {kind: 'ready'; prompt: 'command' | 'continuation'}
  /** The line editor is done with a line: it was accepted or cancelled. */
  | {kind: 'entered'}

export interface RunTracker {
  /** Bytes may come cut at any place. What could be the beginning of a mark waits for the next bytes. */
  feed(bytes: Uint8Array): RunFact[]
  /** The terminal is gone: what waited is output. */
  flush(): RunFact[]
}

/**
 * - `running`: all is output but a mark. The shell's start files are the first thing that runs.
 * - `prompting`: between an end mark and the editor, what is printed belongs to the prompt.
 * - `editing`: the editor is open, what is printed is its echo.
 * - `parsing`: the editor has closed; what is printed is the shell's complaint if an end mark follows, else decoration.
 */
type Phase = 'running' | 'prompting' | 'editing' | 'parsing'

const CARRIAGE_RETURN = 0x0d
const NOTHING: Buffer = Buffer.alloc(0)
/** More than this while parsing is no message of a parser, and passes on as output. */
const MAX_HELD_BYTES = 65_536

/** Reads the terminal of a shell that runs `bashHook(nonce)`. A pure state machine: same bytes, same facts, however cut. */
export function createRunTracker(nonce: string): RunTracker {
  const markBegins = markPrefix(parseNonce(nonce))
  let phase: Phase = 'running'
  let waiting = NOTHING
  let held = NOTHING
  let facts: RunFact[] = []

  function take(): RunFact[] {
    const taken = facts
    facts = []
    return taken
  }

  function onText(bytes: Buffer): void {
    if (bytes.length === 0) return
    if (phase === 'running') facts.push({kind: 'output', data: bytes})
    if (phase !== 'parsing') return
    held = Buffer.concat([held, bytes])
    if (held.length > MAX_HELD_BYTES) releaseHeld()
  }

  function releaseHeld(): void {
    // The editor leaves one carriage return behind.
    const data = held[0] === CARRIAGE_RETURN ? held.subarray(1) : held
    held = NOTHING
    if (data.length > 0) facts.push({kind: 'output', data})
  }

  function onMark(mark: RunMark): void {
    if (mark.kind === 'end') releaseHeld()
    held = NOTHING
    phase = mark.kind === 'end' ? 'prompting' : 'running'
    facts.push(mark)
  }

  function onEditor(opens: boolean): void {
    if (opens && phase !== 'editing') {
      facts.push({kind: 'ready', prompt: phase === 'parsing' ? 'continuation' : 'command'})
      phase = 'editing'
    } else if (!opens && phase === 'editing') {
      facts.push({kind: 'entered'})
      phase = 'parsing'
    }
    held = NOTHING
  }

  return {
    feed(bytes) {
      const fresh = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const buffer = waiting.length === 0 ? fresh : Buffer.concat([waiting, fresh])
      waiting = NOTHING
      for (let from = 0; from < buffer.length;) {
        const found = findSequence(buffer, from, markBegins, phase !== 'running')
        onText(buffer.subarray(from, found.at))
        if (found.kind === 'mark') onMark(found.mark)
        if (found.kind === 'editor') onEditor(found.opens)
        if (found.kind === 'cut') waiting = Buffer.from(buffer.subarray(found.at))
        from = found.end
      }
      return take()
    },
    flush() {
      const rest = waiting
      waiting = NOTHING
      onText(rest)
      if (phase === 'parsing') releaseHeld()
      return take()
    },
  }
}
