import {EDITOR_OPENS, findSequence} from './find-sequence.ts'
import {parseNonce} from './nonce.ts'
import {createPromptReader} from './prompt-reader.ts'
import {markPrefix, type RunMark} from './run-mark.ts'
import {findDecoration} from './start-decoration.ts'

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
  /** The command that was entered is unfinished, and the shell has thrown it away. */
  | {kind: 'incomplete'}
  /** Asked by a probe, the shell says that its hooks were taken away: it waits for a command, and tells no more ends. */
  | {kind: 'unhooked'}
  /** Printed between two commands, beside the prompt: by what runs in the background, or by the shell about it. */
  | {kind: 'background-output'; data: Uint8Array}
  /** Asked for it, the shell says that it has read all that was typed before. */
  | {kind: 'here'}

export interface RunTracker {
  /** Bytes may come cut at any place. What could be the beginning of a mark waits for the next bytes. */
  feed(bytes: Uint8Array): RunFact[]
  /** The shell is at a prompt, although no mark has said so. */
  assumePrompt(): void
  /** Whether it is not known yet that the prompt was drawn: then nothing that is printed can be told from it. */
  readonly isDrawing: boolean
  /** The prompt was drawn, as the shell waits and prints no more. What is printed from now on is told, as `background-output`. */
  settle(): RunFact[]
  /** The shell will draw its prompt again: its terminal has another size. */
  drawAgain(): void
  /** A line is typed: until the shell is back at its prompt, nothing is a `background-output`. */
  beginTyping(): RunFact[]
  /** The terminal is gone: what waited is output. */
  flush(): RunFact[]
}

export interface RunTrackerOptions {
  /**
   * How it is known that the shell waits for a line, and that it has one: by its line editor, which switches bracketed
   * paste; by marks, and the newline that the terminal echoes; or by marks alone. @default 'paste'
   */
  editor?: 'paste' | 'terminal' | 'marks'
  /** What the line editor begins with when it draws its prompt again by itself, in latin1. @default it does not */
  redraw?: RegExp
}

/**
 * - `starting`: behind the start mark, fish sets the title of its window.
 * - `running`: all is output but a mark. The shell's start files are the first thing that runs.
 * - `prompting`: between an end mark and the editor, what is printed belongs to the prompt.
 * - `editing`: the editor is open, what is printed is its echo.
 * - `parsing`: the editor has closed; what is printed is the shell's complaint if an end mark follows, else decoration.
 */
type Phase = 'starting' | 'running' | 'prompting' | 'editing' | 'parsing'

const CARRIAGE_RETURN = 0x0d
const NEWLINE = 0x0a
const NOTHING: Buffer = Buffer.alloc(0)
/** More than this while parsing is no message of a parser, and passes on as output. */
const MAX_HELD_BYTES = 65_536

