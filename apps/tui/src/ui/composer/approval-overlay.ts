import {
  describeKey,
  joinHints,
  type KeyActions,
  type KeyBindings,
  type Overlay,
  type OverlayHost,
} from '@holdfast/ink-composer'
import type {Approval} from '@holdfast/protocol'

import {createStillKeyboard} from './still-keyboard.ts'

/** The screen draws this overlay by `questionRows`, with what it is about. */
export const approvalOverlayId = 'approval'

export interface ApprovalOverlayOptions {
  host: OverlayHost
  bindings: KeyBindings
  /** The question to answer. */
  approval: Approval
  /** The questions that are still open. */
  open: () => readonly Approval[]
  /** The question as the terminal shows it; `undefined`: not yet, or not now. */
  shown: () => {isWhole: boolean} | undefined
  /** `choice`: the id of the choice. */
  onAnswer: (approvalId: string, choice: string) => void
  /** Prints all that the question is about. */
  onShowAll: () => void
  /** The user wants to answer later. */
  onLater: () => void
  /** A monotonic clock, ms. @default performance.now */
  now?: () => number
}

/**
 * Answers a question of the agent: a number at once, the arrows with Enter. It takes keys only when all of it has been on the screen
 * for 300 ms with a still keyboard; until then, Esc does nothing, and the others are for the draft, as is any text that is no choice: then, close it. No choice is selected at first.
 */
export function createApprovalOverlay(options: ApprovalOverlayOptions): Overlay {
  const {host, bindings, approval, open, shown, onAnswer, onShowAll, onLater, now} = options
  const {approval_id, title, choices} = approval
  let selected: number | undefined
  const keyboard = createStillKeyboard({
    isShown: () => shown()?.isWhole === true,
    onStill: host.redraw,
    ...(now && {now}),
  })

  const choose = (at: number) => {
    if (at < 0 || at >= choices.length) return
    selected = at
    host.redraw()
  }
  const answer = (at: number | undefined) => {
    const choice = choices[at ?? -1]
    if (choice === undefined) return
    onAnswer(approval_id, choice.id)
    host.close()
  }
  const later = () => {
    onLater()
    host.close()
  }
  const up = () => choose((selected ?? choices.length) - 1)
  const down = () => choose((selected ?? -1) + 1)
  const actions: KeyActions = {
    up,
    'ctrl-p': up,
    down,
    'ctrl-n': down,
    enter: () => answer(selected),
    escape: later,
    'ctrl-t': later,
    'ctrl-]': onShowAll,
  }
  const numbers = choices.length === 1 ? '1' : `1–${Math.min(9, choices.length)}`

  return {
    get view() {
      return {
        title,
        rows: choices.map(({label}, at) => ({text: `${at + 1}. ${label}`})),
        ...(selected === undefined ? {} : {selected}),
        id: approvalOverlayId,
        ...(keyboard.isStill && {
          footer: joinHints(
            selected === undefined ? `${numbers} answers` : 'Enter answers',
            '↑↓ choose',
            describeKey(bindings, 'ctrl-]', 'prints all of it'),
            'Esc later',
          ),
        }),
      }
    },
    press(key, {isLate}) {
      // Ctrl-C is never swallowed by a question.
      if (key.kind === 'key' && key.name === 'ctrl-c') return false
      const isTyped = key.kind === 'text'
      if (!keyboard.isStill || isLate) {
        keyboard.noteKey()
        if (isTyped || key.name !== 'escape') return false
        // It was meant for what was on the screen before, or for this question, but not for the agent's work.
        if (shown()?.isWhole === false) later()
        return true
      }
      if (!isTyped) {
        actions[key.name]?.()
        return key.name in actions
      }
      const at = /^[1-9]$/.test(key.text) ? Number(key.text) - 1 : choices.length
      answer(at)
      return at < choices.length
    },
    refresh() {
      keyboard.look()
      // Another client answered it, or the agent does not ask any more.
      if (!open().some((asked) => asked.approval_id === approval_id)) host.close()
    },
    closed: keyboard.close,
  }
}
