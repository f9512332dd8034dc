import {createDraftStore, createTypedTextGuard} from '@holdfast/client/typing'
import {useCallback, useEffect, useMemo, useRef, useState} from 'react'

import type {PageCache} from '../cache/page-cache.ts'
import {joinUnsaved} from '../cache/unsaved-drafts.ts'
import type {SessionModel} from '../session/open-session.ts'
import {useStore} from '../store.ts'

export interface Draft {
  text: string
  /** The condition under which the text is no secret. */
  hiddenAt(): number | undefined
  /** The user has typed. */
  type(text: string): void
  /** Removes a text that was sent. Keeps what the user has typed behind it meanwhile. */
  sent(text: string): void
}

export interface DraftOptions {
  model: SessionModel
  /** Keeps what is typed while the session cannot be told. */
  cache: Pick<PageCache, 'keepUnsaved' | 'readUnsaved'>
  onTooLong: () => void
}

/** The half-typed prompt of a session, which the host keeps for the next client. */
export function useDraft({model, cache, onTooLong}: DraftOptions): Draft {
  const {id} = model
  const [text, setText] = useState(() => cache.readUnsaved(id)?.text ?? '')
  const isTouched = useRef(false)
  const typed = useRef(text)
  const parts = useMemo(
    () => ({
      drafts: createDraftStore(() => model.session(), {onTooLong}),
      guard: createTypedTextGuard({session: () => model.session(), snapshot: () => () => {}}),
    }),
    [model, onTooLong],
  )
  const keepUnsaved = useCallback(() => {
    const kept = cache.readUnsaved(id)
    const before = kept?.before ?? model.session()?.state.draft ?? ''
    if (isTouched.current) cache.keepUnsaved(id, typed.current === '' ? undefined : {text: typed.current, before})
  }, [cache, id, model])
  const type = useCallback(
    (next: string) => {
      isTouched.current = true
      typed.current = next
      setText(next)
      parts.guard.typed(next)
      parts.drafts.changed(next, parts.guard.hiddenAt)
      if (!isToldAtOnce(model)) keepUnsaved()
    },
    [parts, model, keepUnsaved],
  )
  useEffect(() => {
    void model.opened.then(({state}) => {
      const kept = cache.readUnsaved(id)
      if (kept !== undefined) return type(joinUnsaved({...kept, text: typed.current}, state.draft))
      if (isTouched.current) return
      typed.current = state.draft
      setText(state.draft)
    })
  }, [model, cache, id, type])
  // What was typed without a line is saved as soon as there is one.
  const isLive = useStore(model.view).status.kind === 'live'
  useEffect(() => {
    if (!isLive) return keepUnsaved()
    const save = async () => {
      await model.opened
      await parts.drafts.flush()
      if (isToldAtOnce(model)) cache.keepUnsaved(id, undefined)
    }
    void save()
  }, [isLive, model, parts, cache, id, keepUnsaved])
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
  const sent = useCallback((taken: string) => type(withoutSent(typed.current, taken)), [type])
  const hiddenAt = useCallback(() => parts.guard.hiddenAt, [parts])
  return useMemo(() => ({text, type, sent, hiddenAt}), [text, type, sent, hiddenAt])
}

function isToldAtOnce(model: SessionModel): boolean {
  return model.session()?.status.kind === 'live'
}

/** What is left to send of a text that was changed while a part of it was sent. Pure. */
export function withoutSent(text: string, sent: string): string {
  return text.startsWith(sent) ? text.slice(sent.length) : text
}
