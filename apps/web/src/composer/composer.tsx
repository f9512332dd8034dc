import type {ClientSession} from '@holdfast/client'
import {agentAtWork} from '@holdfast/session-view'
import {useCallback, useEffect, useLayoutEffect, useRef, useState, type FormEvent, type KeyboardEvent} from 'react'

import {useApp} from '../app-context.ts'
import {routeHref} from '../route.ts'
import type {SessionModel, SessionView} from '../session/open-session.ts'
import {useStore} from '../store.ts'
import {Icon} from '../ui/icon.tsx'
import {isTouch} from '../ui/typing-focus.ts'
import {waitForConnection, isAway, type WaitingText} from './wait-for-connection.ts'
import {Queue} from './queue.tsx'
import {sendInput, sendPrompt} from './send.ts'
import {withoutSent} from './session-draft.ts'
import {programInput, targetOf} from './target.ts'
import {useDraft} from './use-draft.ts'
import './composer.css'

/** Where prompts, and answers for a running program, are typed; above it, what waits. */
export function Composer({model}: {model: SessionModel}) {
  const {isReadOnly, cache} = useApp()
  const view = useStore(model.view)
  const {state, activity, isOpen} = view
  const [notice, setNotice] = useState<string>()
  const [wantsPrompt, setWantsPrompt] = useState(false)
  const [isSending, setIsSending] = useState(false)
  const onTooLong = useCallback(() => setNotice('The draft is too long to be saved: send it, or keep it elsewhere'), [])
  const draft = useDraft({model, cache, onTooLong})
  const [secret, setSecret] = useState('')
  const field = useRef<HTMLInputElement | HTMLTextAreaElement>(null)
  const hasFocus = useRef(false)
  const takeField = useCallback((element: HTMLInputElement | HTMLTextAreaElement | null) => {
    field.current = element
    // It takes the place of one that had the focus.
    if (hasFocus.current) element?.focus()
  }, [])
  const waitingText = useRef<WaitingText>(undefined)

  const input = programInput({state, activity})
  const target = targetOf({state, activity, wantsPrompt})
  const isAgentAtWork = state !== undefined && agentAtWork(state) !== undefined
  const running = state?.running ?? undefined
  const isSecret = target === 'secret'
  const text = isSecret ? secret : draft.text
  const canType = isOpen && !isReadOnly

  useLayoutEffect(() => {
    const element = field.current
    if (!(element instanceof HTMLTextAreaElement)) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight + 2}px`
  })

  useEffect(() => () => waitingText.current?.letGo(), [])
  // The session may have the text by now: an earlier composer has sent it.
  useEffect(() => {
    if (text === '') waitingText.current?.withdraw()
  }, [text])

  const send = async (isNow = false) => {
    if (isSending || (target === 'prompt' && text.trim() === '')) return
    setIsSending(true)
    const waiting = isAway(view) ? `It is sent ${whenBack(view)}. To keep it here, change it` : undefined
    setNotice(waiting)
    if (waiting !== undefined) {
      waitingText.current = waitForConnection(model)
      if (!(await waitingText.current.isToBeSent)) {
        setIsSending(false)
        return setNotice((now) => (now === waiting ? undefined : now))
      }
    }
    const session = await model.opened
    const result = target === 'prompt' ? await submitPrompt(session, isNow) : await answer(session)
    setIsSending(false)
    // The notice may be that of "Stop" by now.
    setNotice((now) => result.why ?? (now === waiting ? undefined : now))
    if (result.kind === 'sent' || result.isSecret) {
      if (isSecret) setSecret((now) => withoutSent(now, text))
      else draft.sent(text)
      model.toLatest?.()
    }
    field.current?.focus()
  }
  const submitPrompt = async (session: ClientSession, isNow: boolean) => {
    const promptId = draft.sending(text)
    // What the page shows counts: if it shows that nothing reads, the host refuses the prompt where a program does.
    const readsNothing = input === undefined || input === 'none'
    const result = await sendPrompt(session, {promptId, text, hiddenAt: draft.hiddenAt(), readsNothing, isNow})
    draft.settled(text, promptId, result)
    return result
  }
  const answer = (session: ClientSession) => sendInput(session, {text, isSecret, promptId: running?.prompt_id})
  const typeSecret = (next: string) => {
    waitingText.current?.withdraw()
    setSecret(next)
  }
  const type = (next: string) => {
    waitingText.current?.withdraw()
    draft.type(next)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void send()
  }
  const press = (event: KeyboardEvent) => {
    // Enter that ends the choice of a character, as in Japanese, is no Enter. A touch screen has no other key for a new line.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || isTouch()) return
    event.preventDefault()
    void send(event.ctrlKey || event.metaKey)
  }
  /** While the connection is lost the request waits, and by the time it arrives another command may run. */
  const stop = (promptId: string) => {
    const waiting = isAway(view) ? `It is stopped ${whenBack(view)}, if it still runs then` : undefined
    setNotice(waiting)
    const nothing = 'Nothing was stopped: nothing was running any more'
    void model
      .session()
      ?.interrupt({promptId})
      .then((isDone) => setNotice((now) => (isDone ? (now === waiting ? undefined : now) : nothing)))
      .catch((error: unknown) => setNotice(String(error)))
  }

  return (
    <div className="composer">
      {state !== undefined && state.queue.length > 0 && (
        <Queue
          model={model}
          state={state}
          onEdit={(edited) => type(joinDraft(draft.text, edited))}
          setNotice={setNotice}
        />
      )}
      <p role="status" className="composer-notice">
        {notice ?? (isSending && isAway(view) ? unanswered : hintOf({target, input, isAgentAtWork, wantsPrompt}))}
      </p>
      {(input === 'line' || input === 'key') && (
        <button type="button" className="link-button composer-switch" onClick={() => setWantsPrompt(!wantsPrompt)}>
          {wantsPrompt ? 'Answer the program' : 'Queue a command instead'}
        </button>
      )}
      {input === 'terminal' && (
        <a className="composer-switch" href={routeHref({kind: 'session', id: model.id, isTerminal: true})}>
          The program wants the whole terminal: attach
        </a>
      )}
      <form
        className="composer-form"
        data-target={target}
        onSubmit={submit}
        onFocus={() => (hasFocus.current = true)}
        onBlur={() => (hasFocus.current = false)}
      >
        {isSecret ? (
          <input
            type="password"
            ref={takeField}
            className="composer-field"
            aria-label="Hidden answer for the program"
            placeholder="Not shown, not kept"
            autoComplete="off"
            value={secret}
            onChange={(event) => typeSecret(event.target.value)}
            disabled={!canType}
            data-shortcut="compose"
          />
        ) : (
          <textarea
            ref={takeField}
            className="composer-field"
            rows={1}
            value={text}
            onChange={(event) => type(event.target.value)}
            onKeyDown={press}
            aria-label={target === 'program' ? 'Answer for the program' : 'Prompt'}
            placeholder={placeholderOf({isReadOnly, isOpen, target, agent: state?.info.agent})}
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={state?.info.agent !== undefined && state.info.agent !== 'shell'}
            enterKeyHint={isTouch() ? 'enter' : 'send'}
            disabled={isReadOnly}
            data-shortcut="compose"
          />
        )}
        {running !== undefined && (
          <button
            type="button"
            className="button square stop"
            onClick={() => stop(running.prompt_id)}
            disabled={!canType}
            aria-label={isAgentAtWork ? 'Stop the agent' : 'Interrupt the command'}
          >
            <Icon name="stop" />
          </button>
        )}
        <button
          type="submit"
          className="button primary square"
          disabled={isReadOnly || isSending}
          aria-label={sendLabel(target, running !== undefined)}
        >
          <Icon name="send" />
        </button>
      </form>
    </div>
  )
}

const unanswered = 'The connection was lost before there was an answer: it is sent again by itself, and runs once.'

function whenBack({isOpen}: SessionView): string {
  return `as soon as the ${isOpen ? 'connection is back' : 'session is open'}`
}

function joinDraft(before: string, added: string): string {
  return before.trim() === '' ? added : `${before}\n${added}`
}

function sendLabel(target: string, isRunning: boolean): string {
  if (target === 'prompt') return isRunning ? 'Queue' : 'Send'
  return 'Send to the program'
}

interface PlaceholderFacts {
  isReadOnly: boolean
  isOpen: boolean
  target: string
  agent: string | undefined
}

function placeholderOf({isReadOnly, isOpen, target, agent}: PlaceholderFacts): string {
  if (isReadOnly) return 'This device is read-only'
  if (!isOpen) return 'Not connected yet'
  if (target === 'program') return 'Answer the program'
  return agent === undefined || agent === 'shell' ? 'Type a command' : `Ask ${agent}`
}

interface HintFacts {
  target: string
  input: string | undefined
  isAgentAtWork: boolean
  wantsPrompt: boolean
}

/** Whom the typed line is for, where that is not clear. */
function hintOf({target, input, isAgentAtWork, wantsPrompt}: HintFacts): string {
  if (target === 'secret') return 'The program asks for something that it does not show.'
  if (target === 'program') return input === 'key' ? 'The program reads keys.' : 'The program waits for an answer.'
  if (wantsPrompt && input !== undefined) return 'What you send waits as the next command.'
  if (isAgentAtWork) return 'What you send waits in the queue.'
  return ''
}