/** Reads the terminal of a shell that prints our marks. A pure state machine: same bytes, same facts, however cut. */
export function createRunTracker(nonce: string, options: RunTrackerOptions = {}): RunTracker {
  const {editor = 'paste', redraw} = options
  const prompt = createPromptReader(redraw)
  const markBegins = markPrefix(parseNonce(nonce))
  let phase: Phase = 'running'
  let waiting = NOTHING
  let held = NOTHING
  /** What the prompt that is being drawn asks for. */
  let asks: 'command' | 'continuation' = 'command'
  /** The output is over, and its end mark comes next. */
  let isEndDue = false
  /** A shell without a line editor answers by a command, and is there when that is over. */
  let isAsked = false
  let facts: RunFact[] = []
  let isToldOfTyping = false

  function take(): RunFact[] {
    const taken = facts
    facts = []
    return taken
  }

  function onText(bytes: Buffer): void {
    if (bytes.length === 0) return
    if (phase === 'running') facts.push({kind: 'output', data: bytes})
    if (phase === 'starting') onStarting(bytes)
    else if (phase === 'parsing') hold(bytes)
    else if (phase === 'editing' && editor === 'terminal' && isEcho()) onEcho(bytes)
    else if (phase !== 'running') prompt.take(bytes).forEach(reportBackgroundOutput)
  }

  /** Whoever never says that they type may be typing. */
  function isEcho(): boolean {
    return prompt.stage === 'echoing' || !isToldOfTyping
  }

  function reportBackgroundOutput(data: Buffer): void {
    facts.push({kind: 'background-output', data})
  }

  function onStarting(bytes: Buffer): void {
    held = Buffer.concat([held, bytes])
    const decoration = findDecoration(held)
    if (decoration === 'cut') return
    held = held.subarray(decoration)
    phase = 'running'
    releaseHeld()
  }

  function onEcho(bytes: Buffer): void {
    const newline = bytes.indexOf(NEWLINE)
    if (newline === -1) return
    facts.push({kind: 'entered'})
    phase = 'parsing'
    hold(bytes.subarray(newline + 1))
  }

  function hold(bytes: Buffer): void {
    held = Buffer.concat([held, bytes])
    if (held.length > MAX_HELD_BYTES) releaseHeld()
  }

  function releaseHeld(): void {
    const data = phase === 'parsing' && editor === 'paste' ? withoutLineEnd(held) : held
    held = NOTHING
    if (data.length > 0) facts.push({kind: 'output', data})
  }

  function onMark(mark: RunMark): void {
    if (mark.kind === 'end') onEnd(mark.exitCode, mark.cwd)
    else if (mark.kind === 'prompt') {
      if (phase !== 'prompting') onEnd(mark.exitCode, mark.cwd)
      if (editor === 'marks') onDrawn('command')
    } else if (mark.kind === 'over') onOver()
    else if (mark.kind === 'more') asks = 'continuation'
    else if (mark.kind === 'drawn') {
      // A prompt that was assumed already is no second one.
      if (phase === 'prompting' || asks === 'continuation') onDrawn(asks)
      prompt.endHere()
      asks = 'command'
    } else if (mark.kind === 'start') {
      phase = editor === 'marks' ? 'starting' : 'running'
      facts.push({kind: 'start'})
    } else if (mark.kind === 'incomplete') facts.push({kind: 'incomplete'})
    else if (mark.kind === 'invalid') phase = 'parsing'
    else if (mark.kind === 'here' && editor === 'terminal') isAsked = true
    else if (mark.kind === 'unhooked' || mark.kind === 'here') facts.push({kind: mark.kind})
    held = NOTHING
  }

  function onDrawn(wanted: 'command' | 'continuation'): void {
    phase = 'editing'
    facts.push({kind: 'ready', prompt: wanted})
    if (isAsked) facts.push({kind: 'here'})
    isAsked = false
  }

  function onOver(): void {
    releaseHeld()
    phase = 'prompting'
    isEndDue = true
  }

  function onEnd(exitCode: number, cwd: string): void {
    onOver()
    isEndDue = false
    prompt.begin()
    facts.push({kind: 'end', exitCode, cwd})
  }

  function onEditor(opens: boolean): void {
    // Without its end mark, it is not known whose editor this is.
    if (opens && isEndDue) facts.push({kind: 'output', data: EDITOR_OPENS})
    else if (opens && phase !== 'editing') {
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
        const found = findSequence(buffer, from, markBegins, editor === 'paste' && phase !== 'running')
        onText(buffer.subarray(from, found.at))
        if (found.kind === 'mark') onMark(found.mark)
        if (found.kind === 'editor') onEditor(found.opens)
        if (found.kind === 'cut') waiting = Buffer.from(buffer.subarray(found.at))
        from = found.end
      }
      return take()
    },
    assumePrompt() {
      isEndDue = false
      phase = 'editing'
      held = NOTHING
      prompt.begin()
    },
    get isDrawing() {
      return prompt.stage === 'drawing'
    },
    settle() {
      prompt.settle().forEach(reportBackgroundOutput)
      return take()
    },
    drawAgain: () => prompt.drawAgain(),
    beginTyping() {
      isToldOfTyping = true
      prompt.stop().forEach(reportBackgroundOutput)
      return take()
    },
    flush() {
      const rest = waiting
      waiting = NOTHING
      onText(rest)
      releaseHeld()
      return take()
    },
  }
}

/** Without what a line editor leaves behind when it has a line. */
function withoutLineEnd(bytes: Buffer): Buffer {
  let at = 0
  while (bytes[at] === CARRIAGE_RETURN) at += 1
  return bytes.subarray(at > 0 && bytes[at] === NEWLINE ? at + 1 : at)
}
