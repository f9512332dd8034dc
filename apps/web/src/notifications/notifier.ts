import {keepPage} from '../offline/kept-page.ts'
import {goTo} from '../route.ts'
import {createStore, type Readable} from '../store.ts'
import {keepChoice, readChoice} from './choice.ts'
import type {Notice} from './plan-notices.ts'

/**
 * Whether this device notifies its user. `possible`: the user has not been asked. `off`: the user does not want it. `refused`: the
 * browser does not let the page. `insecure`: the page came without TLS. `missing`: the browser has no notifications.
 */
export type NotifierState = 'on' | 'possible' | 'off' | 'refused' | 'insecure' | 'missing'

/** The notifications of this device. They come from the page: there are none while it is closed. */
export interface Notifier {
  readonly state: Readable<NotifierState>
  /** Asks the browser for permission: call it only when the user has pressed a button. */
  turnOn(): Promise<void>
  turnOff(): void
  /** Does nothing unless they are on. */
  notify(notice: Notice): Promise<void>
}

export function createNotifier(): Notifier {
  const state = createStore<NotifierState>(readState())
  navigator.serviceWorker?.addEventListener('message', ({data}: MessageEvent<{sessionId?: unknown}>) => {
    if (typeof data.sessionId === 'string') goTo({kind: 'session', id: data.sessionId, isTerminal: false})
  })
  return {
    state,
    async turnOn() {
      const permission = await Notification.requestPermission()
      // Closed without an answer, the browser's question may come again.
      if (permission === 'granted') keepChoice('on')
      state.set(readState())
    },
    turnOff() {
      keepChoice('off')
      state.set(readState())
    },
    async notify({sessionId, title, text}) {
      if (state.value !== 'on') return
      // A later notice of the same session takes the place of the first.
      const options = {body: text, tag: sessionId, icon: '/icon.svg', data: {sessionId}}
      const registration = await registerWorker().catch(() => undefined)
      if (registration !== undefined) return registration.showNotification(title, options)
      new Notification(title, options).addEventListener('click', () => {
        window.focus()
        goTo({kind: 'session', id: sessionId, isTerminal: false})
      })
    },
  }
}

function readState(): NotifierState {
  if (!isSecureContext) return 'insecure'
  if (!('Notification' in window)) return 'missing'
  if (Notification.permission === 'denied') return 'refused'
  const choice = readChoice()
  if (choice === 'off') return 'off'
  return choice === 'on' && Notification.permission === 'granted' ? 'on' : 'possible'
}

/** Resolves with a worker that may show notifications; the first one has to be started. */
async function registerWorker(): Promise<ServiceWorkerRegistration | undefined> {
  const registration = await keepPage()
  const starting = registration?.installing ?? registration?.waiting
  if (starting == null || registration?.active !== null) return registration
  return new Promise((resolve) => {
    starting.addEventListener('statechange', () => {
      if (starting.state === 'activated') resolve(registration)
      if (starting.state === 'redundant') resolve(undefined)
    })
  })
}
