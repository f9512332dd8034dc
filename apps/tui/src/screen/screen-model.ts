import {styleText} from 'node:util'

import type {SessionStatus} from '@holdfast/client'
import {decodeOutput, type SessionEvent, type SessionState, type UnknownEvent} from '@holdfast/protocol'

import {describeAttached, describeElided, describeEnd, wasWithdrawn} from '../describe-end.ts'
import {toPlainLines} from '../to-visible-line.ts'
import {createOutputLines} from './output-lines.ts'

/** What the live part of the screen shows. A new object for each change. */
export interface ScreenSnapshot {
  session: SessionState | undefined
  status: SessionStatus | {kind: 'starting'}
  /** The line that the running program has not finished. */
  unfinishedLine: string
  /** Prompts that were entered, and are not known to be committed. */
  unsent: readonly {promptId: string; text: string}[]
  notice: string | undefined
}

export interface ScreenModel {
  readonly snapshot: ScreenSnapshot
  subscribe(listener: () => void): () => void
  /** Where finished lines go, once and for good. What came before is given at once. */
  setWriter(write: (text: string) => void): void
  takeEvent(event: SessionEvent | UnknownEvent, session: SessionState | undefined): void
  setSession(session: SessionState): void
  setStatus(status: ScreenSnapshot['status']): void
  addUnsent(promptId: string, text: string): void
  removeUnsent(promptId: string): void
  /** `forMs`: as long as it holds; another notice may come before. @default until the next one */
  setNotice(notice: string | undefined, options?: {forMs?: number}): void
  /** A line of ours between those of the session. */
  addRemark(text: string): void
  /** While the terminal is not ours, finished lines wait. */
  hold(isHeld: boolean): void
}

/** Lines and changes are gathered for so long, ms: about one frame. */
const frameMs = 16

const decoder = new TextDecoder()

/** What there is to see of a session: finished lines go out through the writer, the rest is in the snapshot. */
export function createScreenModel(): ScreenModel {
  let snapshot: ScreenSnapshot = {
    session: undefined,
    status: {kind: 'starting'},
    unfinishedLine: '',
    unsent: [],
    notice: undefined,
  }
  let finished: string[] = []
  let write: ((text: string) => void) | undefined
  let isHeld = false
  let timer: NodeJS.Timeout | undefined
  let noticeTimer: NodeJS.Timeout | undefined
  const listeners = new Set<() => void>()
  const output = createOutputLines()

  const flush = () => {
    timer = undefined
    if (finished.length > 0 && write !== undefined && !isHeld) {
      const text = finished.map((line) => `${line}\n`).join('')
      finished = []
      write(text)
    }
    for (const listener of listeners) listener()
  }
  const change = (changes: Partial<ScreenSnapshot> = {}) => {
    snapshot = {...snapshot, ...changes}
    timer ??= setTimeout(flush, frameMs)
  }
  const finish = (...lines: string[]) => {
    finished.push(...lines)
    change({unfinishedLine: output.unfinished})
  }

  const show = (event: SessionEvent | UnknownEvent) => {
    switch (event.type) {
      case 'message.start':
        finish(...output.flush(), '', ...promptLines(event.payload.text))
        break
      case 'message.delta':
      case 'shell.output': {
        const {text} = event.payload
        finish(...output.add(text ?? decoder.decode(decodeOutput(event.payload))))
        break
      }
      case 'output.elided':
      case 'shell.elided':
        finish(...output.flush(), ...remarkLines(describeElided(event.payload)))
        break
      case 'message.complete': {
        if (wasWithdrawn(event.payload)) break
        const {status, exit_code} = event.payload
        const colour = status === 'interrupted' ? 'yellow' : status === 'complete' && !exit_code ? 'green' : 'red'
        finish(...output.flush(), styleText(colour, describeEnd(event.payload)))
        break
      }
      case 'attach.end':
        finish(...output.flush(), ...remarkLines(describeAttached(event.payload)))
        break
      case 'session.closed':
        finish(styleText('yellow', 'The session was closed.'))
        break
      case 'note':
        finish(...remarkLines(event.payload.text))
        break
    }
  }

  return {
    get snapshot() {
      return snapshot
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    setWriter(next) {
      write = next
      change()
    },
    takeEvent(event, session) {
      show(event)
      change(session === undefined ? {} : {session})
      if (event.type === 'prompt.queued') this.removeUnsent(event.payload.prompt_id)
    },
    setSession: (session) => change({session}),
    setStatus: (status) => change({status}),
    addUnsent: (promptId, text) => change({unsent: [...snapshot.unsent, {promptId, text}]}),
    removeUnsent: (promptId) => change({unsent: snapshot.unsent.filter((prompt) => prompt.promptId !== promptId)}),
    setNotice(notice, {forMs} = {}) {
      clearTimeout(noticeTimer)
      if (forMs !== undefined) noticeTimer = setTimeout(() => change({notice: undefined}), forMs)
      change({notice})
    },
    hold(next) {
      isHeld = next
      change()
    },
    addRemark: (text) => finish(...remarkLines(text)),
  }
}

function remarkLines(text: string): string[] {
  return toPlainLines(text).map((line) => styleText('dim', line))
}

function promptLines(text: string): string[] {
  return toPlainLines(text).map(
    (line, index) => `${styleText('cyan', index === 0 ? '❯' : '…')} ${styleText('bold', line)}`,
  )
}
