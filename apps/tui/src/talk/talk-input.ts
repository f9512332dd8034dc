import {createInterface, cursorTo, moveCursor, clearScreenDown} from 'node:readline'
import {PassThrough} from 'node:stream'
import {StringDecoder} from 'node:string_decoder'
import {setImmediate as nextTurn} from 'node:timers/promises'
import type {ReadStream} from 'node:tty'
import {toPlainLine} from '@holdfast/terminal'

export interface TalkInputOptions {
  /** A terminal. The keyboard is its one reader. */
  stdin: ReadStream
  /** Where the person who types looks. */
  output: NodeJS.WriteStream
  /** The terminal cannot do more than print: its own driver edits the line. Else it is edited here, with a history. */
  isDumb: boolean
  /** What was typed for the program. */
  onKeys: (keys: Uint8Array) => void
  /** Ctrl-C while no line is asked for, that is no key for the program. */
  onInterrupt: () => void
  /** Ctrl-D while no line is asked for, that is no key for the program; or the terminal is gone. */
  onEnd: () => void
}

export type Answer =
  | {kind: 'line'; line: string}
  /** Ctrl-C. `wasEmpty`: nothing was written. */
  | {kind: 'interrupt'; wasEmpty: boolean}
  /** Ctrl-D, or the terminal is gone. */
  | {kind: 'end'}

/** Lines that a person enters and, between them, keys for the program that runs. */
export interface TalkInput {
  /** Asks for a line, behind `prompt`. */
  ask(prompt: string): Promise<Answer>
  /** Takes the question back, if it is not answered. */
  takeBack(): void
  /** Until `ask`, what is typed is for the program, from when this resolves on: what is there already is for the next line. */
  handOver(): Promise<void>
  /** Makes room for something to be printed, if a line is asked for. Idempotent. */
  makeRoom(): void
  /** Asks again for that line, below what was printed. Idempotent. */
  askAgain(): void
  /** Gives the terminal back. Idempotent. */
  close(): void
}

interface Editor {
  begin(prompt: string): void
  /** Takes what was typed for the line. */
  take(keys: Uint8Array): void
  makeRoom(): void
  close(): void
}

/** Turns of the event loop in which nothing is read, so that nothing more is there to be read. */
const quietTurns = 2

export function createTalkInput(options: TalkInputOptions): TalkInput {
  const {stdin, output, onKeys, onInterrupt, onEnd} = options
  /** Lines that nobody has asked for yet: of what was pasted, those behind the first. */
  const early: string[] = []
  let asked: {prompt: string; resolve: (answer: Answer) => void} | undefined
  let isPromptShown = false
  let isForProgram = false
  let wantsHandOver = false
  let isClosed = false
  /** How often something was read. */
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
  /** A terminal gives one line at each reading, also of what was pasted before. */
  const untilAllIsRead = async () => {
    for (let before = -1; before !== reads;) {
      before = reads
      for (let turn = 0; turn < quietTurns; turn++) await nextTurn()
    }
  }
  stdin.on('data', onData).on('end', onGone).on('error', onGone)
  process.on('SIGINT', onSignal)

  return {
    ask(prompt) {
      wantsHandOver = false
      isForProgram = false
      const next = early.shift()
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
      if (!wantsHandOver || isClosed) return
      isForProgram = true
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

/**
 * What ends a line. Ctrl-C and Ctrl-D come as keys where they were pressed while the terminal was still that of a program.
 */
// oxlint-disable-next-line no-control-regex -- control characters are keys
const enders = /(\r\n?|\n|\u0003|\u0004)/

/** The terminal's own driver edits the line, and shows it. */
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
    close() {},
  }
}

/** Lines of the history that ↑ goes back to. */
const historySize = 1000

/** The line is edited by `node:readline`, which gets only what is typed for it. */
function createLineEditor({stdin, output}: TalkInputOptions, answer: (answer: Answer) => void): Editor {
  // Readline sets the terminal's mode itself, also around a suspension.
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => void stdin.setRawMode(isRaw),
  })
  const editor = createInterface({
    input,
    output,
    terminal: true,
    historySize,
    removeHistoryDuplicates: true,
  })
  editor.on('line', (line) => answer({kind: 'line', line}))
  editor.on('SIGINT', () => {
    const wasEmpty = editor.line === ''
    // Readline has no word for it but its own key.
    if (!wasEmpty) editor.write(null, {ctrl: true, name: 'e'})
    if (!wasEmpty) editor.write(null, {ctrl: true, name: 'u'})
    answer({kind: 'interrupt', wasEmpty})
  })
  editor.on('close', () => answer({kind: 'end'}))
  return {
    begin(prompt) {
      stdin.setRawMode(true)
      editor.setPrompt(prompt)
      editor.prompt(true)
    },
    take: (keys) => void input.write(keys),
    makeRoom() {
      moveCursor(output, 0, -editor.getCursorPos().rows)
      cursorTo(output, 0)
      clearScreenDown(output)
    },
    close() {
      editor.removeAllListeners()
      editor.close()
    },
  }
}
