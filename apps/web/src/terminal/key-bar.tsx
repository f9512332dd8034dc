import {useEffect, useRef, type ReactElement} from 'react'

import {barKeys, type HeldModifiers} from './bar-keys.ts'

export interface KeyBarProps {
  held: HeldModifiers
  onHold: (held: HeldModifiers) => void
  /** A key by its name. */
  onPress: (name: string) => void
  /** The terminal shows its text, to select and copy: a finger selects nothing in a terminal. */
  isTextShown: boolean
  onText: () => void
}

/** How long a key is held until it repeats, and how often it then does, ms. */
const repeatAfterMs = 400
const repeatEveryMs = 60

/** The keys that on-screen keyboards lack. They leave the focus where it is, so the on-screen keyboard stays open. */
export function KeyBar({held, onHold, onPress, isTextShown, onText}: KeyBarProps): ReactElement {
  const modifier = (name: keyof HeldModifiers, label: string) => (
    <button
      type="button"
      aria-pressed={held[name]}
      onPointerDown={keepFocus}
      onClick={() => onHold({...held, [name]: !held[name]})}
    >
      {label}
    </button>
  )
  const [escape, tab, ...others] = barKeys.map((key) => <RepeatingKey key={key.name} {...key} onPress={onPress} />)
  return (
    <div className="key-bar" role="toolbar" aria-label="Keys">
      {escape}
      {tab}
      {modifier('ctrl', 'Ctrl')}
      {modifier('alt', 'Alt')}
      {others}
      <button type="button" aria-pressed={isTextShown} aria-label="Show as text" onClick={onText}>
        Text
      </button>
    </div>
  )
}

interface RepeatingKeyProps {
  name: string
  label: string
  spoken: string
  onPress: (name: string) => void
}

function RepeatingKey({name, label, spoken, onPress}: RepeatingKeyProps): ReactElement {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const press = useRef(onPress)
  press.current = onPress
  const release = () => clearTimeout(timer.current)
  useEffect(() => () => clearTimeout(timer.current), [])
  const repeatIn = (ms: number) => {
    timer.current = setTimeout(() => {
      press.current(name)
      repeatIn(repeatEveryMs)
    }, ms)
  }
  return (
    <button
      type="button"
      aria-label={spoken}
      onPointerDown={(event) => {
        keepFocus(event)
        release()
        press.current(name)
        repeatIn(repeatAfterMs)
      }}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      // By a keyboard or a screen reader; a pointer has pressed it already.
      onClick={({detail}) => detail === 0 && press.current(name)}
      onContextMenu={(event) => event.preventDefault()}
    >
      {label}
    </button>
  )
}

function keepFocus(event: {preventDefault(): void}): void {
  event.preventDefault()
}
