import {
  errorCodes,
  maxNamedViewers,
  methodEffects,
  readHello,
  refusal,
  type Hello,
  type Method,
  type MethodHandlers,
  type Viewer,
} from '@holdfast/protocol'
import type {Connection, HandlerContext} from '@holdfast/rpc'
import {graces} from '@holdfast/supervisor'
import type {Size} from '@holdfast/shell'

import type {Session} from '../session/session.ts'
import {settleSize, type Screen} from './settle-size.ts'

type Peer = Pick<Connection, 'notify' | 'queuedBytes' | 'drained' | 'close'>

export interface ViewersOptions {
  sessionId: string
  /** The session, once it was created. */
  session: () => Pick<Session, 'attachments' | 'resize'> | undefined
  /** The peer whose terminal is attached. */
  attached: () => object | undefined
}

/** The peers of a session: who they are, who of them looks at it, and on which screens. Settles the size of the terminal. */
export interface Viewers {
  add(peer: Peer): void
  remove(peer: Peer): void
  /** A peer says who it is: see `client.hello`. Closes the connection of one that does not fit. */
  meet(peer: Peer, params: unknown): void
  /** The name under which the log has what a peer does; `undefined` for the user of the machine. */
  by(peer: Peer): string | undefined
  /** A peer looks at the session from now on. Once it has its answer, it is told who else does. */
  came(peer: Peer, size: {[Side in keyof Size]?: number | undefined}, responded: Promise<void>): void
  left(peer: Peer): void
  /** A peer attaches a screen of this size. */
  attaches(peer: Peer, size: Size): void
  /** The screen of a peer has another size. One that does not look at the session gives this size to the terminal. */
  resize(peer: Peer, size: Size): void
  /** A peer types in the session. */
  typed(peer: Peer): void
  /** Another terminal is attached, or none. */
  note(): void
  /** Whether a peer looks at the session that may also use it. */
  readonly isUsed: boolean
}

interface Facts {
  readonly peer: Peer
  hello?: Hello
  isLooking: boolean
  screen?: Screen
  hasTyped: boolean
  /** What it was told last. */
  told?: string
  /** Its queue must drain before it is told more. */
  isBehind: boolean
}

/** The pause in which changes gather before all are told, ms. */
const gatherMs = 100

/** A peer with more than this in its send queue, bytes, is told when it has drained. */
const maxQueuedBytes = 64 * 1024

