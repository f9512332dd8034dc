import type {SessionSummary} from '@holdfast/protocol'
import {formatAge, formatTags, orderSessions, shownState, waitingBadge} from '@holdfast/session-view'
import {memo, useMemo, useState} from 'react'

import {useApp} from '../app-context.ts'
import {NotificationOffer} from '../notifications/notification-setting.tsx'
import {sessionHref} from '../route.ts'
import {useStore} from '../store.ts'
import {Icon} from '../ui/icon.tsx'
import {LineStatus, useNow} from '../ui/line-status.tsx'
import './sessions.css'

/** More sessions are behind a button: nobody reads so many. */
const fewRows = 100

/** All sessions: those that wait for the user first. */
export function SessionList({shownId}: {shownId: string | undefined}) {
  const {link, notifier, isReadOnly} = useApp()
  const sessions = useStore(link.sessions)
  const [query, setQuery] = useState('')
  const [isWhole, setIsWhole] = useState(false)
  const ordered = useMemo(() => orderSessions(sessions?.values() ?? []), [sessions])
  const words = query.toLowerCase().split(/\s+/)
  const found = ordered.filter((session) => words.every((word) => textOf(session).includes(word)))
  const shown = isWhole ? found : found.slice(0, fewRows)
  return (
    <nav className="sessions" aria-label="Sessions">
      <header className="bar">
        <h1 className="bar-title">Sessions</h1>
        <a className="button quiet square" href="#/search" aria-label="Search in all sessions" title="Search">
          <Icon name="search" />
        </a>
        <a className="button quiet square" href="#/settings" aria-label="This device" title="This device">
          <Icon name="settings" />
        </a>
        {!isReadOnly && (
          <a className="button primary square" href="#/new" aria-label="New session" title="New session">
            <Icon name="plus" />
          </a>
        )}
      </header>
      <div className="sessions-find">
        <input
          type="search"
          className="field"
          placeholder="Filter by title, folder, tag"
          aria-label="Filter sessions"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      <Rows sessions={shown} shownId={shownId} />
      {sessions !== undefined && found.length === 0 && (
        <p className="sessions-none muted">{query === '' ? 'No sessions yet.' : 'No session matches.'}</p>
      )}
      {found.length > shown.length && (
        <button type="button" className="more sessions-more" onClick={() => setIsWhole(true)}>
          Show {found.length - shown.length} more
        </button>
      )}
      <NotificationOffer notifier={notifier} />
      <footer className="sessions-foot">
        <LineStatus />
      </footer>
    </nav>
  )
}

function Rows({sessions, shownId}: {sessions: readonly SessionSummary[]; shownId: string | undefined}) {
  const now = useNow(true)
  return (
    <ul className="sessions-rows">
      {sessions.map((session) => (
        <li key={session.id}>
          <SessionRow
            session={session}
            age={session.updated_at === 0 ? '' : formatAge(now - session.updated_at)}
            isShown={session.id === shownId}
          />
        </li>
      ))}
    </ul>
  )
}

interface SessionRowProps {
  session: SessionSummary
  age: string
  isShown: boolean
}

const SessionRow = memo(function SessionRow({session, age, isShown}: SessionRowProps) {
  const {id, title, state, waits_for, agent, cwd, tags, before_restart, machine} = session
  const waits = state === 'closed' ? undefined : waits_for
  const shown = shownState(session)
  const words = before_restart === true ? 'before the restart' : shown
  return (
    <a
      className="session-row"
      href={sessionHref(id)}
      aria-current={isShown ? 'page' : undefined}
      data-state={shown}
      data-waits={waits !== undefined}
    >
      <span className="session-dot" aria-hidden="true" />
      <span className="session-title">{title}</span>
      {waits !== undefined && <span className="badge">{waitingBadge(waits)}</span>}
      <span className="session-age">{age.replace(' ago', '')}</span>
      <span className="session-facts">
        <span>{agent === 'shell' ? words : `${agent} · ${words}`}</span>
        {machine !== undefined && <span>{machine}</span>}
        <span className="session-cwd">{cwd}</span>
        {tags !== undefined && tags.length > 0 && <span className="session-tags">{formatTags(tags)}</span>}
      </span>
    </a>
  )
})

function textOf(session: SessionSummary): string {
  const {title, cwd, agent, tags, machine = ''} = session
  return [title, cwd, agent, shownState(session), machine, formatTags(tags)].join(' ').toLowerCase()
}
