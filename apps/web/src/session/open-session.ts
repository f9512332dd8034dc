import {readEvent, type ClientSession, type LoggedEvent, type SessionStatus} from '@holdfast/client'
import type {Activity, SessionState} from '@holdfast/protocol'

import {createStore, type Readable} from '../store.ts'
import type {GatewayLink} from '../gateway/create-gateway-link.ts'
import {createTranscript, type TranscriptView} from '../transcript/create-transcript.ts'

/** What the page knows of an open session, beside its transcript. */
export interface SessionView {
  /** `undefined` until the gateway has answered. */
  state: SessionState | undefined
  status: SessionStatus
  activity: Activity | undefined
  /** Why it cannot be opened, if so. */
  problem: string | undefined
}

/** A session that the page shows. */
export interface SessionModel {
  readonly id: string
  readonly view: Readable<SessionView>
  readonly transcript: Readable<TranscriptView>
  /** `undefined` until it is open. */
  session(): ClientSession | undefined
  /** Reads a page of older events. Does nothing while one is being read. */
  loadOlder(): Promise<void>
  leave(): void
}

/** Events that are asked for first. */
const firstEvents = 400
/** Events of a page of older ones. */
const pageEvents = 1000
/** How often the page is drawn while it is hidden, ms: a browser draws no frames then. */
const hiddenMs = 1000

export function openSession({client}: Pick<GatewayLink, 'client'>, id: string): SessionModel {
  const view = createStore<SessionView>({
    state: undefined,
    status: {kind: 'starting'},
    activity: undefined,
    problem: undefined,
  })
  const transcript = createTranscript()
  const shown = createStore<TranscriptView>(transcript.view())
  let session: ClientSession | undefined
  let hasLeft = false
  let isLoading = false
  let next: Partial<SessionView> = {}
  let isScheduled = false

  const draw = () => {
    isScheduled = false
    if (hasLeft) return
    shown.set(transcript.view())
    if (Object.keys(next).length > 0) view.set({...view.value, ...next})
    next = {}
  }
  /** Once for a frame: a flood has thousands of events a second. */
  const schedule = () => {
    if (isScheduled) return
    isScheduled = true
    if (document.visibilityState === 'hidden') setTimeout(draw, hiddenMs)
    else requestAnimationFrame(draw)
  }
  const change = (changes: Partial<SessionView>) => {
    Object.assign(next, changes)
    schedule()
  }

  const open = async () => {
    try {
      const opened = await client.openSession(id, {
        afterSeq: -firstEvents,
        onEvent(event, _wire, state) {
          transcript.add(event, state.info)
          change({state})
        },
        onStatus: (status) => change({status}),
        onActivity: (activity) => change({activity}),
        onState: (state) => change({state}),
      })
      if (hasLeft) return void opened.leave()
      session = opened
      change({state: opened.state, status: opened.status, activity: opened.activity})
    } catch (error) {
      change({problem: error instanceof Error ? error.message : String(error)})
    }
  }
  void open()

  return {
    id,
    view,
    transcript: shown,
    session: () => session,
    async loadOlder() {
      const before = transcript.firstSeq
      if (isLoading || before === undefined || before <= 1) return
      isLoading = true
      try {
        const page = await client.request('session.events', {session_id: id, before_seq: before, limit: pageEvents})
        const events = page.events.flatMap((wire): LoggedEvent[] => {
          const event = readEvent(wire, () => undefined)
          return event !== undefined && 'seq' in event && event.seq < before ? [event] : []
        })
        if (!hasLeft) transcript.prepend(events)
        schedule()
      } finally {
        isLoading = false
      }
    },
    leave() {
      hasLeft = true
      void session?.leave()
    },
  }
}
