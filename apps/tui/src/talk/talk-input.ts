import {createInterface, cursorTo, moveCursor, clearScreenDown} from 'node:readline'
import {PassThrough} from 'node:stream'
import {StringDecoder} from 'node:string_decoder'
import {setImmediate as nextTurn} from 'node:timers/promises'
import type {ReadStream} from 'node:tty'
import {toPlainLine} from '@holdfast/terminal'

import {createPasteReader, maxPasteBytes} from './paste-reader.ts'

export interface TalkInputOptions {
  /** The terminal; this is its only reader. */
  stdin: ReadStream
  /** Where the user sees what they type. */
  output: NodeJS.WriteStream
  /** A dumb terminal: its driver edits the line. Otherwise readline does, with a history. */
  isDumb: boolean
  /** Keys for the program. */
  onKeys: (keys: Uint8Array) => void
  /** Ctrl-C while neither a line nor keys for the program are read. */
  onInterrupt: () => void
  /** Ctrl-D while neither a line nor keys for the program are read, or the terminal is gone. */
  onEnd: () => void
}

/** The prompt for the rest of a command. */
export const more = '... '

export type Answer =
  /** It has several lines if they were pasted together. */
  | {kind: 'line'; line: string}
  /** Ctrl-C. `wasEmpty`: the line was empty. */
  | {kind: 'interrupt'; wasEmpty: boolean}
  /** Ctrl-D, or the terminal is gone. */
  | {kind: 'end'}

/** Reads lines and, between them, keys for the running program. */
export interface TalkInput {
  /** Asks for a line. `isFresh`: one that is typed from now on, and not before. */
  ask(prompt: string, options?: {isFresh: boolean}): Promise<Answer>
  /** Cancels `ask`. */
  takeBack(): void
  /** When this resolves, keys go to the program until `ask`. Text typed before that is for the next line. */
  handOver(): Promise<void>
  /** Clears the edited line so that output can be printed. Idempotent. */
  makeRoom(): void
  /** Draws the edited line again below the output. Idempotent. */
  askAgain(): void
  /** Restores the terminal. Idempotent. */
  close(): void
}

interface Editor {
  begin(prompt: string): void
  /** Takes keys for the line. */
  take(keys: Uint8Array): void
  makeRoom(): void
  /** Keys are for a program from now on. */
  leave(): void
  close(): void
}

/** Turns of the event loop without a read after which the terminal has no more input. */
const quietTurns = 2

export function createTalkInput(options: TalkInputOptions): TalkInput {
  const {stdin, output, onKeys, onInterrupt, onEnd} = options
  /** Lines that were not asked for yet, such as the rest of a paste. */
  const early: string[] = []
  let asked: {prompt: string; resolve: (answer: Answer) => void} | undefined
  let isPromptShown = false
  let isForProgram = false
  let wantsHandOver = false
  let isClosed = false
  /** The number of reads. */
  let reads = 0

  const answer = (next: Answer) => {
    const resolve = asked?.resolve
    asked = undefined
    if (resolve !== undefined) {
      if (next.kind !== 'line') output.write('\n')
      resolve(next)
    } else if (next.kind === 'line') early.push(next.line)
    else if (next.kind === 'interrupt') onInterrupt()
    else onEnd()
  }
  const editor = options.isDumb ? createPlainEditor(options, answer) : createLineEditor(options, answer)

  const onData = (keys: Uint8Array) => {
    reads++
    if (isForProgram) onKeys(keys)
    else editor.take(keys)
  }
  const onSignal = () => answer({kind: 'interrupt', wasEmpty: true})
  const onGone = () => {
    if (!isClosed) answer({kind: 'end'})
  }
  const makeRoom = () => {
    if (asked === undefined || !isPromptShown) return
    isPromptShown = false
    editor.makeRoom()
  }
  /** A terminal returns one line per read, also of an earlier paste. */
  const untilAllIsRead = async () => {
    for (let before = -1; before !== reads;) {
      before = reads
      for (let turn = 0; turn < quietTurns; turn++) await nextTurn()
    }
  }
  stdin.on('data', onData).on('end', onGone).on('error', onGone)
  process.on('SIGINT', onSignal)

  return {
    ask(prompt, {isFresh} = {isFresh: false}) {
      wantsHandOver = false
      isForProgram = false
      const next = isFresh ? undefined : early.shift()
      if (next !== undefined) {
        output.write(`${prompt}${toPlainLine(next)}\n`)
        return Promise.resolve({kind: 'line', line: next})
      }
      const {promise, resolve} = Promise.withResolvers<Answer>()
      asked = {prompt, resolve}
      isPromptShown = true
      editor.begin(prompt)
      return promise
    },
    takeBack() {
      makeRoom()
      asked = undefined
    },
    async handOver() {
      wantsHandOver = true
      await untilAllIsRead()
      if (!wantsHandOver || isClosed || isForProgram) return
      isForProgram = true
      editor.leave()
      stdin.setRawMode(true)
    },
    makeRoom,
    askAgain() {
      if (asked === undefined || isPromptShown) return
      isPromptShown = true
      editor.begin(asked.prompt)
    },
    close() {
      if (isClosed) return
      isClosed = true
      process.off('SIGINT', onSignal)
      stdin.off('data', onData)
      editor.close()
      stdin.setRawMode(false)
      stdin.pause()
    },
  }
}

