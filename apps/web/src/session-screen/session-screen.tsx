import {lazy, Suspense, useEffect, useState} from 'react'

import {useApp} from '../app-context.ts'
import {routeHref} from '../route.ts'
import {useStore} from '../store.ts'
import {Composer} from '../composer/composer.tsx'
import {Transcript} from '../blocks/transcript.tsx'
import {openSession, type SessionModel} from '../session/open-session.ts'

const TerminalView = lazy(async () => ({default: (await import('../terminal/terminal-view.tsx')).TerminalView}))

export interface SessionScreenProps {
  id: string
  /** Its terminal is shown in place of its transcript. */
  isTerminal: boolean
}

export function SessionScreen({id, isTerminal}: SessionScreenProps) {
  const {link} = useApp()
  const [model, setModel] = useState<SessionModel>()
  useEffect(() => {
    const opened = openSession(link, id)
    setModel(opened)
    return opened.leave
  }, [link, id])
  if (model === undefined) return null
  return <OpenedSession model={model} isTerminal={isTerminal} />
}

function OpenedSession({model, isTerminal}: {model: SessionModel; isTerminal: boolean}) {
  const view = useStore(model.view)
  return (
    <section className="session" aria-label={view.state?.info.title}>
      <header className="bar">
        <a className="back" href="#/" aria-label="All sessions">
          ‹
        </a>
        <h1 className="bar-title">{view.state?.info.title}</h1>
        <a className="button" href={routeHref({kind: 'session', id: model.id, isTerminal: !isTerminal})}>
          {isTerminal ? 'Detach' : 'Attach'}
        </a>
      </header>
      {view.problem !== undefined && <p role="alert">{view.problem}</p>}
      {isTerminal ? (
        <Suspense fallback={<p className="empty" aria-busy="true" />}>
          <TerminalView model={model} />
        </Suspense>
      ) : (
        <>
          <Transcript model={model} />
          <Composer model={model} />
        </>
      )}
    </section>
  )
}
