/** A JSON-RPC 2.0 id. Ids are equal if their types and their values are: `1` and `'1'` are two ids. */
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
  /** `null` if the request's id could not be read. */
  id: RequestId | null
  result?: unknown
  error?: {code: number; message: string; data?: unknown}
}

export type JsonRpcMessage = JsonRpcRequest | JsonRpcNotification | JsonRpcResponse

/** Why a stream ended. Optional facts are missing if the transport does not know them. */
export interface CloseReason {
  /** `us`: this side closed. `peer`: the other side closed or vanished. `fault`: reading or writing failed on this side. */
  by: 'us' | 'peer' | 'fault'
  /** One sentence for people, such as `its process exited with code 3`. */
  message: string
  /** Exit code of the peer's process. */
  code?: number
  /** Signal that killed the peer's process. */
  signal?: string
  /** Error code of the system call that failed, such as `EPIPE`. */
  errno?: string
  /** The lines of stderr that say why the process of the peer ended, oldest first, 3 at most; the last one is the error. */
  stderr?: readonly string[]
}

/** Input that is not a message. The stream continues after it. */
export interface Noise {
  kind: 'not-json' | 'not-an-object' | 'line-too-long' | 'incomplete-line'
  /** Length of the input in bytes, without the line break. */
  bytes: number
}

/** The consumer of a transport. Neither function may throw. */
export interface Receiver {
  message(message: unknown): void
  noise?(noise: Noise): void
}

/**
 * A duplex stream of JSON messages. `createConnection` speaks JSON-RPC over any implementation.
 *
 * Messages arrive in the order in which the peer wrote them. A transport reads nothing and loses nothing before `listen`.
 */
export interface Transport {
  /**
   * Queues one message. Returns `false` if the peer is gone, and for no other reason. Throws `TransportError` with code
   * `overflow` (the queue is full), `message-too-large` or `unencodable`.
   */
  write(message: JsonRpcMessage): boolean
  /** Bytes in the write queue, which the system has not yet accepted. 0 once `write` returns `false`: nobody waits for room then. */
  readonly queuedBytes: number
  /** Lone surrogates in the messages written so far. Each was sent as U+FFFD. */
  readonly replaced: number
  /** Resolves when the write queue is below its low-water mark, or the peer is gone. Never rejects. */
  drained(): Promise<void>
  /** Starts reading, and delivers messages one by one. A second call throws. */
  listen(receiver: Receiver): void
  /** Resolves once, after the last message was delivered. Never rejects. */
  readonly closed: Promise<CloseReason>
  /** Sends the write queue within `deadlineMs` (default 1000), then closes. May be called more than once. */
  close(message?: string, options?: {deadlineMs?: number}): Promise<void>
}
