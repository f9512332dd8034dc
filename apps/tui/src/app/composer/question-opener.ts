import type {ClientSession} from '@holdfast/client'
import type {Composer, OverlayHost} from '@holdfast/ink-composer'

import {createApprovalOverlay} from '../../ui/composer/approval-overlay.ts'
import type {ScreenModel} from '../../ui/screen-model.ts'

export interface QuestionOpenerOptions {
  session: () => Pick<ClientSession, 'state' | 'answer'> | undefined
  composer: () => Pick<Composer, 'open' | 'view'>
  model: Pick<ScreenModel, 'snapshot' | 'shownQuestion' | 'addBlock'>
  reportError: (error: unknown) => void
}

/** Opens the questions of an agent. */
export interface QuestionOpener {
  /** Ctrl-T: opens the first open question. Returns false if there is none. */
  press(): boolean
  /** Something has changed: opens a question by itself while nothing is typed. */
  look(): void
}

export interface QuestionFacts {
  /** Ids of the open questions. */
  open: readonly string[]
  /** The question that the user wants to answer later. */
  later: string | undefined
  /** Nothing is typed, and the line is a prompt. */
  isDraftEmpty: boolean
  /** A menu, a list or another question is open. */
  isBusy: boolean
}

/** Whether the first question opens by itself: not beside a text, whose next key could be an answer. Pure. */
export function opensByItself({open: [first], later, isDraftEmpty, isBusy}: QuestionFacts): boolean {
  return first !== undefined && first !== later && isDraftEmpty && !isBusy
}

export function createQuestionOpener({session, composer, model, reportError}: QuestionOpenerOptions): QuestionOpener {
  let later: string | undefined
  /** The question that is open, beside this draft. */
  let opened: {host: OverlayHost; draft: string} | undefined

  const press = () => {
    const asked = session()
    const approval = asked?.state.approvals[0]
    if (asked === undefined || approval === undefined) return false
    const {approval_id: id, tool_call_id: toolCallId} = approval
    const draft = composer().view.draft.text
    composer().open((host) => {
      opened = {host, draft}
      return createApprovalOverlay({
        host,
        bindings: model.snapshot.bindings,
        approval,
        open: () => session()?.state.approvals ?? [],
        shown: () => (model.shownQuestion?.id === id ? model.shownQuestion : undefined),
        onAnswer(approvalId, choice) {
          // Until the answer has arrived, the question is still open.
          later = approvalId
          void asked.answer(approvalId, choice).catch(reportError)
        },
        onShowAll() {
          const tool = model.snapshot.activity?.tools.find((running) => running.id === toolCallId)
          model.addBlock({kind: 'asked', title: approval.title, tool})
        },
        onLater: () => void (later = id),
      })
    })
    return true
  }
  return {
    press,
    look() {
      // Typing starts a prompt.
      if (opened !== undefined && composer().view.draft.text !== opened.draft) {
        const {host} = opened
        opened = undefined
        host.close()
      }
      const {view} = composer()
      const facts = {
        open: model.snapshot.session?.approvals.map(({approval_id}) => approval_id) ?? [],
        later,
        isDraftEmpty: view.draft.text === '' && view.target === 'prompt',
        isBusy: view.overlay !== undefined,
      }
      if (opensByItself(facts)) press()
    },
  }
}
