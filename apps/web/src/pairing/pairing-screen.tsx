import {useId, useState, type FormEvent} from 'react'

import {pair, type Device} from '../gateway/access.ts'
import {deviceNameOf} from './device-name.ts'
import '../ui/form.css'
import './pairing.css'

export interface PairingScreenProps {
  /** From the address. */
  code: string | undefined
  /** This browser was paired until now. */
  wasPaired: boolean
  onPaired: (device: Device | undefined) => void
}

/** Asks for the one-time code of `holdfast pair` and for the name under which this device is listed. */
export function PairingScreen({code: codeOfAddress, wasPaired, onPaired}: PairingScreenProps) {
  const [code, setCode] = useState(codeOfAddress ?? '')
  const [name, setName] = useState(() => deviceNameOf(navigator.userAgent))
  const [problem, setProblem] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)
  const [codeId, nameId, problemId] = [useId(), useId(), useId()]

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setIsBusy(true)
    setProblem(undefined)
    const outcome = await pair(code.trim(), name.trim())
    if (outcome.kind === 'paired') return onPaired(outcome.device)
    setProblem(outcome.why)
    setIsBusy(false)
  }

  return (
    <main className="pairing">
      <form className="pairing-card" onSubmit={(event) => void submit(event)} aria-describedby={problemId}>
        <img src="/icon.svg" alt="" width="48" height="48" />
        <h1>{wasPaired ? 'This device is no longer paired' : 'Pair this device'}</h1>
        <p className="muted">
          {wasPaired
            ? 'Its pairing has expired or was revoked. To pair it again, run '
            : 'On the machine with your sessions, run '}
          <code>holdfast pair</code>
          {codeOfAddress === undefined ? ' and type the code here.' : '. The code is filled in.'}
        </p>
        <label htmlFor={codeId}>Code</label>
        <input
          id={codeId}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          autoComplete="one-time-code"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          required
          maxLength={200}
          autoFocus={codeOfAddress === undefined}
          className="field mono"
        />
        <label htmlFor={nameId}>Name of this device</label>
        <input
          id={nameId}
          className="field"
          value={name}
          onChange={(event) => setName(event.target.value)}
          required
          maxLength={40}
        />
        <p id={problemId} role="alert" className="problem">
          {problem}
        </p>
        <button type="submit" className="button primary" disabled={isBusy} autoFocus={codeOfAddress !== undefined}>
          {isBusy ? 'Pairing …' : 'Pair'}
        </button>
      </form>
    </main>
  )
}