/** Ends of lines. Ctrl-C and Ctrl-D arrive as bytes if they were pressed while the terminal was in raw mode. */
// oxlint-disable-next-line no-control-regex -- control characters are keys
const enders = /(\r\n?|\n|\u0003|\u0004)/

/** The terminal driver edits and echoes the line. */
function createPlainEditor({stdin, output}: TalkInputOptions, answer: (answer: Answer) => void): Editor {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  return {
    begin(prompt) {
      stdin.setRawMode(false)
      output.write(prompt)
    },
    take(keys) {
      const pieces = (rest + decoder.write(Buffer.from(keys))).split(enders)
      rest = pieces.pop() ?? ''
      for (let at = 0; at < pieces.length; at += 2) {
        const [line = '', ender] = pieces.slice(at, at + 2)
        if (ender === '\u0003') answer({kind: 'interrupt', wasEmpty: line === ''})
        else if (ender !== '\u0004') answer({kind: 'line', line})
        else if (line === '') answer({kind: 'end'})
      }
    },
    makeRoom: () => void output.write('\n'),
    leave() {},
    close() {},
  }
}

/** Asks the terminal to mark a paste, so that its lines are told from lines that are typed. */
const markPastes = '\u001b[?2004h'
const markNoPastes = '\u001b[?2004l'

/** Lines of the history. */
const historySize = 1000

/** `node:readline` edits the line; it gets only the keys for it. */
function createLineEditor({stdin, output}: TalkInputOptions, answer: (answer: Answer) => void): Editor {
  const setMode = (isEditing: boolean) => {
    stdin.setRawMode(isEditing)
    output.write(isEditing ? markPastes : markNoPastes)
  }
  // readline sets the mode of the terminal itself, also around a suspension.
  const input = Object.assign(new PassThrough(), {isTTY: true, setRawMode: setMode})
  const editor = createInterface({
    input,
    output,
    terminal: true,
    historySize,
    removeHistoryDuplicates: true,
  })
  /** The lines of a paste above the last one, which is edited. */
  let above: string[] = []
  let isPasting = false
  const paste = (text: string) => {
    const lines = text.split(/\r\n?|\n/)
    isPasting = true
    for (const line of lines.slice(0, -1)) editor.write(`${line}\n`)
    isPasting = false
    editor.write(lines.at(-1) ?? '')
  }
  const reader = createPasteReader({
    onKeys: (keys) => void input.write(keys),
    onPaste: paste,
    onTooLong() {
      output.write(`\nA paste has at most ${maxPasteBytes} bytes: nothing was added.\n`)
      editor.prompt(true)
    },
  })
  editor.on('line', (line) => {
    above.push(line)
    if (isPasting) {
      editor.setPrompt(more)
      editor.prompt()
      return
    }
    const text = above.join('\n')
    above = []
    answer({kind: 'line', line: text})
  })
  editor.on('SIGINT', () => {
    const isLineEmpty = editor.line === ''
    const wasEmpty = isLineEmpty && above.length === 0
    above = []
    // readline clears a line only by its keys.
    if (!isLineEmpty) editor.write(null, {ctrl: true, name: 'e'})
    if (!isLineEmpty) editor.write(null, {ctrl: true, name: 'u'})
    answer({kind: 'interrupt', wasEmpty})
  })
  editor.on('close', () => answer({kind: 'end'}))
  return {
    begin(prompt) {
      setMode(true)
      editor.setPrompt(above.length === 0 ? prompt : more)
      editor.prompt(true)
    },
    take: reader.take,
    makeRoom() {
      moveCursor(output, 0, -editor.getCursorPos().rows)
      cursorTo(output, 0)
      clearScreenDown(output)
    },
    leave: () => void output.write(markNoPastes),
    close() {
      editor.removeAllListeners()
      editor.close()
    },
  }
}
