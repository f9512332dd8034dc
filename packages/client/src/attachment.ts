import {
  attachWindowBytes,
  createPromptId,
  decodeOutput,
  encodeOutput,
  errorCodes,
  type EphemeralEvent,
  type LoggedEvent,
} from '@holdfast/protocol'

import {isPeerGone, isRpcError} from '@holdfast/rpc'

import {callListener} from './call-listener.ts'
import type {GatewayRequest} from './session-requests.ts'
import type {SessionStatus} from './session-status.ts'
import {withResolvers, type Resolvers} from './with-resolvers.ts'

export interface AttachOptions {
  /** Size of the terminal, in character cells. */
  size: {cols: number; rows: number}
  /**
   * Receives the output of the program, in order. With `isRepaint`, `data` draws the whole screen on a terminal that has just
   * been reset; that comes first, and again after output was missed. An error that it throws becomes an uncaught exception.
   * Of a lossless attachment, output counts as taken when this returns, or when its promise resolves.
   */
  onOutput: (data: Uint8Array, options: {isRepaint: boolean}) => void | Promise<void>
  /**
   * The terminal shows the output of the normal screen up to the event `attach.start`. In place of the whole screen, `onOutput`
   * first gets the modes that the program has set, and the alternate screen if it has switched to that; the same after a
   * recovery. @default false
   */
  inPlace?: boolean
  /** The program waits for this client, see `onOutput`; else a client that does not read misses output, and gets the whole screen. @default false */
  isLossless?: boolean | undefined
  /** Called before each request to attach, the first one and those after recoveries, with the id that its events will have. */
  onStart?: ((attachId: string) => void) | undefined
}

/** A terminal that is attached to the running program of a session. */
export interface Attachment {
  readonly promptId: string
  /** Resolves when the terminal is detached. */
  readonly ended: Promise<AttachmentEnd>
  /** Types into the program, in order. Drops input while the connection is lost: the user does not see the screen either. */
  input(data: Uint8Array): void
  /** Resolves when the host has answered all input, to that which came after the program's end: the first 64 KiB of it. */
  refused(): Promise<Uint8Array[]>
  resize(size: {cols: number; rows: number}): void
  /** Sets the size, and asks for the whole screen: another program has had the terminal. */
  repaint(size: {cols: number; rows: number}): void
  /** Detaches the terminal. The program keeps running. Its output still arrives until `ended` resolves. */
  end(): void
}

/**
 * `detached`: by `end`. `program-ended`. `taken-over`: another client attached. `connection-lost`: the client gave up, or
 * cannot reach the host. `refused`: the host did not attach it again after a recovery, or cannot paint the screen.
 */
export type AttachmentEnd = 'detached' | 'program-ended' | 'taken-over' | 'connection-lost' | 'refused'

const maxRefusedBytes = 65_536

/** Keeps the attachment of one session, if there is one, attached through recoveries. */
export interface Attacher {
  attach(options: AttachOptions): Promise<Attachment>
  takeOutput(payload: Extract<EphemeralEvent, {type: 'attach.output'}>['payload']): void
  takeEvent(event: LoggedEvent): void
  takeStatus(status: SessionStatus): void
  /** Attaches again on a new connection, on which the session is resumed. */
  reattach(request: GatewayRequest): void
}

interface Attached {
  id: string
  promptId: string | undefined
  options: AttachOptions
  end: Resolvers<AttachmentEnd>
  isEnding: boolean
  /** Bytes of output that the client has taken, and those that the host knows of. */
  taken: number
  confirmed: number
}

