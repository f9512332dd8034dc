/** A JSON-RPC 2.0 id. Two ids are equal when type and value are. */
export type RequestId = string | number

export interface JsonRpcRequest {
  jsonrpc: '2.0'
  id: RequestId
  method: string
  params?: unknown
}

export interface JsonRpcNotification {
  jsonrpc: '2.0'
  method: string
  params?: unknown
}

export interface JsonRpcResponse {
  jsonrpc: '2.0'
  /** `null` only where the request could not be read. */
  id: RequestId | null
  result?: unknown
  error?: {code: number; message: string; data?: unknown}
}

export type JsonRpcMessage = JsonRpcRequest | JsonRpcNotification | JsonRpcResponse

/** Why a stream ended: facts, as far as they are known. */
export interface CloseReason {
  /** `us`: our side closed it. `peer`: the other side ended or vanished. `fault`: reading or writing failed here. */
  by: 'us' | 'peer' | 'fault'
  /** One sentence for people. */
  message: string
  /** Exit code of the process at the other end. */
  code?: number
  /** Signal that ended the process at the other end. */
  signal?: string
  /** The error code of the system call that told, such as `EPIPE`. */
  errno?: string
  /** The last lines that the process at the other end wrote on stderr, oldest first; 3 at most. */
  stderr?: readonly string[]
}

/** Something on the stream that is no message. The stream lives on. */
export interface Noise {
  kind: 'not-json' | 'not-an-object' | 'line-too-long' | 'incomplete-line'
  /** Bytes on the stream that it took, the line break left out. */
  bytes: number
}

/** Who hears of what arrives. Neither function may throw. */
export interface Receiver {
  /** `text`: the message as it came, without the line break; may be left out. */
  message(message: unknown, text?: string): void
  noise?(noise: Noise): void
}

/**
 * One duplex stream of JSON messages. Consumers own this interface; transports implement it.
 *
 * Order: messages arrive in the order in which they were written. Before `listen` nothing is read and nothing is lost.
 */
export interface Transport {
  /**
   * Queues one message. `true`: queued. `false`: the peer is gone, and nothing else.
   * Throws `TransportError` with code `overflow` (the queue is full), `message-too-large` or `unencodable`.
   * `text`: the message as JSON without a line break, where that is known already; it is sent as it is, and the message
   * itself is handed over: its writer changes it no more.
   */
  write(message: JsonRpcMessage, text?: string): boolean
  /** Bytes queued here and not yet taken by the system. */
  readonly queuedBytes: number
  /** Lone surrogates in what was written; each was sent as U+FFFD. */
  readonly replaced: number
  /** Resolves when the queue is below its low-water mark, or the peer is gone. Never rejects. */
  drained(): Promise<void>
  /** Starts reading. May be called once; a second call throws. Messages come one by one, in order. */
  listen(receiver: Receiver): void
  /** Resolves once, when nothing more will arrive, after the last message was delivered. Never rejects. */
  readonly closed: Promise<CloseReason>
  /** Flushes what is queued within `deadlineMs` (default 1000), then ends. Idempotent. */
  close(message?: string, options?: {deadlineMs?: number}): Promise<void>
}
