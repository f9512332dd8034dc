import type {EventLog} from '@holdfast/event-log'
import {
  decodeOutput,
  errorCodes,
  maxHostPeers,
  maxPeerRequestBytes,
  maxPeerRequests,
  protocolVersion,
  refusal,
  serveMethods,
  type Params,
} from '@holdfast/protocol'
import {createConnection, RpcError, type HandlerContext, type Transport} from '@holdfast/rpc'

import type {Session} from '../session/session.ts'
import {createAttachedPeers} from './attached-peers.ts'
import {createWatcher, type Watcher} from './watcher.ts'

export interface SessionServerOptions {
  sessionId: string
  /** The program's version, for the greeting. */
  version: string
  /** The session, once it was created. */
  current: () => {session: Session; log: EventLog} | undefined
  /** Creates the session; called only while there is none. */
  create: (params: Params<'session.create'>) => void
  /** The session was closed, and the peer that closed it has its response. */
  onClosed: () => void
}

export interface SessionServer {
  /** Serves one peer until it disconnects; refuses one beyond `maxHostPeers`. */
  serve(transport: Transport): void
  /** Whether a peer receives the session's events. */
  readonly isWatched: boolean
  /** Sends new events of the log to the watching peers. */
  wake(): void
  /** Reports to the watching peers that events cannot be saved. */
  notifyNotSaved(): void
  /** Reports to the watching peers what the running program does. */
  notifyActivity(): void
}

/** Serves one session to any number of peers. All of them see all events, and all may act. */
export function createSessionServer(options: SessionServerOptions): SessionServer {
  const {sessionId, version, current, create, onClosed} = options
  const watchers = new Map<HandlerContext['peer'], Watcher>()

  let peers = 0

  const attached = createAttachedPeers(sessionId, () => current()?.session.attachments)

  const open = (id: string) => {
    const opened = current()
    if (id !== sessionId || opened === undefined) {
      throw new RpcError(errorCodes.sessionNotFound, `Expected session ${sessionId}, got \`${id}\``)
    }
    return opened
  }

  const notifyNotSaved = (peer: HandlerContext['peer']) => {
    const error = current()?.session.saveError
    if (error === undefined) return
    const {wireCode: code} = error
    const message = `Events are not saved yet; the host keeps trying: ${error.message}`
    peer.notify('event', {type: 'session.not-saved', session_id: sessionId, payload: {code, message}})
  }

  const notifyActivity = (peer: HandlerContext['peer']) => {
    const activity = current()?.session.activity
    if (activity !== undefined) {
      peer.notify('event', {type: 'session.activity', session_id: sessionId, payload: activity})
    }
  }

  const handlers = serveMethods<HandlerContext>(
    {
      'gateway.ping': () => ({}),

      'session.create': (params) => {
        // A peer that repeats the request did not get the first response.
        if (current() === undefined) create(params)
        return {session_id: sessionId}
      },

      'session.resume': ({session_id, after_seq, cols, rows}, {peer, responded}) => {
        const {session, log} = open(session_id)
        if (cols !== undefined && rows !== undefined && !attached.isOther(peer)) session.resize({cols, rows})
        const latestSeq = log.latestSeq
        const afterSeq = after_seq < 0 ? Math.max(0, latestSeq + after_seq) : Math.min(after_seq, latestSeq)
        watchers.get(peer)?.stop()
        const watcher = createWatcher(log, peer, afterSeq)
        watchers.set(peer, watcher)
        // The response comes first: the events continue from the state in it.
        void responded.then(() => {
          watcher.wake()
          notifyNotSaved(peer)
          notifyActivity(peer)
          attached.resume(peer)
        })
        return {state: session.state, latest_seq: latestSeq}
      },

      'session.leave': ({session_id}, {peer}) => {
        open(session_id)
        watchers.get(peer)?.stop()
        watchers.delete(peer)
        attached.stop(peer)
        return {}
      },

      'session.input': async ({session_id, prompt_id, when, ...data}) => {
        const {session} = open(session_id)
        if (when !== undefined) return {not_typed: await session.inputWhen(when, decodeOutput(data), prompt_id)}
        session.input(decodeOutput(data), prompt_id)
        return {}
      },

      'session.resize': ({session_id, cols, rows}, {peer}) => {
        const {session} = open(session_id)
        // While a terminal is attached, the program has the size of that one.
        if (!attached.isOther(peer)) session.resize({cols, rows})
        return {}
      },

      'attach.start': (params, {peer}) => {
        open(params.session_id)
        return attached.start(peer, params)
      },

      'attach.end': ({session_id, attach_id}) => ({
        ended: open(session_id).session.attachments.end(attach_id, 'detached'),
      }),

      'session.title': ({session_id, title}) => ({title: open(session_id).session.rename(title)}),

      'session.interrupt': ({session_id, prompt_id}) => ({
        interrupted: open(session_id).session.interrupt(prompt_id),
      }),

      'session.close': async ({session_id}, {responded}) => {
        const {session} = open(session_id)
        void Promise.all([session.closed, responded]).then(onClosed)
        return {closed: await session.close('user')}
      },

      'prompt.submit': ({session_id, prompt_id, text, max_output_bytes}) => ({
        prompt_id,
        status: open(session_id).session.submit({promptId: prompt_id, text, maxOutputBytes: max_output_bytes}),
      }),

      'prompt.withdraw': ({session_id, prompt_id}) => ({withdrawn: open(session_id).session.withdraw(prompt_id)}),

      'prompt.update': ({session_id, prompt_id, text}) => ({
        updated: open(session_id).session.update(prompt_id, text),
      }),

      'prompt.promote': ({session_id, prompt_id}) => ({promoted: open(session_id).session.promote(prompt_id)}),

      'draft.set': ({session_id, text}) => {
        open(session_id).session.setDraft(text)
        return {}
      },

      'approval.answer': ({session_id, approval_id, choice}) => {
        open(session_id).session.answer(approval_id, choice)
        return {}
      },
    },
    (code, message) => new RpcError(code, message),
  )

  return {
    serve(transport) {
      if (peers >= maxHostPeers) {
        const message = `too many clients have this session open: the limit is ${maxHostPeers}`
        transport.write(refusal(message))
        return void transport.close(message)
      }
      peers++
      const peer = createConnection(transport, {
        handlers,
        maxServed: maxPeerRequests,
        maxServedLength: maxPeerRequestBytes,
      })
      void peer.closed.then(() => {
        peers--
        watchers.get(peer)?.stop()
        watchers.delete(peer)
        attached.remove(peer)
      })
      peer.notify('event', {type: 'gateway.ready', payload: {protocol: protocolVersion, version}})
    },
    notifyNotSaved() {
      for (const peer of watchers.keys()) notifyNotSaved(peer)
    },
    notifyActivity() {
      for (const peer of watchers.keys()) notifyActivity(peer)
    },
    get isWatched() {
      return watchers.size > 0
    },
    wake() {
      for (const watcher of watchers.values()) watcher.wake()
    },
  }
}
