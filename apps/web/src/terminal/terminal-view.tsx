import type {ClientSession} from '@holdfast/client'
import {useCallback, useEffect, useRef, useState} from 'react'

import {useApp} from '../app-context.ts'
import {goTo} from '../route.ts'
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
  const {status} = useStore(model.view)
  const [end, setEnd] = useState<TerminalEnd>()
  const [attempt, setAttempt] = useState(0)
  const onEnd = useCallback(
    (next: TerminalEnd) => {
      // Detached by the user: back to the transcript.
      if (next.how === 'detached') goTo({kind: 'session', id: model.id, isTerminal: false})
      else setEnd(next)
    },
    [model.id],
  )
  const session = model.session()
  if (session === undefined) return <p className="empty" aria-busy="true" />
  if (end !== undefined) {
    const attachAgain = () => {
      setEnd(undefined)
      setAttempt(attempt + 1)
    }
    return (
      <div className="empty" role="status">
        <div>
          <p>{describeEnd(end)}</p>
          <button type="button" className="button" onClick={attachAgain}>
            Attach again
          </button>
        </div>
      </div>
    )
  }
  return (
    <LiveTerminal
      key={attempt}
      session={session}
      isConnected={status.kind === 'live'}
      onEnd={onEnd}
    />
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
