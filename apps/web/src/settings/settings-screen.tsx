import {formatClock} from '@holdfast/session-view'
import {useState} from 'react'

import {useApp} from '../app-context.ts'
import {NotificationSetting} from '../notifications/notification-setting.tsx'
import {Icon} from '../ui/icon.tsx'
import {useNow} from '../ui/line-status.tsx'
import {shortcuts} from '../ui/shortcut-list.ts'
import '../ui/form.css'

/** What this device is to the server, and the keys of the page. */
export function SettingsScreen() {
  const {device, isReadOnly, notifier, unpair} = useApp()
  const now = useNow(false)
  const [problem, setProblem] = useState<string>()
  const leave = () =>
    void unpair().catch(() =>
      setProblem('The server could not do it, or cannot be reached: this device is still paired.'),
    )
  return (
    <section className="form" aria-labelledby="settings-title">
      <div className="form-head">
        <a className="button quiet square back" href="#/" aria-label="All sessions">
          <Icon name="back" />
        </a>
        <h1 id="settings-title">This device</h1>
      </div>
      <p>
        {device === undefined ? 'The server has no name for this device' : `Paired as “${device.name}”`}
        {isReadOnly ? ', read-only: it sees everything, and types nothing.' : '.'}
      </p>
      {device?.expiresAt !== undefined && (
        <p className="muted">The pairing ends {formatClock(device.expiresAt, now)}.</p>
      )}
      <p className="muted">
        This device keeps the end of the last sessions, so that the page shows them without a connection.
      </p>
      <div>
        <button type="button" className="button danger" onClick={leave}>
          Unpair, and forget all sessions
        </button>
      </div>
      <p role="alert" className="problem">
        {problem}
      </p>
      <NotificationSetting notifier={notifier} />
      <h2>Keys</h2>
      <dl className="keys">
        {shortcuts.map(({name, key, what}) => (
          <div key={name} className="keys-row">
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
        <div className="keys-row">
          <dt>
            <kbd>Shift Enter</kbd>
          </dt>
          <dd>begins a new line of the prompt; Enter sends it, Ctrl Enter sends it before all others</dd>
        </div>
      </dl>
    </section>
  )
}
