import {bytesFromLatin1, bytesOf, concatBytes, latin1, NO_BYTES} from '../bytes.ts'
import {createExitLine} from './exit-line.ts'
import {createSequenceFinder, EDITOR_OPENS} from './find-sequence.ts'
import {measureFishPreamble} from './fish-preamble.ts'
import {createHookEcho} from './hook-echo.ts'
import {markerPrefix, type Marker} from './marker.ts'
import {createPromptFilter} from './prompt-filter.ts'
import type {RunEvent} from './run-event.ts'

export interface RunTracker {
  /** Accepts bytes cut at any place; withholds the beginning of a possible marker until the next bytes. */
  feed(bytes: Uint8Array): RunEvent[]
  /** The caller knows that the shell is at a prompt, although no marker said so. */
  assumePrompt(): void
  /** What was printed since the last line was entered, if no marker said whether that is output; at most 64 KiB. */
  takeUnmarked(): Uint8Array
  /** Whether the shell may still be drawing a prompt, until `notePromptDrawn`: background output may be part of it. */
  readonly isDrawingPrompt: boolean
  /** What the shell printed for its last prompt; at most 64 KiB. Empty where it is unknown. */
  readonly promptText: Uint8Array
  /** The shell has drawn its prompt and waits. From now on, everything printed is `background-output`. */
  notePromptDrawn(): RunEvent[]
  /** The terminal's size changed: the shell will redraw its prompt. */
  noteResize(): void
  /**
   * A line is about to be typed, which the terminal shows as `shown`, a newline after it. Until it runs, background output is
   * withheld. `keys`: how a terminal in line mode displays the typed keys, in which a program in the background may have left it.
   */
  noteTyping(shown: string, keys?: string): void
  /** Whether the last bytes of a program's output are withheld, because a marker may begin with them. */
  readonly withholdsOutput: boolean
  /** Returns these bytes as output, as nothing has followed them for long. If the rest of a marker comes later, it is still found. */
  releaseOutput(): RunEvent[]
  /** The terminal is gone: returns the withheld bytes as output. */
  flush(): RunEvent[]
}

export interface RunTrackerOptions {
  /**
   * What shows that the shell waits for a line, and that it has one: its line editor, which switches bracketed paste
   * (bash, zsh); markers, and the newline that the terminal echoes (dash, without a line editor); or markers alone (fish).
   * @default 'bracketed-paste'
   */
  editor?: 'bracketed-paste' | 'none' | 'markers'
  /** Matches, in latin1, the first bytes that the line editor prints when it redraws its prompt on its own. @default never */
  redraw?: RegExp
  /** What the line editor prints before each prompt, in one write with it, in latin1. @default nothing */
  promptBegins?: string
  /** A line that the shell may print right before an `end` marker: bash shows it after `set -v`. It is no output. */
  hookEcho?: string
  /** Whether programs other than the shell may print between two commands. @default never */
  mayHaveJobs?: (() => boolean) | undefined
}

/**
 * - `starting`: after the start marker, fish sets the window title.
 * - `running`: everything but a marker is output. The shell's start files are the first thing that runs.
 * - `prompting`: between an end marker and the line editor, printed text belongs to the prompt.
 * - `editing`: the line editor is open, printed text is its echo.
 * - `parsing`: the line editor has closed; printed text is an error message if an end marker follows, else decoration.
 */
type Phase = 'starting' | 'running' | 'prompting' | 'editing' | 'parsing'

const CARRIAGE_RETURN = 0x0d
const NEWLINE = 0x0a
/** Longer text is no error message of a parser, and passes as output. */
const MAX_WITHHELD_BYTES = 65_536

/**
 * Reads the terminal of a shell that prints markers. A pure state machine: the same bytes give the same events, however they
 * are cut. Throws a `TypeError` for a malformed nonce.
 */