export function createAttacher(sessionId: string, request: GatewayRequest, isConnected: () => boolean): Attacher {
  let current: Attached | undefined

  const finish = (attached: Attached, how: AttachmentEnd) => {
    if (current === attached) current = undefined
    attached.end.resolve(how)
  }

  const start = async (attached: Attached, send: GatewayRequest): Promise<string> => {
    attached.taken = attached.confirmed = 0
    // A new id each time: the host reports the end of the attachment on the lost connection under the old one.
    const id = (attached.id = createPromptId())
    const {size, onStart, inPlace, isLossless} = attached.options
    const place = inPlace === true ? {in_place: true} : {}
    if (onStart !== undefined) callListener(() => onStart(id))
    const how = {...size, ...place, ...(isLossless === true && {lossless: true})}
    const {prompt_id} = await send('attach.start', {session_id: sessionId, attach_id: id, ...how})
    return prompt_id
  }

  /** A failure shows elsewhere: in the status of the session, or as the end of the program. */
  const send: (...request: Parameters<GatewayRequest>) => void = (method, params) =>
    void request(method, params).catch(() => undefined)

  const confirm = (attached: Attached, id: string, bytes: number) => {
    if (attached.id !== id) return
    attached.taken += bytes
    // A smaller part holds up nothing.
    if (attached.taken - attached.confirmed < attachWindowBytes / 4) return
    attached.confirmed = attached.taken
    send('attach.taken', {session_id: sessionId, attach_id: id, bytes: attached.taken})
  }

  return {
    async attach(options) {
      const attached: Attached = {
        id: '',
        promptId: undefined,
        options: {...options},
        end: withResolvers(),
        isEnding: false,
        taken: 0,
        confirmed: 0,
      }
      if (current !== undefined) finish(current, 'taken-over')
      // Before the request: the screen may arrive before the answer.
      current = attached
      try {
        const promptId = (attached.promptId = await start(attached, request))
        const refused: Uint8Array[] = []
        let refusedBytes = 0
        let answered: Promise<void> = Promise.resolve()
        const keepRefused = (data: Uint8Array) => (error: unknown) => {
          refusedBytes += data.length
          if (isRpcError(error) && error.code === errorCodes.notAllowed && refusedBytes <= maxRefusedBytes)
            refused.push(data)
        }
        return {
          promptId,
          ended: attached.end.promise,
          input(data) {
            const output = encodeOutput(data)
            if (current !== attached || attached.isEnding || output === undefined || !isConnected()) return
            const typed = request('session.input', {session_id: sessionId, prompt_id: promptId, ...output})
            // Without the results: they would be kept for each key.
            answered = Promise.all([answered, typed.catch(keepRefused(data))]).then(() => undefined)
          },
          refused: () => answered.then(() => refused),
          resize(size) {
            attached.options.size = size
            if (current === attached) send('session.resize', {session_id: sessionId, ...size})
          },
          repaint(size) {
            attached.options.size = size
            if (current !== attached) return
            const how = {...size, ...(options.isLossless === true && {lossless: true})}
            send('attach.start', {session_id: sessionId, attach_id: attached.id, ...how})
          },
          end() {
            if (current !== attached || attached.isEnding) return
            attached.isEnding = true
            void request('attach.end', {session_id: sessionId, attach_id: attached.id}).then(
              ({ended}) => ended || finish(attached, 'detached'),
              // It has ended with the connection.
              () => finish(attached, 'detached'),
            )
          },
        }
      } catch (error) {
        if (current === attached) current = undefined
        throw error
      }
    },
    takeOutput(payload) {
      const attached = current
      if (attached?.id !== payload.attach_id) return
      const {onOutput, isLossless} = attached.options
      const data = decodeOutput(payload)
      const {id} = attached
      callListener(() => {
        const shown = onOutput(data, {isRepaint: payload.repaint === true})
        if (isLossless !== true) return
        if (shown === undefined) confirm(attached, id, data.length)
        else void shown.then(() => confirm(attached, id, data.length))
      })
    },
    takeEvent(event) {
      if (current === undefined) return
      if (event.type === 'attach.end' && event.payload.attach_id === current.id) {
        const {reason} = event.payload
        // The connection was lost; `reattach` follows.
        if (reason === 'client-gone') return
        if (current.isEnding || reason === 'detached') finish(current, 'detached')
        else finish(current, reason === 'taken-over' || reason === 'program-ended' ? reason : 'refused')
      } else if (event.type === 'message.complete' && event.payload.prompt_id === current.promptId) {
        finish(current, 'program-ended')
      }
    },
    takeStatus({kind}) {
      if (current === undefined) return
      if (kind === 'gave-up' || kind === 'detached' || kind === 'ended') finish(current, 'connection-lost')
    },
    reattach(newRequest) {
      const attached = current
      if (attached?.promptId === undefined) return
      if (attached.isEnding) return finish(attached, 'detached')
      start(attached, newRequest).then(
        (promptId) => {
          if (promptId === attached.promptId && current === attached) return
          // The host has attached the terminal to the next program, which would wait for it.
          send('attach.end', {session_id: sessionId, attach_id: attached.id})
          finish(attached, 'program-ended')
        },
        (error: unknown) => {
          // The next connection attaches it again.
          if (!isPeerGone(error)) finish(attached, 'refused')
        },
      )
    },
  }
}
