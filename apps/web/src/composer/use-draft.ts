import {useEffect, useMemo} from 'react'

import type {SessionModel} from '../session/open-session.ts'
import {useStore} from '../store.ts'
import {createSessionDraft, type SessionDraft, type SessionDraftOptions} from './session-draft.ts'

export interface Draft extends Pick<SessionDraft, 'hiddenAt' | 'type' | 'sending' | 'settled' | 'sent'> {
  text: string
}

export interface DraftOptions extends Omit<SessionDraftOptions, 'model'> {
  model: SessionModel
}

/** The draft of a session for as long as its composer is shown. */
export function useDraft({model, cache, onTooLong}: DraftOptions): Draft {
  const draft = useMemo(() => createSessionDraft({model, cache, onTooLong}), [model, cache, onTooLong])
  const text = useStore(draft.text)
  const isLive = useStore(model.view).status.kind === 'live'
  useEffect(() => draft.begin(), [draft])
  // The draft saves what the user has typed without a connection as soon as there is one.
  useEffect(() => void draft.lineChanged(isLive), [draft, isLive])
  useEffect(() => {
    const {flush} = draft
    document.addEventListener('visibilitychange', flush)
    model.beforeLeave = flush
    return () => {
      document.removeEventListener('visibilitychange', flush)
      // The terminal is shown in its place, and the session stays open.
      flush()
    }
  }, [draft, model])
  return useMemo(() => ({...draft, text}), [draft, text])
}
