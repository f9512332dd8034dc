import type {ComposerOptions, InputOptions, InputResult} from '../composer.ts'
import type {Edit} from '../draft/editor.ts'
import {collapsePaste} from '../draft/collapse-paste.ts'
import {placeInLine} from '../draft/line-bounds.ts'
import type {KeyOrder} from '../keys/key-order.ts'
import type {KeyActions} from '../overlays/overlay.ts'
import type {ComposerLines} from './composer-lines.ts'
import {keyBytes} from './key-bytes.ts'
import type {TargetKey} from './line-target.ts'

export interface ProgramKeysOptions {
  lines: ComposerLines
  apply: (asked: Edit) => void
  /** Types text for whom the line is for now. */
  type: (text: string) => void
  redraw: () => void
  /** Empties the shown line. */
  empty: () => void
  closeMenu: () => void
  keys: KeyOrder
  options: Pick<ComposerOptions, 'onInput' | 'onTyped' | 'onLeave' | 'onNotice'>
}

/** The keys of the line for the running program, and those that change whom the line is for. */
export interface ProgramKeys {
  actions: KeyActions
  /** `false`: the key has its usual use. */
  press(key: TargetKey): boolean
  /** A key other than text, for a program that gets each key at once. */
  sendKey(name: string): void
  /** Text for such a program, one character after the other. */
  sendText(text: string): void
  /** What the screen shows may have changed: keys that come now may no longer be behind a secret. */
  refresh(): void
  /** Lines that wait until the program reads are not sent any more. */
  cancel(): void
}

interface Answer {
  programId: string
  isHidden: boolean
  isAnswer: boolean
  isAhead: boolean
  end: string
}

/** Of an answer that a program did not get. */
type KeptAnswer = Pick<Answer, 'programId' | 'isAhead' | 'end'>

const notices: Record<Exclude<InputResult, 'sent'>, string | undefined> = {
  ended: undefined,
  changed: undefined,
  late: 'The program does not read: nothing was sent. Enter sends it all the same',
  unknown: 'The connection was lost: the line may have arrived. Enter sends it again',
}
const keyNotices: typeof notices = {
  ended: undefined,
  changed: undefined,
  late: 'The program does not read: the key was not sent',
  unknown: 'The connection was lost: the key may have arrived',
}
/** Soon the program may read, or have ended; the hint says what Enter does. */
const lateNotice = {forMs: 10_000}
const encoder = new TextEncoder()
const endOfInput = '\u0004'
/** More lines are sent at once: each one takes a few milliseconds, for which keys wait. */
const maxLines = 200