export function createViewers({sessionId, session, attached}: ViewersOptions): Viewers {
  /** In the order in which they connected. */
  const peers = new Map<object, Facts>()
  let settled: ReturnType<typeof settleSize<Screen>>
  let sizesTold = 0
  let telling: NodeJS.Timeout | undefined

  const factsOf = (peer: object): Facts => peers.get(peer)!
  const looking = () => [...peers.values()].filter(({isLooking}) => isLooking)
  const isReadOnly = ({hello}: Facts) => hello?.caller?.read_only === true

  const tellSize = (facts: Facts, {cols, rows}: Size) => {
    const {size} = facts.screen ?? {}
    // A client that repeats what it has told does not decide anew.
    if (size?.cols === cols && size.rows === rows) return
    facts.screen = {size: {cols, rows}, hasTyped: facts.hasTyped, toldAt: ++sizesTold}
  }

  const settle = () => {
    const own = peers.get(attached() ?? {})?.screen
    const next = settleSize(
      looking().flatMap(({screen}) => screen ?? []),
      own,
    )
    const isSame = next?.size.cols === settled?.size.cols && next?.size.rows === settled?.size.rows
    settled = next
    // Where it is the same, a client may have given another size to the terminal meanwhile, which then stays.
    if (next !== undefined && !isSame) session()?.resize(next.size)
  }

  const note = () => {
    settle()
    telling ??= setTimeout(() => {
      telling = undefined
      for (const facts of looking()) tell(facts)
    }, gatherMs).unref()
  }

  /** Tells a peer who else looks, if that has changed. One without a name is older, and does not know what it would be told. */
  const tell = (facts: Facts) => {
    const {peer, hello, isLooking, isBehind} = facts
    const size = session()?.attachments.size
    if (!isLooking || isBehind || hello?.name === undefined || size === undefined) return
    if (peer.queuedBytes > maxQueuedBytes) {
      facts.isBehind = true
      return void peer.drained().then(() => {
        facts.isBehind = false
        tell(facts)
      })
    }
    const payload = {cols: size.cols, rows: size.rows, ...listed(looking().filter((other) => other !== facts))}
    const told = JSON.stringify(payload)
    if (told === facts.told) return
    facts.told = told
    peer.notify('event', {type: 'session.viewers', session_id: sessionId, payload})
  }

  const listed = (others: readonly Facts[]) => {
    const viewers = others.flatMap((facts) => describe(facts) ?? [])
    viewers.sort((first, second) => Number(second.sets_size ?? false) - Number(first.sets_size ?? false))
    const more = viewers.length - maxNamedViewers
    return {viewers: viewers.slice(0, maxNamedViewers), ...(more > 0 && {more})}
  }

  const describe = (facts: Facts): Viewer | undefined => {
    const {hello, screen, hasTyped} = facts
    const name = hello?.caller?.name ?? hello?.name
    if (name === undefined) return undefined
    return {
      name,
      ...screen?.size,
      ...(hasTyped && {types: true as const}),
      ...(isReadOnly(facts) && {read_only: true as const}),
      ...(screen !== undefined && settled?.setBy.includes(screen) === true && {sets_size: true as const}),
    }
  }

  const forget = (facts: Facts) => {
    facts.isLooking = facts.hasTyped = false
    delete facts.screen
    note()
  }

  return {
    add: (peer) => void peers.set(peer, {peer, isLooking: false, hasTyped: false, isBehind: false}),
    remove(peer) {
      const facts = factsOf(peer)
      peers.delete(peer)
      forget(facts)
    },
    meet(peer, params) {
      const {hello, problem} = readHello(params)
      if (problem === undefined) return void (factsOf(peer).hello ??= hello)
      const {method, params: refused} = refusal(problem, errorCodes.protocolMismatch)
      peer.notify(method, refused)
      void peer.close(problem, {deadlineMs: graces.host.drainMs})
    },
    by: (peer) => factsOf(peer).hello?.caller?.name,
    came(peer, {cols, rows}, responded) {
      const facts = factsOf(peer)
      facts.isLooking = true
      if (cols !== undefined && rows !== undefined) tellSize(facts, {cols, rows})
      note()
      delete facts.told
      void responded.then(() => tell(facts))
    },
    left: (peer) => forget(factsOf(peer)),
    attaches: (peer, size) => tellSize(factsOf(peer), size),
    resize(peer, size) {
      const facts = factsOf(peer)
      const other = attached()
      if (facts.isLooking || other === peer) tellSize(facts, size)
      else if (other === undefined) session()?.resize(size)
      note()
    },
    typed(peer) {
      const facts = factsOf(peer)
      if (facts.hasTyped) return
      facts.hasTyped = true
      if (facts.screen !== undefined) facts.screen.hasTyped = true
      note()
    },
    note,
    get isUsed() {
      return looking().some((facts) => !isReadOnly(facts))
    },
  }
}

/** The same handlers, which note that the peer types where it calls one that does. */
export function noteTyping(
  viewers: Pick<Viewers, 'typed'>,
  handlers: MethodHandlers<HandlerContext>,
): MethodHandlers<HandlerContext> {
  const noted = Object.entries(handlers).map(([method, handle]) => {
    if (methodEffects[method as Method] !== 'types') return [method, handle] as const
    const note: typeof handle = (params, context) => {
      // First, so that what is typed runs in a terminal of the size that it settles.
      viewers.typed(context.peer)
      return handle(params, context)
    }
    return [method, note] as const
  })
  return Object.fromEntries(noted)
}
