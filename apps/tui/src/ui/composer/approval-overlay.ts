import type {KeyActions, Overlay, OverlayHost} from '@holdfast/ink-composer'
import type {Approval} from '@holdfast/protocol'

/** While this overlay is open, the live region does not show the question. */
export const approvalOverlayId = 'approval'

export interface ApprovalOverlayOptions {
  host: OverlayHost
  /** The question to answer. */
  approval: Approval
  /** The questions that are still open. */
  open: () => readonly Approval[]
  /** `choice`: the id of the choice. */
  onAnswer: (approvalId: string, choice: string) => void
}

/** Answers a question of the agent. No choice is selected at first: Enter alone, such as of a fast typist, answers nothing. */
export function createApprovalOverlay({host, approval, open, onAnswer}: ApprovalOverlayOptions): Overlay {
  const {approval_id, title, choices} = approval
  let selected: number | undefined

  const choose = (at: number) => {
    if (at < 0 || at >= choices.length) return
    selected = at
    host.redraw()
  }
  const answer = () => {
    const choice = choices[selected ?? -1]
    if (choice === undefined) return
    host.close()
    onAnswer(approval_id, choice.id)
  }
  const up = () => choose((selected ?? choices.length) - 1)
  const down = () => choose((selected ?? -1) + 1)
  const actions: KeyActions = {
    up,
    'ctrl-p': up,
    down,
    'ctrl-n': down,
    enter: answer,
    escape: host.close,
    'ctrl-t': host.close,
  }

  return {
    get view() {
      return {
        title,
        rows: choices.map(({label}, at) => ({text: `${at + 1}. ${label}`})),
        ...(selected === undefined ? {} : {selected}),
        id: approvalOverlayId,
        footer: `${selected === undefined ? '↑↓ or a number chooses' : 'Enter answers'} · Esc back`,
      }
    },
    press(key) {
      // Ctrl-C is never swallowed by a question.
      if (key.kind === 'key' && key.name === 'ctrl-c') return false
      if (key.kind === 'text') choose(/^[1-9]$/.test(key.text) ? Number(key.text) - 1 : -1)
      else actions[key.name]?.()
      return true
    },
    refresh() {
      // Another client answered it, or the agent does not ask any more.
      if (!open().some((asked) => asked.approval_id === approval_id)) host.close()
    },
  }
}
