import type {ClientSession} from '@holdfast/client'
import {createDraftStore, createTypedTextGuard} from '@holdfast/client/typing'

import type {PageCache} from '../cache/page-cache.ts'
import {joinUnsaved, type UnsavedDraft} from '../cache/unsaved-drafts.ts'
import type {SessionModel} from '../session/open-session.ts'
import {createStore, type Readable} from '../store.ts'
import {programInput} from './target.ts'

/** The half-typed prompt of a session, which the host keeps for the next client. */
export interface SessionDraft {
  readonly text: Readable<string>
  /** The condition under which the text is no secret. */
  hiddenAt(): number | undefined
  /** The user has typed. */
  type(text: string): void
  /** Removes a text that was sent. Keeps what the user has typed behind it meanwhile. */
  sent(text: string): void
  /** Goes on with the draft of the session when that opens. Returns the end of it. */
  begin(): () => void
  /** The line is there, or is lost. */
  lineChanged(isLive: boolean): Promise<void>
  flush(): void
}

export interface SessionDraftOptions {
  model: Pick<SessionModel, 'id' | 'session' | 'opened'>
  /** Keeps what is typed while the session cannot be told. */
  cache: Pick<PageCache, 'keepUnsaved' | 'readUnsaved'>
  onTooLong: () => void
}

export function createSessionDraft({model, cache, onTooLong}: SessionDraftOptions): SessionDraft {
  const {id} = model
  const kept = cache.readUnsaved(id)
  const shown = createStore(kept?.text ?? '')
  let isTouched = false
  /** Of a text that was begun before this page had opened the session: what was known then. */
  let begun: Pick<UnsavedDraft, 'hiddenAt'> | undefined = kept
  /** Nobody can tell whether the text was typed for the program that runs: it is not saved with the session. */
  let isWithheld = false
  /** The host has not stored the text: it may be a secret, and is kept nowhere. */
  let isRefused = false
  /** The last text that the host has answered for. */
  let answered: string | undefined

  const isLive = () => model.session()?.status.kind === 'live'
  const guard = createTypedTextGuard({session: () => model.session(), snapshot: () => () => {}})
  const hiddenAt = () => (begun ?? guard).hiddenAt
  const keep = () => {
    if (!isTouched) return
    const text = shown.value
    const before = cache.readUnsaved(id)?.before ?? model.session()?.state.draft ?? ''
    cache.keepUnsaved(id, text === '' || isRefused ? undefined : {text, before, hiddenAt: hiddenAt()})
  }
  /** The host has the text, or has refused it: this device keeps it no longer. */
  const forgetAnswered = () => {
    if (isTouched && shown.value === answered) cache.keepUnsaved(id, undefined)
  }
  const setDraft = async (session: ClientSession, text: string, options?: {hiddenAt?: number}) => {
    const answer = await session.setDraft(text, options)
    answered = text
    if (text === shown.value) isRefused = !answer.stored
    forgetAnswered()
    return answer
  }
  const current = () => {
    const session = model.session()
    if (session === undefined) return undefined
    return {
      status: session.status,
      setDraft: (text: string, options?: {hiddenAt?: number}) => setDraft(session, text, options),
    }
  }
  const drafts = createDraftStore(current, {onTooLong})

  const type = (text: string) => {
    isTouched = true
    shown.set(text)
    if (text === '') {
      begun = undefined
      isWithheld = false
      isRefused = false
    } else if (model.session() === undefined) begun ??= {hiddenAt: undefined}
    guard.typed(text)
    if (model.session() !== undefined && !isWithheld) drafts.changed(text, hiddenAt())
    // What this device keeps is the newest, until the host has answered for it.
    if (!isLive() || cache.readUnsaved(id) !== undefined) keep()
  }
  const goOn = ({state}: ClientSession) => {
    const text = shown.value
    if (text === '') {
      answered = state.draft
      return shown.set(state.draft)
    }
    isWithheld = hiddenAt() === undefined && programInput({state, activity: undefined}) !== undefined
    type(joinUnsaved({text, before: cache.readUnsaved(id)?.before ?? ''}, state.draft))
  }

  return {
    text: shown,
    hiddenAt,
    type,
    sent: (taken) => type(withoutSent(shown.value, taken)),
    begin() {
      let hasEnded = false
      void model.opened.then((session) => hasEnded || goOn(session))
      return () => void (hasEnded = true)
    },
    async lineChanged(isNowLive) {
      if (!isNowLive) return keep()
      await model.opened
      await drafts.flush()
      forgetAnswered()
    },
    flush: () => void drafts.flush(),
  }
}

/**
 * Removes a text that was sent from the draft. While it was sent, the user may have typed on behind it, and the draft of another device may have
 * been put before it. Pure.
 */
export function withoutSent(text: string, sent: string): string {
  if (text.startsWith(sent)) return text.slice(sent.length)
  return text.endsWith(`\n${sent}`) ? text.slice(0, -sent.length - 1) : text
}
