import {useStore} from '../store.ts'
import './notifications.css'
import type {Notifier, NotifierState} from './notifier.ts'

const explanations: Readonly<Record<NotifierState, string>> = {
  on: 'While this page is open in the background, this device tells you when an agent asks for permission, a program asks for a password, or a long run has ended.',
  possible: 'This device can tell you when a session waits for you, while this page is open in the background.',
  off: 'This device does not notify you.',
  refused: 'The browser does not let this page notify you. Allow it in the browser’s settings for this site.',
  insecure: 'Notifications need a page that came over https, or from this machine.',
  missing: 'This browser has no notifications for pages. On an iPhone or iPad, add the page to the home screen first.',
}

/** Turns the notifications of this device on and off. */
export function NotificationSetting({notifier}: {notifier: Notifier}) {
  const state = useStore(notifier.state)
  return (
    <section aria-labelledby="notifications">
      <h2 id="notifications">Notifications</h2>
      <p className="muted">{explanations[state]}</p>
      {state === 'on' && (
        <button type="button" className="button" onClick={notifier.turnOff}>
          Turn off
        </button>
      )}
      {(state === 'possible' || state === 'off') && (
        <button type="button" className="button" onClick={() => void notifier.turnOn()}>
          Turn on
        </button>
      )}
    </section>
  )
}

/** Offers notifications once: an answer is remembered. */
export function NotificationOffer({notifier}: {notifier: Notifier}) {
  const state = useStore(notifier.state)
  if (state !== 'possible') return null
  return (
    <div className="notification-offer" role="group" aria-label="Notifications">
      <span>Be told when a session waits for you?</span>
      <button type="button" className="button" onClick={() => void notifier.turnOn()}>
        Notify me
      </button>
      <button type="button" className="button quiet" onClick={notifier.turnOff}>
        No
      </button>
    </div>
  )
}
