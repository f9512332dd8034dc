import {formatTags, othersText} from '@holdfast/session-view'
import {useEffect, useRef, useState} from 'react'

import {useApp} from '../app-context.ts'
import {goTo, routeHref} from '../route.ts'
import type {SessionModel} from '../session/open-session.ts'
import {useStore} from '../store.ts'
import {Icon} from '../ui/icon.tsx'
import {LineStatus, useNow} from '../ui/line-status.tsx'
import {focusForTyping} from '../ui/typing-focus.ts'
import {CloseDialog} from './close-dialog.tsx'
import {closeSession} from './close-session.ts'
import {describeState} from './describe-state.ts'
import {RenameDialog} from './rename-dialog.tsx'
import {useSessionTitle} from './use-session-title.ts'

export interface SessionHeaderProps {
  model: SessionModel
  isTerminal: boolean
}

/** The title of a session, its state, the state of the line, and what can be done with the session. */
export function SessionHeader({model, isTerminal}: SessionHeaderProps) {
  const {link, isReadOnly} = useApp()
  const view = useStore(model.view)
  const line = useStore(link.line)
  const {state, viewers, isMissing} = view
  const now = useNow(state?.running != null)
  const {text, tone} = describeState(view, now)
  const [asks, setAsks] = useState<'rename' | 'close'>()
  const isUsable = state?.closed == null && !isMissing
  const info = state?.info
  const title = useSessionTitle(model)

  return (
    <header className="bar session-bar">
      <a className="button quiet square back" href="#/" aria-label="All sessions">
        <Icon name="back" />
      </a>
      <div className="session-heading">
        <h1 className="bar-title">{title ?? (isMissing ? 'No such session' : '…')}</h1>
        <p className="session-sub">
          <span className="state-text" data-tone={tone}>
            {text}
          </span>
          {info !== undefined && info.agent !== 'shell' && <span>{info.agent}</span>}
          {info !== undefined && <span className="session-folder">{info.cwd}</span>}
          {isUsable && viewers !== undefined && viewers.viewers.length > 0 && <span>{othersText(viewers)}</span>}
          {info?.tags !== undefined && info.tags.length > 0 && <span>{formatTags(info.tags)}</span>}
        </p>
      </div>
      <LineStatus />
      {isUsable && (
        <a className="button" href={routeHref({kind: 'session', id: model.id, isTerminal: !isTerminal})}>
          <Icon name={isTerminal ? 'text' : 'terminal'} />
          <span className="wide-only">{isTerminal ? 'Transcript' : 'Attach'}</span>
          <span className="visually-hidden narrow-only">{isTerminal ? 'Transcript' : 'Attach'}</span>
        </a>
      )}
      {isUsable && !isReadOnly && <Menu onChoose={setAsks} />}
      {asks === 'rename' && title !== undefined && (
        <RenameDialog
          title={title}
          onRename={(next) => link.client.request('session.title', {session_id: model.id, title: next})}
          onClose={() => setAsks(undefined)}
        />
      )}
      {asks === 'close' && (
        <CloseDialog
          title={title ?? ''}
          isRunning={state?.running != null}
          isConnected={line.kind === 'connected'}
          onConfirm={() => closeSession(link.client, model.id)}
          onClosed={() => goTo({kind: 'sessions'})}
          onClose={() => setAsks(undefined)}
        />
      )}
    </header>
  )
}

function Menu({onChoose}: {onChoose: (what: 'rename' | 'close') => void}) {
  const [isOpen, setIsOpen] = useState(false)
  const element = useRef<HTMLDivElement>(null)
  const more = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!isOpen) return
    const leave = (event: Event) => {
      const isInside = event.target instanceof Node && element.current?.contains(event.target) === true
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !isInside) setIsOpen(false)
    }
    document.addEventListener('pointerdown', leave)
    document.addEventListener('keydown', leave)
    return () => {
      document.removeEventListener('pointerdown', leave)
      document.removeEventListener('keydown', leave)
    }
  }, [isOpen])
  const choose = (what: 'rename' | 'close') => {
    setIsOpen(false)
    // The dialog gives the focus back to what has it now: the button that was chosen is gone by then.
    more.current?.focus()
    focusForTyping()
    onChoose(what)
  }
  return (
    <div className="menu" ref={element}>
      <button
        ref={more}
        type="button"
        className="button quiet square"
        aria-label="More"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon name="more" />
      </button>
      {isOpen && (
        <div className="menu-items">
          <button type="button" onClick={() => choose('rename')}>
            Rename
          </button>
          <button type="button" className="danger" onClick={() => choose('close')}>
            Close the session
          </button>
        </div>
      )}
    </div>
  )
}
