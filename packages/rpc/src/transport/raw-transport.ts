import type {JsonRpcMessage, Receiver, Transport} from './transport.ts'

/**
 * A transport that takes the JSON text of a message with it. Every `Transport` can be used as one: an implementation that
 * ignores the text encodes the message itself.
 */
export interface RawTransport extends Transport {
  /**
   * `text`: the message as JSON, without a line break, which is sent unchanged. The caller hands the message over and must
   * not change it afterwards: a memory pair delivers the object itself.
   */
  write(message: JsonRpcMessage, text?: string): boolean
  listen(receiver: RawReceiver): void
}

/** A receiver that takes the JSON text of a message with it. Every `Receiver` can be used as one. */
export interface RawReceiver extends Receiver {
  /** `text`: the message's JSON text, without the line break, if the transport still has it. */
  message(message: unknown, text?: string): void
}