export function createRunTracker(nonce: string, options: RunTrackerOptions = {}): RunTracker {
  const {editor = 'bracketed-paste', redraw, promptBegins, hookEcho, mayHaveJobs = () => false} = options
  const echo = createHookEcho(hookEcho)
  const exitLine = createExitLine()
  const prompt = createPromptFilter({redraw, promptBegins, mayHaveJobs})
  const findSequence = createSequenceFinder(bytesOf(markerPrefix(nonce)))
  let phase: Phase = 'running'
  /** The beginning of a possible marker. */
  let cut = NO_BYTES
  /** How many bytes of `cut` were returned as output. */
  let released = 0
  /** Text whose meaning the next marker decides. */
  let withheld = NO_BYTES
  /** The text after the last line, if the shell came back without a marker. */
  let unmarked: Uint8Array | undefined
  let asksFor: 'command' | 'continuation' = 'command'
  /** The output is over, and its end marker comes next. */
  let isEndDue = false
  /** A shell without a line editor runs a command to answer, and has answered when that command ends. */
  let isSyncDue = false
  const events: RunEvent[] = []

  const takeEvents = () => events.splice(0)

  function onText(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    if (phase === 'running') pushOutput(bytes)
    else if (phase === 'starting') onStarting(bytes)
    else if (phase === 'parsing') withhold(bytes)
    else if (phase === 'editing' && editor === 'none' && prompt.mayEcho) onEcho(bytes)
    else pushBackgroundOutput(prompt.take(bytes))
  }

  function pushOutput(bytes: Uint8Array): void {
    const data = echo.take(exitLine.take(bytes))
    if (data.length > 0) events.push({kind: 'output', data})
  }

  /** `isOver`: an `end` marker follows. */
  function settleEcho(isOver: boolean): void {
    const begun = exitLine.settle()
    if (begun.length > 0) pushOutput(begun)
    const data = echo.settle(isOver)
    if (data.length > 0) events.push({kind: 'output', data})
  }

  function pushBackgroundOutput(parts: readonly Uint8Array[]): void {
    for (const data of parts) events.push({kind: 'background-output', data})
  }

  function onStarting(bytes: Uint8Array): void {
    withheld = concatBytes(withheld, bytes)
    const length = measureFishPreamble(withheld)
    if (length === 'cut') return
    withheld = withheld.subarray(length)
    phase = 'running'
    releaseWithheld()
  }

  function onEcho(bytes: Uint8Array): void {
    const newline = bytes.indexOf(NEWLINE)
    pushBackgroundOutput(prompt.take(newline === -1 ? bytes : bytes.subarray(0, newline + 1)))
    if (newline === -1) return
    events.push({kind: 'entered'})
    phase = 'parsing'
    withhold(bytes.subarray(newline + 1))
  }

  function withhold(bytes: Uint8Array): void {
    withheld = concatBytes(withheld, bytes)
    if (withheld.length > MAX_WITHHELD_BYTES) releaseWithheld()
  }

  function releaseWithheld(): void {
    const data = phase === 'parsing' && editor === 'bracketed-paste' ? withoutLineEnd(withheld) : withheld
    withheld = NO_BYTES
    if (data.length > 0) pushOutput(data)
  }

  function onMarker(marker: Marker): void {
    // It comes right before an end marker, and says nothing of what is printed.
    if (marker.kind === 'history') return void events.push({kind: 'history', file: marker.file || undefined})
    if (marker.kind === 'shows') return prompt.noteShown(marker)
    if (marker.kind !== 'end') settleEcho(false)
    switch (marker.kind) {
      case 'end':
        onEnd(marker.exitCode, marker.cwd)
        break
      case 'prompt':
        if (phase !== 'prompting') onEnd(marker.exitCode, marker.cwd)
        if (editor === 'markers') onPrompt('command')
        break
      case 'over':
        onOver()
        break
      case 'more':
        asksFor = 'continuation'
        break
      case 'drawn':
        if (phase === 'parsing') unmarked ??= withheld
        // After `assumePrompt`, this prompt has been reported.
        if (phase === 'prompting' || asksFor === 'continuation') onPrompt(asksFor)
        prompt.noteEnd()
        asksFor = 'command'
        break
      case 'start':
        pushBackgroundOutput([...prompt.take(withheld), ...prompt.noteStart()])
        phase = editor === 'markers' ? 'starting' : 'running'
        unmarked = undefined
        events.push({kind: 'start'})
        break
      case 'invalid':
        phase = 'parsing'
        break
      case 'leaving':
        exitLine.expect()
        break
      case 'synced':
        if (editor === 'none') isSyncDue = true
        else events.push({kind: 'synced'})
        break
      default:
        events.push({kind: marker.kind})
    }
    withheld = NO_BYTES
  }

  function onPrompt(wanted: 'command' | 'continuation'): void {
    phase = 'editing'
    events.push({kind: 'ready', prompt: wanted})
    if (isSyncDue) events.push({kind: 'synced'})
    isSyncDue = false
  }

  function onOver(): void {
    releaseWithheld()
    if (phase !== 'prompting') pushBackgroundOutput(prompt.begin())
    phase = 'prompting'
    isEndDue = true
  }

  function onEnd(exitCode: number, cwd: string): void {
    onOver()
    settleEcho(true)
    isEndDue = false
    unmarked = undefined
    prompt.notePlace(`${exitCode} ${cwd}`)
    events.push({kind: 'end', exitCode, cwd})
  }

  function onEditor(opens: boolean): void {
    // Until the end marker comes, this may be the line editor of another program.
    if (opens && isEndDue) events.push({kind: 'output', data: EDITOR_OPENS})
    else if (opens && phase !== 'editing') {
      if (phase === 'parsing') unmarked ??= withoutLineEnd(withheld)
      if (phase === 'parsing') pushBackgroundOutput(prompt.take(withheld))
      prompt.noteEditor(phase === 'parsing')
      events.push({kind: 'ready', prompt: phase === 'parsing' ? 'continuation' : 'command'})
      phase = 'editing'
    } else if (!opens && phase === 'editing') {
      events.push({kind: 'entered'})
      phase = 'parsing'
    }
    withheld = NO_BYTES
  }

  return {
    feed(bytes) {
      const buffer = cut.length === 0 ? bytes : concatBytes(cut, bytes)
      const newFrom = released
      cut = NO_BYTES
      released = 0
      for (let from = 0; from < buffer.length;) {
        const found = findSequence(buffer, from, editor === 'bracketed-paste' && phase !== 'running')
        onText(buffer.subarray(Math.max(from, newFrom), found.at))
        if (found.kind === 'marker') onMarker(found.marker)
        if (found.kind === 'editor') onEditor(found.opens)
        if (found.kind === 'cut') {
          cut = new Uint8Array(buffer.subarray(found.at))
          released = Math.max(0, newFrom - found.at)
        }
        from = found.end
      }
      return takeEvents()
    },
    get withholdsOutput() {
      return phase === 'running' && (cut.length > released || echo.withholds || exitLine.withholds)
    },
    releaseOutput() {
      if (phase === 'running') {
        settleEcho(false)
        if (cut.length > released) events.push({kind: 'output', data: cut.subarray(released)})
        released = cut.length
      }
      return takeEvents()
    },
    assumePrompt() {
      echo.settle(true)
      isEndDue = false
      phase = 'editing'
      withheld = NO_BYTES
      prompt.begin()
    },
    takeUnmarked() {
      const data = unmarked ?? (phase === 'parsing' ? withoutLineEnd(withheld) : NO_BYTES)
      unmarked = undefined
      withheld = NO_BYTES
      return data
    },
    get promptText() {
      return bytesFromLatin1(prompt.prompt ?? '')
    },
    get isDrawingPrompt() {
      return prompt.state === 'drawing'
    },
    notePromptDrawn() {
      pushBackgroundOutput(prompt.noteDrawn())
      return takeEvents()
    },
    noteResize: () => prompt.noteRedraw(),
    noteTyping: (shown, keys = '') => prompt.noteTyping(latin1(bytesOf(shown)), latin1(bytesOf(keys))),
    flush() {
      const rest = cut.subarray(released)
      cut = NO_BYTES
      released = 0
      onText(rest)
      releaseWithheld()
      settleEcho(false)
      return takeEvents()
    },
  }
}

/** Removes the line end that a line editor prints when it has accepted a line. */
function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  let at = 0
  while (bytes[at] === CARRIAGE_RETURN) at += 1
  return bytes.subarray(at > 0 && bytes[at] === NEWLINE ? at + 1 : at)
}
