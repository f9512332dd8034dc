import {decodeOutput, type MethodTable} from '@holdfast/protocol'
import type {HandlerContext} from '@holdfast/rpc'

import type {Session} from '../session/session.ts'

/**
 * Answers the methods for prompts, drafts and questions. `open`: the session with this id, or throws. `by`: the name under which the
 * log has what a peer does.
 */
export function promptHandlers(
  open: (id: string) => {session: Session},
  by: (peer: HandlerContext['peer']) => string | undefined,
): MethodTable<HandlerContext> {
  /** For which prompt a peer brings the stdin. */
  const stdinOf = new WeakMap<HandlerContext['peer'], string>()
  return {
    'prompt.submit': async ({session_id, prompt_id, text, hidden_at, if_input, ...how}, {peer}) => {
      const {session} = open(session_id)
      // The peer may be gone when the prompt is submitted.
      const from = by(peer)
      const submit = () =>
        session.submit({
          promptId: prompt_id,
          text,
          maxOutputBytes: how.max_output_bytes,
          stdin: how.stdin,
          plain: how.plain,
          holdOnFailure: how.hold_on_failure,
          by: from,
        })
      const isTyped = hidden_at !== undefined || if_input !== undefined
      const typed = {hiddenAt: hidden_at, ifInput: if_input, isKnown: () => session.knows(prompt_id)}
      return {prompt_id, status: isTyped ? await session.typedText.submit(typed, submit) : submit()}
    },

    'prompt.stdin': async ({session_id, prompt_id, offset, end = false, text, base64}, {peer}) => {
      const {stdin} = open(session_id).session
      if (stdinOf.get(peer) !== prompt_id) {
        stdinOf.set(peer, prompt_id)
        void peer.closed.then(() => stdin.noteGone(prompt_id, peer))
      }
      // Ten times as fast as `decodeOutput`, which needs no Node.
      const data = base64 === undefined ? decodeOutput({text}) : Buffer.from(base64, 'base64')
      return {taken: await stdin.take(prompt_id, {offset, data, isEnd: end}, peer)}
    },
    'prompt.complete': async ({session_id, text}) => await open(session_id).session.complete(text),

    'prompt.check': async ({session_id, text}) => {
      const answer = await open(session_id).session.isIncomplete(text)
      return {incomplete: answer !== false, ...(typeof answer === 'string' && {continuation: answer})}
    },

    'prompt.withdraw': ({session_id, prompt_id}, {peer}) => ({
      withdrawn: open(session_id).session.withdraw(prompt_id, by(peer)),
    }),

    'prompt.update': ({session_id, prompt_id, text}, {peer}) => ({
      updated: open(session_id).session.update(prompt_id, text, by(peer)),
    }),

    'prompt.promote': ({session_id, prompt_id}, {peer}) => ({
      promoted: open(session_id).session.promote(prompt_id, by(peer)),
    }),

    'queue.continue': ({session_id}, {peer}) => ({
      continued: open(session_id).session.continueQueue(by(peer)),
    }),

    'draft.set': async ({session_id, text, hidden_at}, {peer}) => {
      const {session} = open(session_id)
      const from = by(peer)
      const draft = {text, hiddenAt: hidden_at}
      return {stored: await session.typedText.storeDraft(draft, (typed) => session.setDraft(typed, from))}
    },

    'approval.answer': ({session_id, approval_id, choice}, {peer}) => {
      open(session_id).session.answer(approval_id, choice, by(peer))
      return {}
    },
  }
}
