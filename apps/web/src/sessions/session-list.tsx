import type {SessionSummary} from '@holdfast/protocol'
import {useState} from 'react'

import {useApp} from '../app-context.ts'
import {NotificationOffer} from '../notifications/notification-setting.tsx'
import {LineStatus, useNow} from '../ui/line-status.tsx'
import {sessionHref} from '../route.ts'
import {useStore} from '../store.ts'
import './sessions.css'

/** All sessions: those that wait for the user first. */
export function SessionList({shownId}: {shownId: string | undefined}) {
  const {link, notifier} = useApp()
  const sessions = useStore(link.sessions)
  const [query, setQuery] = useState('')
  const now = useNow(true)
  const ordered = [...(sessions?.values() ?? [])]
  return (
    <nav className="sessions" aria-label="Sessions">
      <header className="bar">
        <h1 className="bar-title">Sessions</h1>
        <a className="button" href="#/new" aria-label="New session">
          New
        </a>
      </header>
      <input
        type="search"
        className="sessions-filter"
        placeholder="Filter"
        aria-label="Filter sessions"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <ul className="sessions-rows">
        {ordered.map((session) => (
          <li key={session.id}>
            <SessionRow session={session} now={now} isShown={session.id === shownId} />
          </li>
        ))}
      </ul>
      <NotificationOffer notifier={notifier} />
      <footer className="sessions-foot">
        <LineStatus />
      </footer>
    </nav>
  )
}

function SessionRow({session, isShown}: {session: SessionSummary; now: number; isShown: boolean}) {
  return (
    <a className="session-row" href={sessionHref(session.id)} aria-current={isShown ? 'page' : undefined}>
      <span className="session-title">{session.title}</span>
      <span className="session-state">{session.waits_for ?? session.state}</span>
    </a>
  )
}
