import {lazy, Suspense, useEffect, useState} from 'react'

import {useApp} from '../app-context.ts'
import {Transcript} from '../blocks/transcript.tsx'
import {Composer} from '../composer/composer.tsx'
import {Questions} from '../questions/questions.tsx'
import {openSession, type SessionModel} from '../session/open-session.ts'
import {useStore} from '../store.ts'
import type {FoundLine} from '../transcript/find-block.ts'
import {ErrorBoundary} from '../ui/error-boundary.tsx'
import {titleShown} from '../ui/page-title.ts'
import {focusForTyping} from '../ui/typing-focus.ts'
import {SessionHeader} from './session-header.tsx'
import {useSessionTitle} from './use-session-title.ts'
import './session-screen.css'

const TerminalView = lazy(async () => ({default: (await import('../terminal/terminal-view.tsx')).TerminalView}))

export interface SessionScreenProps {
  id: string
  /** Its terminal is shown in place of its transcript. */
  isTerminal: boolean
  /** A line that a search has found: its transcript begins there. */
  found?: FoundLine | undefined
}

export function SessionScreen({id, isTerminal, found}: SessionScreenProps) {
  const {link, cache} = useApp()
  const [model, setModel] = useState<SessionModel>()
  useEffect(() => {
    const opened = openSession({link, cache}, id)
    setModel(opened)
    return opened.leave
  }, [link, cache, id])
  if (model === undefined) return null
  return <OpenedSession model={model} isTerminal={isTerminal} found={found} />
}

function OpenedSession({model, isTerminal, found}: Omit<SessionScreenProps, 'id'> & {model: SessionModel}) {
  const {state, status, problem, isMissing} = useStore(model.view)
  const title = useSessionTitle(model)
  useEffect(() => {
    titleShown(title)
    return () => titleShown(undefined)
  }, [title])
  // What had the focus is gone, such as the form of a new session or the terminal, or it is the link that leaves the terminal.
  useEffect(() => {
    const focused = document.activeElement
    if (!isTerminal && (focused === document.body || focused?.closest('.session-bar') != null)) focusForTyping()
  }, [isTerminal])
  const isClosed = state?.closed != null || status.kind === 'ended'
  const trouble =
    problem ?? ('reason' in status && status.kind !== 'ended' && status.kind !== 'gave-up' ? status.reason : undefined)
  return (
    <section className="session" aria-label={title ?? 'Session'}>
      <SessionHeader model={model} isTerminal={isTerminal} />
      {trouble !== undefined && (
        <p role="alert" className="session-trouble">
          {trouble}
          {(problem !== undefined || status.kind === 'detached') && (
            <button type="button" className="link-button" onClick={model.retry}>
              Try again
            </button>
          )}
        </p>
      )}
      {isTerminal && !isMissing ? (
        <ErrorBoundary>
          <Suspense fallback={<p className="empty" aria-busy="true" />}>
            <TerminalView model={model} />
          </Suspense>
        </ErrorBoundary>
      ) : (
        <>
          <Transcript model={model} found={found} />
          {!isMissing && (
            <div className="session-foot">
              <Questions model={model} />
              {isClosed ? (
                <p className="note session-closed">This session is closed: its log stays.</p>
              ) : (
                <Composer model={model} />
              )}
            </div>
          )}
        </>
      )}
    </section>
  )
}
