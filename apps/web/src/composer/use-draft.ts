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
}

/** The half-typed prompt of a session, which the host keeps for the next client. */
export function useDraft(model: SessionModel, onTooLong: () => void): Draft {
  const [text, setText] = useState('')
  const isTouched = useRef(false)
  const parts = useMemo(
    () => ({
      drafts: createDraftStore(() => model.session(), {onTooLong}),
      guard: createTypedTextGuard({session: () => model.session(), snapshot: () => () => {}}),
    }),
    [model, onTooLong],
  )
  useEffect(() => {
    void model.opened.then(({state}) => {
      if (!isTouched.current) setText(state.draft)
    })
  }, [model])
  // What was typed without a line is saved as soon as there is one.
  const isLive = useStore(model.view).status.kind === 'live'
  useEffect(() => {
    if (isLive) void model.opened.then(() => parts.drafts.flush())
  }, [isLive, model, parts])
  useEffect(() => {
    const onHide = () => void parts.drafts.flush()
    document.addEventListener('visibilitychange', onHide)
    return () => {
      document.removeEventListener('visibilitychange', onHide)
      void parts.drafts.flush()
    }
  }, [parts])
  const type = useCallback(
    (next: string, {isSecret = false}: {isSecret?: boolean} = {}) => {
      isTouched.current = true
      setText(next)
      if (isSecret) return
      parts.guard.typed(next)
      parts.drafts.changed(next, parts.guard.hiddenAt)
    },
    [parts],
  )
  const hiddenAt = useCallback(() => parts.guard.hiddenAt, [parts])
  return useMemo(() => ({text, type, hiddenAt}), [text, type, hiddenAt])
}
