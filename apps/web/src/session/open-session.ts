import {isRpcError, type ClientSession, type LoggedEvent, type SessionStatus} from '@holdfast/client'
import {errorCodes, type Activity, type SessionState, type Viewers} from '@holdfast/protocol'

import type {PageCache} from '../cache/page-cache.ts'
import type {GatewayLink} from '../gateway/create-gateway-link.ts'
import {createStore, type Readable} from '../store.ts'
import {createTranscript, type TranscriptView} from '../transcript/create-transcript.ts'
import {cachedSession, eventsOfCache} from './cached-session.ts'
import {readEvents} from './session-events.ts'

/** What the page knows of an open session, beside its transcript. */
export interface SessionView {
  /** `undefined` until it is known, from the gateway or from this device. */
  state: SessionState | undefined
  status: SessionStatus
  activity: Activity | undefined
  /** Who else looks, and the size of the terminal. */
  viewers: Viewers | undefined
  /** Whether the gateway has opened the session. Until then, the page shows what this device has saved. */
  isOpen: boolean
  /** Why it cannot be opened, if so. */
  problem: string | undefined
  /** The gateway knows no such session. */
  isMissing: boolean
}

/** A session that the page shows. */
export interface SessionModel {
  readonly id: string
  readonly view: Readable<SessionView>
  readonly transcript: Readable<TranscriptView>
  /** `undefined` until it is open. */
  session(): ClientSession | undefined
  /** Resolves when it is open. Never rejects. */
  readonly opened: Promise<ClientSession>
  /** Tries again what has failed: to open the session, or to follow it. */
  retry(): void
  /** Called at the end, while the session can still be told something. */
  beforeLeave: (() => void) | undefined
  /** Scrolls the transcript to its end; the composer calls it when it has sent something. `undefined`: no transcript is shown. */
  toLatest: (() => void) | undefined
  /** Reads a page of older events. Does nothing while one is being read, and where that is not possible now. */
  loadOlder(): Promise<void>
  /** Reads the events back to one, if it is not too far. Resolves with whether that is there now. For when it is open, or has ended. */
  reach(seq: number): Promise<boolean>
  /** Resolves when the log has a prompt, which may be one of the last, or not there yet. Never rejects. For when it is open. */
  promptArrived(promptId: string): Promise<void>
  /** Reads the events after one. Rejects where the log cannot be read. */
  readAfter(seq: number): Promise<readonly LoggedEvent[]>
  leave(): void
}

export interface OpenSessionOptions {
  link: Pick<GatewayLink, 'client'>
  cache: PageCache
}

/** Events that are asked for first: a few screens of most transcripts. */
const firstEvents = 150
/** Events of a page of older ones. */
const pageEvents = 1000
/** Prompts among which one is looked for that has got no answer. */
const latestPrompts = 50
/** Further back than this is not read at once, events. */
const maxReach = 20_000
/** More events than this that are new since the last visit are not read one after the other: the page begins at the end. */
const maxMissed = 2000
/** How often the page is drawn while it is hidden, ms: a browser draws no frames then. */
const hiddenMs = 1000
/** How often what is shown is saved on this device, ms. */
const saveMs = 5000

/** Sessions that the client is opening: it opens each once at a time, also one that the user has left meanwhile. */
const openings = new Map<string, Promise<unknown>>()

