import type {RequestOptions} from './connection.ts'
import {isThenable} from '../async/is-thenable.ts'
import type {PendingRequest} from './pending-requests.ts'
import {startTimer} from '../async/start-timer.ts'
import {TransportError} from '../errors/transport-error.ts'

/** Calls that may wait in one lane. */
const MAX_WAITING = 1000

export interface LanesOptions {
  /** Sends a request. Whatever goes wrong rejects it. */
  send(request: PendingRequest, params: unknown): void
  /** Hears the notifications of a method, until the function that it returns is called. */
  listen(method: string, listener: (params: unknown) => void): () => void
  /** Told of a notification that came for a call that was given up. */
  onLate(): void
  /** Told of what a listener that is not waited for failed with. */
  onFault(error: unknown, method: string): void
  /** `Infinity`: until the answer. */
  graceMs: number
}

export interface LaneCall extends PendingRequest {
  readonly params: unknown
  readonly notifications: NonNullable<RequestOptions['notifications']>
}

export interface Lanes {
  /** Sends the request when it is its turn: at once, if nobody is in the lane. */
  request(lane: string, call: LaneCall): void
  /** The peer has answered a call that was given up: it sends no more for it. */
  answered(id: unknown): void
  /** Rejects the calls that wait. */
  rejectAll(error: unknown): void
}

/** Calls that run one after another, each with the notifications that arrive in its time. */
export function createLanes(options: LanesOptions): Lanes {
  const {send, listen, onLate, onFault, graceMs} = options
  /** Who waits behind the call that runs, each with what ends its watch on its signal. A lane exists while somebody is in it. */
  const lanes = new Map<string, Map<LaneCall, () => void>>()
  /** Calls that were given up, and are not answered yet: each ends the time in which its lane is held for it. */
  const held = new Map<unknown, () => void>()

  function run(call: LaneCall, leave: () => void): void {
    const methods = Object.keys(call.notifications)
    const stop = listenAll(methods, (method, params) => hear(method, call.notifications[method]!, params))
    let isHeld = false
    send(
      {
        method: call.method,
        timeoutMs: call.timeoutMs,
        signal: call.signal,
        dueAt: Infinity,
        onAbort: undefined,
        resolve(result) {
          stop()
          call.resolve(result)
          leave()
        },
        abandoned(id) {
          isHeld = true
          hold(id, methods, leave)
        },
        reject(error) {
          stop()
          call.reject(error)
          if (!isHeld) leave()
        },
      },
      call.params,
    )
  }

  /** What the peer still sends for a call that was given up must not reach the next one. */
  function hold(id: number, methods: readonly string[], leave: () => void): void {
    const stop = listenAll(methods, onLate)
    const release = (): void => {
      stopTimer()
      held.delete(id)
      stop()
      leave()
    }
    const stopTimer = startTimer(graceMs, release)
    held.set(id, release)
  }

  function next(lane: string): void {
    const waiting = lanes.get(lane)
    const [first] = waiting ?? []
    if (!first) return void lanes.delete(lane)
    const [call, forgetSignal] = first
    waiting?.delete(call)
    forgetSignal()
    run(call, () => next(lane))
  }

  function wait(waiting: Map<LaneCall, () => void>, call: LaneCall): void {
    const {signal} = call
    if (waiting.size >= MAX_WAITING) {
      return call.reject(new TransportError('overflow', `Expected at most ${MAX_WAITING} calls to wait in a lane`))
    }
    const onAbort = () => waiting.delete(call) && call.reject(signal?.reason)
    signal?.addEventListener('abort', onAbort, {once: true})
    waiting.set(call, () => signal?.removeEventListener('abort', onAbort))
  }

  /** On arrival, whatever it returns: a listener that had to be waited for would make the answer wait, too. */
  function hear(method: string, listener: (params: unknown) => unknown, params: unknown): void {
    const outcome = listener(params)
    if (isThenable(outcome)) Promise.resolve(outcome).catch((error: unknown) => onFault(error, method))
  }

  function listenAll(methods: readonly string[], listener: (method: string, params: unknown) => void): () => void {
    const stops = methods.map((method) => listen(method, (params) => listener(method, params)))
    return () => stops.forEach((stop) => stop())
  }

  return {
    request(lane, call) {
      const waiting = lanes.get(lane)
      if (waiting) return wait(waiting, call)
      lanes.set(lane, new Map())
      run(call, () => next(lane))
    },
    answered: (id) => held.get(id)?.(),
    rejectAll(error) {
      const waiting = [...lanes.values()].flatMap((calls) => [...calls])
      lanes.clear()
      for (const release of held.values()) release()
      for (const [call, forgetSignal] of waiting) {
        forgetSignal()
        call.reject(error)
      }
    },
  }
}
