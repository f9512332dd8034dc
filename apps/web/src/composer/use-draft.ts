import {createDraftStore, createTypedTextGuard} from '@holdfast/client/typing'
import {useCallback, useEffect, useMemo, useRef, useState} from 'react'

import type {SessionModel} from '../session/open-session.ts'
import {useStore} from '../store.ts'

export interface Draft {
  text: string
  /** The condition under which the text is no secret. */
  hiddenAt(): number | undefined
  /** The user has typed. `isSecret`: the text is for a program that hides it, and is kept nowhere. */
  type(text: string, options?: {isSecret?: boolean}): void
  /** Removes a text that was sent. Keeps what the user has typed behind it meanwhile. */
  sent(text: string): void
}

/** The half-typed prompt of a session, which the host keeps for the next client. */
export function useDraft(model: SessionModel, onTooLong: () => void): Draft {
  const [text, setText] = useState('')
  const isTouched = useRef(false)
  const typed = useRef('')
  const parts = useMemo(
    () => ({
      drafts: createDraftStore(() => model.session(), {onTooLong}),
      guard: createTypedTextGuard({session: () => model.session(), snapshot: () => () => {}}),
    }),
    [model, onTooLong],
  )
  useEffect(() => {
    void model.opened.then(({state}) => {
      if (isTouched.current) return
      typed.current = state.draft
      setText(state.draft)
    })
  }, [model])
  // What was typed without a line is saved as soon as there is one.
  const isLive = useStore(model.view).status.kind === 'live'
  useEffect(() => {
    if (isLive) void model.opened.then(() => parts.drafts.flush())
  }, [isLive, model, parts])
  useEffect(() => {
    const flush = () => void parts.drafts.flush()
    document.addEventListener('visibilitychange', flush)
    model.beforeLeave = flush
    return () => {
      document.removeEventListener('visibilitychange', flush)
      // The terminal is shown in its place, and the session stays open.
      flush()
    }
  }, [model, parts])
  const type = useCallback(
    (next: string, {isSecret = false}: {isSecret?: boolean} = {}) => {
      isTouched.current = true
      typed.current = next
      setText(next)
      if (isSecret) return
      parts.guard.typed(next)
      parts.drafts.changed(next, parts.guard.hiddenAt)
    },
    [parts],
  )
  const sent = useCallback((taken: string) => type(withoutSent(typed.current, taken)), [type])
  const hiddenAt = useCallback(() => parts.guard.hiddenAt, [parts])
  return useMemo(() => ({text, type, sent, hiddenAt}), [text, type, sent, hiddenAt])
}

/** What is left to send of a text that was changed while a part of it was sent. Pure. */
export function withoutSent(text: string, sent: string): string {
  return text.startsWith(sent) ? text.slice(sent.length) : text
}