export function openSession({link: {client}, cache}: OpenSessionOptions, id: string): SessionModel {
  const view = createStore<SessionView>({
    state: undefined,
    status: {kind: 'starting'},
    activity: undefined,
    viewers: undefined,
    isOpen: false,
    problem: undefined,
    isMissing: false,
  })
  const transcript = createTranscript()
  const shown = createStore<TranscriptView>(transcript.view())
  const opened = Promise.withResolvers<ClientSession>()
  let session: ClientSession | undefined
  let hasLeft = false
  let isLoading = false
  /** Looks for the prompt that the composer waits for. */
  let watchPrompts: ((event: LoggedEvent) => void) | undefined
  let next: Partial<SessionView> = {}
  let isScheduled = false
  let saveTimer: ReturnType<typeof setTimeout> | undefined

  const save = () => {
    clearTimeout(saveTimer)
    saveTimer = undefined
    const {state, isOpen} = view.value
    if (state !== undefined && isOpen) void cache.writeSession(cachedSession(transcript.events, state, Date.now()))
  }
  const draw = () => {
    isScheduled = false
    if (hasLeft) return
    shown.set(transcript.view())
    if (Object.keys(next).length > 0) view.set({...view.value, ...next})
    next = {}
    saveTimer ??= setTimeout(save, saveMs)
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

  /** Shows what this device has. Returns the seq to continue after. */
  const beginWithCache = async (): Promise<number> => {
    const cached = await cache.readSession(id)
    const events = cached === undefined ? undefined : eventsOfCache(cached)
    if (cached === undefined || events === undefined || hasLeft) return -firstEvents
    for (const event of events) transcript.add(event, cached.state.info)
    change({state: cached.state})
    const {seq: lastSeq, at} = events.at(-1)!
    const place = {session_id: id, after_seq: lastSeq - 1, limit: 1}
    const {events: found, latestSeq} = await readEvents(client, place)
    // A machine of a fleet may show events before it ships them. If another machine takes the session over without them, the log has
    // other events with the same seq, or none. Like the host, the page tells them apart by their time.
    if (found[0]?.at === at && latestSeq - lastSeq <= maxMissed) return lastSeq
    transcript.clear()
    return -firstEvents
  }
  const open = async () => {
    try {
      const afterSeq = await beginWithCache()
      await openings.get(id)
      if (hasLeft) return
      const opening = client.openSession(id, {
        afterSeq,
        onEvent(event, _wire, state) {
          watchPrompts?.(event)
          transcript.add(event, state.info)
          const isOther = event.type === 'message.start' || event.type === 'message.complete'
          change({state, ...(isOther && {activity: session?.activity})})
        },
        onStatus: (status) => change({status}),
        onActivity(activity) {
          // The connection may be lost, but the program runs on, and reads what it has read.
          if (activity !== undefined) change({activity})
        },
        onViewers: (viewers) => change({viewers}),
        onState: (state) => change({state}),
      })
      openings.set(
        id,
        opening.catch(() => {}).finally(() => openings.delete(id)),
      )
      const found = await opening
      if (hasLeft) return void found.leave()
      session = found
      change({state: found.state, status: found.status, activity: found.activity, viewers: found.viewers, isOpen: true})
      opened.resolve(found)
    } catch (error) {
      if (isRpcError(error) && error.code === errorCodes.sessionClosed) return await showClosed()
      const isMissing = isRpcError(error) && error.code === errorCodes.sessionNotFound
      if (isMissing) void cache.forget(id)
      change({problem: error instanceof Error ? error.message : String(error), isMissing})
    }
  }
  /** Only the log of a closed session is left. */
  const showClosed = async () => {
    transcript.clear()
    const info = await firstInfo()
    const {events} = await readEvents(client, {session_id: id, before_seq: Number.MAX_SAFE_INTEGER, limit: firstEvents})
    for (const event of events) transcript.add(event, info)
    change({status: {kind: 'ended', reason: 'closed'}, state: closedState(id, info)})
  }
  const firstInfo = async () => {
    const types = ['session.info']
    const {events} = await readEvents(client, {session_id: id, before_seq: Number.MAX_SAFE_INTEGER, limit: 1, types})
    const last = events.findLast((event) => event.type === 'session.info')
    return last?.payload ?? {title: id, agent: 'shell', cwd: '', created_at: 0}
  }
  const begin = () => void open().catch((error: unknown) => change({problem: String(error)}))
  begin()

  const onHide = () => {
    if (document.visibilityState === 'hidden') save()
  }
  document.addEventListener('visibilitychange', onHide)

  const model: SessionModel = {
    id,
    view,
    transcript: shown,
    opened: opened.promise,
    session: () => session,
    retry() {
      change({problem: undefined, isMissing: false})
      if (session !== undefined) return void session.retry()
      transcript.clear()
      begin()
    },
    beforeLeave: undefined,
    toLatest: undefined,
    async loadOlder() {
      const before = transcript.firstSeq
      if (isLoading || before === undefined || before <= 1 || client.status.kind !== 'live') return
      isLoading = true
      try {
        const {events} = await readEvents(client, {session_id: id, before_seq: before, limit: pageEvents})
        // The transcript may have been replaced by the end of the session, which these events do not precede.
        if (hasLeft || transcript.firstSeq !== before) return
        transcript.prepend(events.filter(({seq}) => seq < before))
        schedule()
      } catch {
        // The connection is lost: scrolling tries again.
      } finally {
        isLoading = false
      }
    },
    async reach(seq) {
      const pages: LoggedEvent[][] = []
      const from = transcript.firstSeq
      if (from === undefined) return false
      let before = from
      const least = before - maxReach
      // Meanwhile, scrolling reads nothing.
      isLoading = true
      try {
        while (before > Math.max(seq, least, 1) && !hasLeft) {
          const {events} = await readEvents(client, {session_id: id, before_seq: before, limit: pageEvents})
          const older = events.filter((event) => event.seq < before)
          if (older.length === 0) break
          pages.unshift(older)
          before = older[0]!.seq
        }
      } catch {
        // The connection is lost: what was read is shown.
      } finally {
        isLoading = false
      }
      const first = transcript.firstSeq
      // Meanwhile the end of the session has replaced the transcript: between these older events and its beginning, some would be missing.
      if (first === undefined || first > from) return false
      transcript.prepend(pages.flat().filter((event) => event.seq < first))
      schedule()
      return before <= seq
    },
    promptArrived(promptId) {
      const {promise, resolve} = Promise.withResolvers<void>()
      const take = (event: LoggedEvent) => {
        if (event.type === 'prompt.queued' && event.payload.prompt_id === promptId) resolve()
      }
      // Watches before it reads: a prompt that the host commits meanwhile is then found in one of the two.
      watchPrompts = take
      const types = ['prompt.queued']
      const place = {before_seq: Number.MAX_SAFE_INTEGER, limit: latestPrompts}
      readEvents(client, {session_id: id, ...place, types}).then(
        ({events}) => events.forEach(take),
        () => {},
      )
      return promise
    },
    readAfter: async (seq) => (await readEvents(client, {session_id: id, after_seq: seq})).events,
    leave() {
      save()
      model.beforeLeave?.()
      hasLeft = true
      document.removeEventListener('visibilitychange', onHide)
      void session?.leave()
    },
  }
  return model
}

function closedState(id: string, info: SessionState['info']): SessionState {
  return {
    session_id: id,
    info,
    updated_at: info.created_at,
    running: null,
    queue: [],
    held: null,
    draft: '',
    approvals: [],
    closed: {reason: 'closed'},
  }
}
