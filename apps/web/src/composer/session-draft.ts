import type {ClientSession} from '@holdfast/client'
import {createDraftStore, createTypedTextGuard} from '@holdfast/client/typing'

import type {PageCache} from '../cache/page-cache.ts'
import {joinUnsaved, type UnsavedDraft} from '../cache/unsaved-drafts.ts'
import type {SessionModel} from '../session/open-session.ts'
import {createStore, type Readable} from '../store.ts'
import {createPromptIds, type UnsurePrompt} from './prompt-ids.ts'
import type {Sent} from './send.ts'
import {programInput} from './target.ts'

/** The half-typed prompt of a session, which the host keeps for the next client. */
export interface SessionDraft {
  readonly text: Readable<string>
  /** The condition under which the text is no secret. */
  hiddenAt(): number | undefined
  /** The user has typed. */
  type(text: string): void
  /**
   * The text is being sent as a prompt, under the returned id. This device keeps both until there is an answer: a text that is sent
   * again without one, also by another page, has the same id, and runs once.
   */
  sending(text: string): string
  /** What became of that prompt. */
  settled(text: string, promptId: string, how: Sent): void
  /** Removes a text that was sent. Keeps what the user has typed behind it meanwhile. */
  sent(text: string): void
  /** Goes on with the draft of the session when that opens. Returns the end of it. */
  begin(): () => void
  /** The connection is there, or is lost. */
  lineChanged(isLive: boolean): Promise<void>
  flush(): void
}

export interface SessionDraftOptions {
  model: Pick<SessionModel, 'id' | 'session' | 'opened' | 'promptArrived'>
  /** Keeps what is typed while it cannot be sent to the host. */
  cache: Pick<PageCache, 'keepUnsaved' | 'readUnsaved'>
  onTooLong: () => void
}

export function createSessionDraft({model, cache, onTooLong}: SessionDraftOptions): SessionDraft {
  const {id} = model
  const kept = cache.readUnsaved(id)
  const shown = createStore(kept?.text ?? '')
  /** An earlier composer has sent the text and got no answer. The host may have the prompt, or get it yet. */
  const inherited = unsureOf(kept)
  const promptIds = createPromptIds({unsure: inherited})
  /** Resolves when the prompt that is being sent has its answer. Until then, its text stays in the field. */
  let sendingEnded = Promise.withResolvers<void>()
  sendingEnded.resolve()
  let isTouched = false
  /** The composer of this draft is gone. */
  let hasEnded = false
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
    const promptId = promptIds.unsure?.text === text ? promptIds.unsure.promptId : undefined
    cache.keepUnsaved(id, text === '' || isRefused ? undefined : {text, before, hiddenAt: hiddenAt(), promptId})
  }
  /** The host has the text, or has refused it: this device keeps it no longer. */
  const forgetAnswered = () => {
    const isUnsure = promptIds.unsure?.text === shown.value
    if (isTouched && !isUnsure && shown.value === answered) cache.keepUnsaved(id, undefined)
  }
  /** This composer is gone, and the next one of the session has kept another text, which a late answer must not remove. */
  const isTakenOver = () => hasEnded && ![undefined, shown.value].includes(cache.readUnsaved(id)?.text)
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

  const show = (text: string) => {
    isTouched = true
    shown.set(text)
    if (text === '') {
      begun = undefined
      isWithheld = false
      isRefused = false
    } else if (model.session() === undefined) begun ??= {hiddenAt: undefined}
    guard.typed(text)
  }
  const change = (text: string) => {
    show(text)
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
    const joined = joinUnsaved({text, before: cache.readUnsaved(id)?.before ?? ''}, state.draft)
    // Stored as a draft, it could stay there when its prompt has run.
    if (joined === inherited?.text) show(joined)
    else change(joined)
    if (inherited === undefined) return
    void model
      .promptArrived(inherited.promptId)
      .then(() => sendingEnded.promise)
      .then(() => dropInherited(inherited))
  }
  const settled = (text: string, promptId: string, how: Sent) => {
    promptIds.settled(text, promptId, how)
    sendingEnded.resolve()
    if (isTakenOver()) return
    if (cache.readUnsaved(id) !== undefined) keep()
    forgetAnswered()
  }
  const sent = (taken: string) => {
    if (!isTakenOver()) change(withoutSent(shown.value, taken))
  }
  /** The session has the prompt that an earlier composer has sent: its text is no draft any more. */
  const dropInherited = ({text, promptId}: UnsurePrompt) => {
    if (hasEnded || promptIds.unsure?.promptId !== promptId) return
    settled(text, promptId, {kind: 'sent'})
    // A text that the user has typed on since is a change of it, and stays whole.
    if (shown.value === text || shown.value.endsWith(`\n${text}`)) sent(text)
  }

  return {
    text: shown,
    hiddenAt,
    type(text) {
      // What may be a secret is gone with the text before.
      if (isOther(shown.value, text)) show('')
      change(text)
    },
    sending(text) {
      isTouched = true
      const promptId = promptIds.idOf(text)
      sendingEnded = Promise.withResolvers()
      keep()
      return promptId
    },
    settled,
    sent,
    begin() {
      let isOver = (hasEnded = false)
      void model.opened.then((session) => isOver || goOn(session))
      return () => void (isOver = hasEnded = true)
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

function unsureOf(kept: UnsavedDraft | undefined): UnsurePrompt | undefined {
  return kept?.promptId === undefined ? undefined : {text: kept.text, promptId: kept.promptId}
}

/** Whether an edit has left nothing of a text: what one edit keeps is at the beginning or at the end. Pure. */
function isOther(before: string, text: string): boolean {
  return before !== '' && before[0] !== text[0] && before.at(-1) !== text.at(-1)
}

/**
 * Removes a text that was sent from the draft. While it was sent, the user may have typed on behind it, and the draft of another device may have
 * been put before it. Pure.
 */
export function withoutSent(text: string, sent: string): string {
  if (text.startsWith(sent)) return text.slice(sent.length)
  return text.endsWith(`\n${sent}`) ? text.slice(0, -sent.length - 1) : text
}
