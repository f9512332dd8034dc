import {isThenable} from '../async/is-thenable.ts'
import {startTimer} from '../async/start-timer.ts'
import {TransportError} from '../errors/transport-error.ts'
import type {RequestOptions} from './connection.ts'
import type {PendingRequest} from './pending-requests.ts'

/** Requests that may wait in one lane. */
const MAX_WAITING = 1000

export interface LanesOptions {
  /** Sends a request, or rejects it. */
  send(request: PendingRequest, params: unknown): void
  /** Subscribes to the notifications of a method. Returns a function that ends the subscription. */
  listen(method: string, listener: (params: unknown) => void): () => void
  /** Reports a notification for a request that was abandoned. */
  onLate(): void
  /** Reports the rejected promise of a listener. */
  onFault(error: unknown, method: string): void
}

export interface LaneRequest extends PendingRequest {
  readonly params: unknown
  /** How long to wait for the answer if the request is abandoned, ms. `Infinity`: until it comes. */
  readonly graceMs: number
  readonly notifications: NonNullable<RequestOptions['notifications']>
}

export interface Lanes {
  /** Sends the request when the ones before it in the lane are done: at once if the lane is empty. */
  add(lane: string, request: LaneRequest): void
  /** The peer has answered an abandoned request, and will send no more notifications for it. */
  answered(id: unknown): void
  rejectAll(error: unknown): void
}

/** Runs the requests of a lane one after another, each with the notifications that arrive while it runs. */
export function createLanes(options: LanesOptions): Lanes {
  const {send, listen, onLate, onFault} = options
  /** The requests that wait behind the running one of each lane, each with a function that stops listening to its signal. */
  const lanes = new Map<string, Map<LaneRequest, () => void>>()
  /** For the id of each abandoned request that has no answer yet: a function that lets its lane continue. */
  const paused = new Map<unknown, () => void>()

  function run(request: LaneRequest, startNext: () => void): void {
    const methods = Object.keys(request.notifications)
    const stop = listenAll(methods, (method, params) => callListener(method, request.notifications[method], params))
    let isAbandoned = false
    send(
      {
        ...request,
        resolve(result) {
          stop()
          request.resolve(result)
          startNext()
        },
        abandoned(id) {
          isAbandoned = true
          pause(id, methods, request.graceMs, startNext)
        },
        reject(error) {
          stop()
          request.reject(error)
          if (!isAbandoned) startNext()
        },
      },
      request.params,
    )
  }

  /** Delays the next request, which would get the notifications that still arrive for the abandoned one. */
  function pause(id: number, methods: readonly string[], graceMs: number, startNext: () => void): void {
    const stop = listenAll(methods, onLate)
    const release = (): void => {
      stopTimer()
      paused.delete(id)
      stop()
      startNext()
    }
    const stopTimer = startTimer(graceMs, release)
    paused.set(id, release)
  }

  function runNext(lane: string): void {
    const waiting = lanes.get(lane)
    const [first] = waiting ?? []
    if (!first) return void lanes.delete(lane)
    const [request, forgetSignal] = first
    waiting?.delete(request)
    forgetSignal()
    run(request, () => runNext(lane))
  }

  function wait(waiting: Map<LaneRequest, () => void>, request: LaneRequest): void {
    const {signal} = request
    if (waiting.size >= MAX_WAITING) {
      const message = `The lane is full (${MAX_WAITING} requests wait): wait for one to finish`
      return request.reject(new TransportError('overflow', message))
    }
    const onAbort = () => waiting.delete(request) && request.reject(signal?.reason)
    signal?.addEventListener('abort', onAbort, {once: true})
    waiting.set(request, () => signal?.removeEventListener('abort', onAbort))
  }

  /** Does not await the listener's promise: the answer to the request would then have to wait for it, too. */
  function callListener(method: string, listener: Listener | undefined, params: unknown): void {
    const outcome = listener?.(params)
    if (isThenable(outcome)) Promise.resolve(outcome).catch((error: unknown) => onFault(error, method))
  }

  function listenAll(methods: readonly string[], listener: (method: string, params: unknown) => void): () => void {
    const stops = methods.map((method) => listen(method, (params) => listener(method, params)))
    return () => stops.forEach((stop) => stop())
  }

  return {
    add(lane, request) {
      const waiting = lanes.get(lane)
      if (waiting) return wait(waiting, request)
      lanes.set(lane, new Map())
      run(request, () => runNext(lane))
    },
    answered: (id) => paused.get(id)?.(),
    rejectAll(error) {
      const waiting = [...lanes.values()].flatMap((requests) => [...requests])
      lanes.clear()
      for (const release of paused.values()) release()
      for (const [request, forgetSignal] of waiting) {
        forgetSignal()
        request.reject(error)
      }
    },
  }
}

type Listener = NonNullable<LaneRequest['notifications'][string]>
