import type {ShownLog} from '@holdfast/event-log'
import {
  encodeOutput,
  errorCodes,
  maxHostPeers,
  maxPeerRequestBytes,
  maxPeerRequests,
  type Output,
  type Params,
  protocolVersion,
  refusal,
  serveMethods,
  summarizeSession,
} from '@holdfast/protocol'
import {createConnection, RpcError, type HandlerContext, type Transport} from '@holdfast/rpc'
import {graces} from '@holdfast/supervisor'

import type {Session} from '../session/session.ts'
import {answerWhenReplicated, type AnsweringOptions} from './answer-when-replicated.ts'
import {createAttachedPeers} from './attached-peers.ts'
import {programHandlers} from './program-handlers.ts'
import {promptHandlers} from './prompt-handlers.ts'
import {createSummaryWatchers} from './summary-watchers.ts'
import {createViewers, noteTyping} from './viewers.ts'
import {createWatcher, type Watcher} from './watcher.ts'

export interface SessionServerOptions {
  sessionId: string
  /** The program's version, for the greeting. */
  version: string
  /** The session, once it was created, and what clients see of its log. */
  current: () => ServedSession | undefined
  /** Creates the session; called only while there is none. */
  create: (params: Params<'session.create'>, by?: string) => void | Promise<void>
  /** Holds answers back that must wait for the cluster. @default none waits */
  replicated?: AnsweringOptions | undefined
  /** The session was closed, and the peer that closed it has its response. */
  onClosed: () => void
  /** The last peer has disconnected. @default nothing */
  onAllLeft?: () => void
}

export interface ServedSession {
  session: Session
  log: ShownLog
  /** In a fleet: what peers of other machines see of it. They outlive this one: so only what the cluster has. */
  shared?: {log: ShownLog; /** Resolves once that has an event. */ begun(): Promise<void>} | undefined
}

export interface SessionServer {
  /** Serves one peer until it disconnects; refuses one beyond `maxHostPeers`. `isElsewhere`: it is on another machine of the fleet. */
  serve(transport: Transport, how?: {isElsewhere?: boolean}): void
  /** Whether a peer receives the session's events that may also use the session. */
  readonly isWatched: boolean
  readonly hasPeers: boolean
  /** Sends new events of the log to the watching peers. */
  wake(): void
  /** Reports to the watching peers that events cannot be saved. */
  notifyNotSaved(): void
  /** Reports to the watching peers what the running program does. */
  notifyActivity(): void
  /** Reports to the watching peers, and to those that come, what the shell prints for its prompt. */
  setPrompt(printed: Uint8Array): void
  /** Closes the connections to all peers, once each has what waits for it, or at a deadline. */
  close(): Promise<void>
}

