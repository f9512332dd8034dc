import type {ClientSession} from '@holdfast/client'
import {useCallback, useEffect, useRef, useState} from 'react'

import {useApp} from '../app-context.ts'
import {goTo, sessionHref} from '../route.ts'
import {useStore} from '../store.ts'
import type {SessionModel} from '../session/open-session.ts'
import {isTouch} from '../ui/typing-focus.ts'
import {attachTerminal} from './attach-terminal.ts'
import {encodeBarKey, isOneCharacter, modifyTyped, noModifiers, type HeldModifiers} from './bar-keys.ts'
import {describeEnd} from './describe-end.ts'
import {KeyBar} from './key-bar.tsx'
import type {ShownTerminal, TerminalEnd} from './shown-terminal.ts'
import {watchTerminal} from './watch-terminal.ts'

import '@xterm/xterm/css/xterm.css'
import './terminal.css'

/** px */
const fontSizes = {mouse: 14, touch: 12}

/** The terminal of the running program. */
export function TerminalView({model}: {model: SessionModel}) {
  const {status, state} = useStore(model.view)
  const isClosed = state?.closed != null || status.kind === 'ended'
  const [lastEnd, setEnd] = useState<TerminalEnd>()
  // A closed session may never have been open on this page.
  const end: TerminalEnd | undefined = lastEnd ?? (isClosed ? {how: 'program-ended'} : undefined)
  const [attempt, setAttempt] = useState(0)
  const onEnd = useCallback(
    (next: TerminalEnd) => {
      // Detached by the user: back to the transcript.
      if (next.how === 'detached') goTo({kind: 'session', id: model.id, isTerminal: false})
      else setEnd(next)
    },
    [model.id],
  )
  if (end !== undefined) {
    const attachAgain = () => {
      setEnd(undefined)
      setAttempt(attempt + 1)
    }
    const isRunning = state?.running != null
    return (
      <EndedTerminal end={end} transcript={sessionHref(model.id)} onAttachAgain={isRunning ? attachAgain : undefined} />
    )
  }
  const session = model.session()
  if (session === undefined) return <p className="empty" aria-busy="true" />
  return <LiveTerminal key={attempt} session={session} isConnected={status.kind === 'live'} onEnd={onEnd} />
}

interface EndedTerminalProps {
  end: TerminalEnd
  /** The address of the transcript. */
  transcript: string
  /** `undefined`: nothing runs. */
  onAttachAgain: (() => void) | undefined
}

/** Why there is no terminal, and the ways on. */
function EndedTerminal({end, transcript, onAttachAgain}: EndedTerminalProps) {
  const back = useRef<HTMLAnchorElement>(null)
  // The terminal that had the focus is gone.
  useEffect(() => back.current?.focus(), [])
  return (
    <div className="empty">
      <div>
        <p role="status">{describeEnd(end)}</p>
        <div className="terminal-ways-on">
          <a className="button primary" ref={back} href={transcript}>
            Transcript
          </a>
          {onAttachAgain !== undefined && (
            <button type="button" className="button" onClick={onAttachAgain}>
              Attach again
            </button>
          )}
        </div>
      </div>
    </div>
  )
}

interface LiveTerminalProps {
  session: ClientSession
  /** What is typed arrives. */
  isConnected: boolean
  onEnd: (end: TerminalEnd) => void
}

function LiveTerminal({session, isConnected, onEnd}: LiveTerminalProps) {
  const {isReadOnly, link} = useApp()
  const place = useRef<HTMLDivElement>(null)
  const attached = useRef<ShownTerminal>(undefined)
  const [title, setTitle] = useState('')
  const [text, setText] = useState<string>()
  const [isReadAloud, setIsReadAloud] = useState(false)
  const [held, setHeld] = useState(noModifiers)
  const heldNow = useRef(held)
  const hold = useCallback((next: HeldModifiers) => {
    heldNow.current = next
    setHeld(next)
  }, [])

  useEffect(() => {
    const fontSize = isTouch() ? fontSizes.touch : fontSizes.mouse
    const options = {parent: place.current!, fontSize, onTitle: setTitle, onEnd}
    const onTyped = (typed: string) => {
      if (!isOneCharacter(typed)) return typed
      const modified = modifyTyped(typed, heldNow.current)
      hold(noModifiers)
      return modified
    }
    const opened = isReadOnly
      ? watchTerminal(link.client, session.id, options)
      : attachTerminal(session, {...options, onTyped})
    attached.current = opened
    if (!isTouch()) opened.terminal.focus()
    return opened.dispose
  }, [session, isReadOnly, link, hold, onEnd])
  useEffect(() => attached.current?.terminal.setScreenReader(isReadAloud), [isReadAloud])

  const press = (name: string) => {
    const {terminal} = attached.current!
    const sequence = encodeBarKey(name, heldNow.current, {applicationCursor: terminal.hasApplicationCursor})
    hold(noModifiers)
    terminal.press(sequence)
  }
  const toggleText = () => setText(text === undefined ? attached.current?.terminal.readText() : undefined)
  return (
    <div className="terminal-view" data-connected={isConnected}>
      <div className="terminal-bar">
        <span className="terminal-title">{title}</span>
        {isReadOnly && <span className="tag">read only</span>}
        {!isConnected && <span className="tag">not connected: keys are lost</span>}
        <button
          type="button"
          className="button quiet terminal-read-aloud"
          aria-pressed={isReadAloud}
          onClick={() => setIsReadAloud(!isReadAloud)}
        >
          Read aloud
        </button>
      </div>
      <div className="terminal-screen">
        <div className="terminal-place mono" ref={place} />
        {text !== undefined && (
          <pre className="terminal-text" tabIndex={0} role="region" aria-label="What the terminal shows">
            {text}
          </pre>
        )}
      </div>
      {!isReadOnly && (
        <KeyBar held={held} onHold={hold} onPress={press} isTextShown={text !== undefined} onText={toggleText} />
      )}
    </div>
  )
}