export function createProgramKeys({
  lines,
  apply,
  type,
  redraw,
  empty,
  closeMenu,
  keys,
  options,
}: ProgramKeysOptions): ProgramKeys {
  const {onInput, onTyped, onLeave, onNotice} = options
  let sending = new AbortController()
  /** The program to which a secret is being sent, and the lines below that. */
  let hiding: {programId: string; below: readonly string[]} | undefined
  /** The program that did not read for long: until it is known to read, it is sent the next lines all the same. */
  let late: {programId: string; reading: number | undefined} | undefined

  const send = (end: string) => {
    const {programId, target, input, isAhead, reading} = lines
    if (programId === undefined) return
    const isHidden = target === 'hidden'
    const isLate = late?.programId === programId && late.reading === reading
    const isAnswer = !isHidden && !isLate && (isAhead || input === 'line' || input === 'key')
    const text = lines.takeLine()
    redraw()
    onTyped?.('')
    // Nobody sees whether what was pasted ends with a line end: that is no line.
    const each = (isHidden ? text.replace(/\n$/, '') : text).split('\n')
    // A program that reads a key would get Enter as the next one.
    const isWhole = !isHidden && (input === 'key' || each.length > maxLines)
    sendLines(isWhole ? [text] : each, {programId, isHidden, isAnswer, isAhead, end: input === 'key' ? '' : end})
  }
  const ask = (data: Uint8Array, programId: string, how: Omit<InputOptions, 'signal'>): Promise<InputResult> => {
    sending = new AbortController()
    return onInput?.(data, programId, {...how, signal: sending.signal}) ?? Promise.resolve('sent')
  }
  /**
   * Each line when the program reads; keys that come meanwhile are for what it reads next. Of hidden lines, only the first one: the
   * next key decides about the others.
   */
  const sendLines = (left: readonly string[], answer: Answer) => {
    const {programId, isHidden, isAnswer, end} = answer
    const [line = '', ...rest] = left
    // Enter sends a carriage return.
    const data = encoder.encode(line.replaceAll('\n', '\r') + end)
    const sent = ask(data, programId, {isHidden, isAnswer, isKey: false})
    hiding = isHidden ? {programId, below: rest} : undefined
    keys.hold(sent, (result) => {
      hiding = undefined
      lines.look()
      const isSame = lines.programId === programId
      if (isSame && result === 'late') late = {programId, reading: lines.reading}
      if (isSame && result === 'sent') lines.noteAnswered(programId)
      if (isHidden) {
        if (!isSame || result !== 'sent' || lines.target !== 'hidden') dropBehind(result, rest)
        else if (rest.length > 0) keepHidden(rest)
      } else if (!isSame || result !== 'sent') {
        keepBehind(end !== endOfInput && result !== 'sent' ? left : rest, result, answer)
      } else if (rest.length > 0) {
        return sendLines(rest, {...answer, isAhead: true})
      } else if (lines.target === 'prompt' && keys.isWaiting) {
        // It is not known yet to read again. They are for it all the same.
        lines.putBack('', programId)
      }
      redraw()
    })
  }
  /** What was typed behind a secret may be the secret a second time: it is dropped, so that nothing else gets it. */
  const dropBehind = (result: InputResult, below: readonly string[]) => {
    if (keys.drop() || below.length > 0) lines.cutOff({isTold: result !== 'sent'})
  }
  /** The program hides its next line, too: puts the unsent lines there, and behind them what the user has typed meanwhile. */
  const keepHidden = (below: readonly string[]) => {
    const text = below.join('\n')
    apply({kind: 'insert', fragment: collapsePaste(keys.isWaiting ? `${text}\n` : text)})
    noteUnsent()
  }
  const tell = (texts: typeof notices, result: keyof typeof notices) =>
    result === 'late' ? onNotice?.(texts.late, lateNotice) : onNotice?.(texts[result])
  /** Keeps, unsent and in one text, the lines that the program has not got, and what was typed behind them. */
  const keepBehind = (left: readonly string[], result: InputResult, {programId, isAhead, end}: KeptAnswer) => {
    const text = left.join('\n')
    if (lines.target === 'hidden') {
      // What was typed when a secret may have been asked for already is one, as far as anybody knows.
      const isDropped = keys.drop() || (isAhead && text !== '')
      if (!isAhead && text !== '') lines.orphan(text)
      if (isDropped) onNotice?.('The program hides what you type: what was typed before and not sent was thrown away')
      return
    }
    if (lines.programId === programId && result !== 'sent') tell(notices, result)
    if (text === '' && !keys.isWaiting) return
    const isMore = keys.isWaiting && left.length > 0 && end !== ''
    lines.putBack(isMore ? `${text}\n` : text, programId, {isUnsure: result === 'unknown'})
    noteUnsent()
  }
  /** Enter, where more was typed behind it, is a line end of a text that nobody has got. */
  const noteUnsent = () => {
    const isTyped = keys.isWaiting
    keys.noteChange(() => {
      const {length} = lines.current.draft.text
      // The last Enter ends no line: the user presses it again.
      if (isTyped && lines.current.draft.text.endsWith('\n'))
        apply({kind: 'replace-range', start: length - 1, end: length, text: ''})
      lines.look()
      onTyped?.(lines.current.draft.text)
      redraw()
    })
  }
  /** Sends a key at once; what comes behind it waits until the program has it. `text`: of the key, and behind it. */
  const sendBytes = (bytes: string, {text, rest}: {text: string; rest: string}) => {
    const {programId, isAhead} = lines
    if (programId === undefined) return
    keys.hold(ask(encoder.encode(bytes), programId, {isHidden: false, isAnswer: false, isKey: true}), (result) => {
      if (result === 'changed' && lines.programId === programId) lines.noteChanged()
      lines.look()
      const isSame = lines.programId === programId
      if (isSame && result === 'sent') {
        lines.noteAnswered(programId)
        // As behind a line: it is for the program, although that is not known yet to read again.
        if (lines.target === 'prompt' && (rest !== '' || keys.isWaiting)) lines.putBack('', programId)
        if (rest !== '') type(rest)
      } else if (isSame && result === 'changed' && lines.target !== 'hidden') {
        lines.putBack(text + rest, programId)
      } else {
        const unsent = result === 'sent' ? rest : text + rest
        if (unsent !== '' || keys.isWaiting) keepBehind([unsent], result, {programId, isAhead, end: ''})
        else if (isSame && result !== 'sent') tell(keyNotices, result)
      }
      redraw()
    })
  }
  const sendKey = (name: string) => {
    const bytes = keyBytes(name)
    if (bytes !== undefined) sendBytes(bytes, {text: '', rest: ''})
  }
  const sendText = (typed: string) => {
    const [text = '', ...rest] = Array.from(typed)
    sendBytes(text, {text, rest: rest.join('')})
  }
  /** The lines of the draft; at the first and the last one, those that the program was sent. */
  const move = (to: 'line-up' | 'line-down', step: -1 | 1) => {
    if (placeInLine(lines.current.draft, step) !== undefined) return apply({kind: 'move', move: to})
    if (lines.target === 'hidden') return
    const fragment = lines.answers.go(step === -1 ? 1 : -1, lines.current.draft)
    if (fragment !== undefined) apply({kind: 'replace', fragment})
  }
  const press = (key: TargetKey): boolean => {
    const action = lines.press(key)
    if (action === 'none') return false
    if (action === 'send') send('\r')
    else if (action === 'end-input') send(endOfInput)
    else if (action === 'leave') onLeave?.()
    else if (action === 'refuse-program') onNotice?.('No program runs that could read input')
    else if (action === 'refuse-prompt')
      onNotice?.('The program hides what you type: nothing can be queued while it does')
    else if (action === 'clear') {
      empty()
      onTyped?.('')
    } else {
      closeMenu()
      onNotice?.(undefined)
      redraw()
    }
    return true
  }
  const up = () => move('line-up', -1)
  const down = () => move('line-down', 1)
  return {
    press,
    sendKey,
    sendText,
    refresh() {
      if (hiding === undefined) return
      const {programId, below} = hiding
      const hasEnded = programId !== lines.programId
      // A key that is pressed from now on is for what the screen shows now.
      if (!hasEnded && (lines.target === 'hidden' || keys.isWaiting || below.length > 0)) return
      hiding = undefined
      dropBehind('sent', below)
    },
    cancel() {
      hiding = undefined
      sending.abort()
    },
    actions: {enter: () => press('enter'), up, 'ctrl-p': up, down, 'ctrl-n': down},
  }
}
