import type {Connection} from './connection.ts'

/** The key under which a connection of this package carries its functions for encoded params. */
export const rawParams = Symbol.for('holdfast.rpc.rawParams')

export interface RawParams {
  notify(method: string, params: unknown, json: string): boolean
  subscribe(method: string, subscriber: RawSubscriber): () => void
}

/** `json`: the params as JSON text, as the peer encoded them; `undefined` if the text is not known. */
export type RawSubscriber = (params: unknown, json: string | undefined) => void

/**
 * Sends a notification without encoding its params: sends `json`, their JSON text without line breaks, unchanged. The caller
 * must not change the params afterwards. Without `json`, or on a connection of another implementation, calls `notify`.
 */
export function notifyRaw(
  connection: Pick<Connection, 'notify'>,
  method: string,
  params: unknown,
  json: string | undefined,
): boolean {
  const raw = rawParamsOf(connection)
  return raw && json !== undefined ? raw.notify(method, params, json) : connection.notify(method, params)
}

/**
 * Calls the subscriber with each notification of a method, on arrival and in order, and with its params as JSON text if
 * that is known. For `notifyRaw` on another connection. Returns a function that ends the subscription.
 */
export function subscribeRaw(
  connection: Pick<Connection, 'subscribe'>,
  method: string,
  subscriber: RawSubscriber,
): () => void {
  const raw = rawParamsOf(connection)
  if (raw) return raw.subscribe(method, subscriber)
  return connection.subscribe(method, (params) => subscriber(params, undefined))
}

function rawParamsOf(connection: object): RawParams | undefined {
  return (connection as {[rawParams]?: RawParams})[rawParams]
}

/** The last notification that arrived, unless it is long. Most are forwarded at once: then their text need not be made again. */
let last = {method: '', json: '', text: ''}
/** UTF-16 units. */
const MAX_REMEMBERED_LENGTH = 1024 * 1024

/** Returns the text of a notification. `json`: its params. */
export function encodeNotification(method: string, json: string): string {
  // Strings that are the same object are compared without a look at their characters.
  if (json === last.json && method === last.method) return last.text
  return `${prefixOf(method)}${json}}`
}

/**
 * Returns the params, as JSON, in the text of a notification; `undefined` unless the text is on one line and begins like a
 * text of `encodeNotification`. The result includes members after the params, which JSON-RPC does not define;
 * `encodeNotification` turns it into the same text again.
 */
export function paramsIn(method: string, text: string | undefined): string | undefined {
  const prefix = prefixOf(method)
  const isKnown = text !== undefined && text.startsWith(prefix) && text.endsWith('}') && !text.includes('\n')
  if (!isKnown) return undefined
  const json = text.slice(prefix.length, -1)
  if (text.length <= MAX_REMEMBERED_LENGTH) last = {method, json, text}
  return json
}

function prefixOf(method: string): string {
  return `{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":`
}