/** Serves one session to any number of peers. All of them see all events, and all may act. */
export function createSessionServer(options: SessionServerOptions): SessionServer {
  const {sessionId, version, current, create, replicated, onClosed, onAllLeft} = options
  const watchers = new Map<HandlerContext['peer'], Watcher>()

  const peers = new Set<HandlerContext['peer']>()
  const elsewhere = new WeakSet<HandlerContext['peer']>()

  const attached = createAttachedPeers(
    sessionId,
    () => current()?.session.attachments,
    () => viewers.note(),
  )
  const viewers = createViewers({
    sessionId,
    session: () => current()?.session,
    attached: () => attached.peer,
  })
  const {by} = viewers

  const open = (id: string) => {
    const opened = current()
    if (id !== sessionId || opened === undefined) {
      throw new RpcError(errorCodes.sessionNotFound, `Expected session ${sessionId}, got \`${id}\``)
    }
    return opened
  }

  const notifyNotSaved = (peer: HandlerContext['peer']) => {
    const payload = saveProblem(current()?.session.saveError) ?? replicated?.replication()?.problem
    if (payload === undefined) return
    peer.notify('event', {type: 'session.not-saved', session_id: sessionId, payload})
  }

  const notifyActivity = (peer: HandlerContext['peer']) => {
    const activity = current()?.session.activity
    if (activity !== undefined) {
      peer.notify('event', {type: 'session.activity', session_id: sessionId, payload: activity})
    }
  }

  const summaries = createSummaryWatchers(() => {
    const opened = current()
    if (opened === undefined) return undefined
    const {session, log} = opened
    const state = log.state()
    return state && summarizeSession(state, {activity: session.activity, latestSeq: log.latestSeq})
  })

  let prompt: Output | undefined
  const notifyPrompt = (peer: HandlerContext['peer']) => {
    if (prompt !== undefined) peer.notify('event', {type: 'session.prompt', session_id: sessionId, payload: prompt})
  }

  const served = noteTyping(
    viewers,
    serveMethods<HandlerContext>(
      {
        'gateway.ping': () => ({}),

        'session.create': async (params, {peer}) => {
          // A peer that repeats the request did not get the first response.
          if (current() === undefined) await create(params, by(peer))
          return {session_id: sessionId}
        },

        'session.resume': async ({session_id, after_seq, after_at, cols, rows}, {peer, responded}) => {
          const {session, shared, ...whole} = open(session_id)
          if (elsewhere.has(peer)) await shared?.begun()
          // It may be gone by now.
          if (!peers.has(peer)) throw new RpcError(errorCodes.notAllowed, 'The client is gone')
          const log = shared !== undefined && elsewhere.has(peer) ? shared.log : whole.log
          const state = log.state()
          if (state === undefined) throw new RpcError(errorCodes.notReplicated, notSharedYet)
          const latestSeq = log.latestSeq
          if (shared !== undefined && after_at !== undefined) requireSameEvent(log, after_seq, after_at)
          const afterSeq = after_seq < 0 ? Math.max(0, latestSeq + after_seq) : Math.min(after_seq, latestSeq)
          watchers.get(peer)?.stop()
          const watcher = createWatcher(log, peer, afterSeq)
          watchers.set(peer, watcher)
          viewers.came(peer, {cols, rows}, responded)
          // The response comes first: the events continue from the state in it.
          void responded.then(() => {
            watcher.wake()
            notifyNotSaved(peer)
            notifyActivity(peer)
            notifyPrompt(peer)
            attached.resume(peer)
          })
          return {state, latest_seq: latestSeq, hidden_at: session.typedText.hiddenAt}
        },

        'session.summary': ({session_id, watch = false}, {peer}) => {
          if (current() !== undefined || session_id !== sessionId) open(session_id)
          const summary = watch ? summaries.add(peer) : summaries.now()
          return summary === undefined ? {} : {summary}
        },

        'session.leave': ({session_id, is_behind = false}, {peer}) => {
          open(session_id)
          watchers.get(peer)?.stop()
          watchers.delete(peer)
          if (is_behind) attached.stop(peer)
          else {
            viewers.left(peer)
            attached.remove(peer)
          }
          return {}
        },

        ...programHandlers(open, attached, viewers),

        'session.history-file': async ({session_id}) => (await open(session_id).session.historyFile?.()) ?? {},

        'session.title': ({session_id, title}, {peer}) => ({title: open(session_id).session.rename(title, by(peer))}),

        'session.tag': ({session_id, ...changes}, {peer}) => ({
          tags: open(session_id).session.tag(changes, by(peer)),
        }),

        'session.mark': ({session_id, name}, {peer}) => open(session_id).session.mark(name, by(peer)),

        'session.interrupt': ({session_id, prompt_id}, {peer}) => ({
          interrupted: open(session_id).session.interrupt(prompt_id, by(peer)),
        }),

        'session.close': async ({session_id}, {peer, responded}) => {
          const {session} = open(session_id)
          void Promise.all([session.closed, responded]).then(onClosed)
          return {closed: await session.close('user', by(peer))}
        },

        ...promptHandlers(open, by),

        'agent.set': async ({session_id, setting}, {peer}) => {
          await open(session_id).session.agent.set(setting, by(peer))
          return {}
        },
        'agent.policy': ({session_id, policy}, {peer}) => {
          open(session_id).session.agent.setPolicy(policy, by(peer))
          return {}
        },
        'agent.restart': ({session_id, fresh = false}, {peer}) => {
          open(session_id).session.agent.restart({isFresh: fresh}, by(peer))
          return {}
        },
        'agent.login': ({session_id, method_id}, {peer}) => {
          open(session_id).session.agent.login(method_id, by(peer))
          return {}
        },
      },
      (code, message) => new RpcError(code, message),
    ),
  )
  const handlers = replicated === undefined ? served : answerWhenReplicated(served, replicated)

  return {
    serve(transport, {isElsewhere = false} = {}) {
      if (peers.size >= maxHostPeers) {
        const message = `too many clients have this session open: the limit is ${maxHostPeers}`
        transport.write(refusal(message))
        return void transport.close(message)
      }
      const peer: HandlerContext['peer'] = createConnection(transport, {
        handlers: {...handlers, 'client.hello': (params, context) => viewers.meet(context.peer, params)},
        maxServed: maxPeerRequests,
        maxServedLength: maxPeerRequestBytes,
      })
      peers.add(peer)
      if (isElsewhere) elsewhere.add(peer)
      viewers.add(peer)
      void peer.closed.then(() => {
        peers.delete(peer)
        watchers.get(peer)?.stop()
        watchers.delete(peer)
        summaries.remove(peer)
        attached.remove(peer)
        viewers.remove(peer)
        if (peers.size === 0) onAllLeft?.()
      })
      peer.notify('event', {type: 'gateway.ready', payload: {protocol: protocolVersion, version}})
    },
    notifyNotSaved() {
      for (const peer of watchers.keys()) notifyNotSaved(peer)
    },
    notifyActivity() {
      summaries.look()
      for (const peer of watchers.keys()) notifyActivity(peer)
    },
    setPrompt(printed) {
      prompt = encodeOutput(printed)
      for (const peer of watchers.keys()) notifyPrompt(peer)
    },
    get isWatched() {
      return viewers.isUsed
    },
    get hasPeers() {
      return peers.size > 0
    },
    wake() {
      summaries.look()
      for (const watcher of watchers.values()) watcher.wake()
    },
    async close() {
      const deadlineMs = graces.host.drainMs
      await Promise.all([...peers].map((peer) => peer.close('the host ends', {deadlineMs})))
    },
  }
}

/** Throws where the client has seen another event in the place of one: those after it would not fit to what it has seen. */
function requireSameEvent(log: ShownLog, seq: number, at: number): void {
  const [found] = log.readEncoded({afterSeq: seq - 1, limit: 1})
  if (found?.event.at === at) return
  throw new RpcError(
    errorCodes.otherEvents,
    `Session ${log.sessionId} goes on without event ${seq}, which a machine has shown and not sent to its fleet: open the session again. \`holdfast fleet unshipped\` on that machine has the event`,
  )
}

const notSharedYet = 'The session is new, and its cluster does not have it yet: try again'

function saveProblem(error: Session['saveError']): {code: number; message: string} | undefined {
  if (error === undefined) return undefined
  return {code: error.wireCode, message: `Events are not saved yet; the host keeps trying: ${error.message}`}
}
