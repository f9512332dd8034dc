import {encodeMessage, type JsonRpcMessage, TransportError} from '@holdfast/rpc'
import type {RawTransport} from '@holdfast/rpc/raw'
import {type BoundedWriterOptions, createBoundedWriter} from './bounded-writer.ts'
import {MAX_MESSAGE_BYTES} from './limits.ts'
import {type Merge, mergeTexts} from './merge.ts'

export interface MessageOptions {
  /**
   * The longest message in either direction, bytes of UTF-8 without the line break. A longer one that arrives is skipped; a
   * WebSocket is closed with 1009 instead. @default 33_554_432 (32 MiB)
   */
  maxMessageBytes?: number
  /** Size of a full write queue, bytes. An empty queue takes one message of any size. @default 67_108_864 (64 MiB) */
  maxQueuedBytes?: number
  /** Combines two notifications that wait for a slow peer. Not applied to `RawTransport.write` with a text. @default none are combined */
  merge?: Merge
}

export interface MessageWriter {
  /** The members of a transport that write. */
  readonly half: Pick<RawTransport, 'write' | 'queuedBytes' | 'replaced' | 'drained'>
  sendAll(): void
  /** Later writes return `false`, and all calls of `drained` resolve. */
  close(): void
}

/** Encodes messages before it queues them, so that one that cannot be sent fails its own `write`. */
export function createMessageWriter(
  options: MessageOptions & Pick<BoundedWriterOptions, 'pack' | 'isIdle' | 'onQueued' | 'onError'>,
): MessageWriter {
  const {maxMessageBytes = MAX_MESSAGE_BYTES, merge, ...queueOptions} = options
  const queue = createBoundedWriter({...queueOptions, merge: merge && mergeTexts(merge, encode)})
  let replaced = 0
  let isClosed = false
  const countReplaced = (count: number) => void (replaced += count)

  function encode(message: JsonRpcMessage, knownText?: string): string {
    const text = knownText ?? encodeMessage(message, countReplaced)
    // A UTF-16 unit takes 3 bytes at most, so most messages need no counting.
    if (text.length * 3 > maxMessageBytes) assertSize(text, maxMessageBytes)
    return text
  }

  return {
    half: {
      write(message, knownText) {
        if (isClosed) return false
        queue.write(encode(message, knownText), knownText === undefined)
        return true
      },
      get queuedBytes() {
        return queue.queuedBytes
      },
      get replaced() {
        return replaced
      },
      drained: queue.drained,
    },
    sendAll: queue.sendAll,
    close() {
      isClosed = true
      queue.release()
    },
  }
}

function assertSize(text: string, maxMessageBytes: number): void {
  const bytes = Buffer.byteLength(text)
  if (bytes <= maxMessageBytes) return
  throw new TransportError(
    'message-too-large',
    `The message has ${bytes} bytes, and the limit is ${maxMessageBytes}: split it, or raise \`maxMessageBytes\` at both ends`,
  )
}
