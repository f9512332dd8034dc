import {closeSync} from 'node:fs'

import {loadNativePty} from './native-pty.ts'
import {createPtyReader} from './pty-reader.ts'

/** A PTY without a program. What a shell writes to it reaches this process, and no file. */
export interface Channel {
  /** Path of the device to which a shell writes. Opening it fails at once when this process is gone. */
  readonly path: string
  /** A message has arrived in part, a moment ago. */
  readonly isInMessage: boolean
  close(): void
}

export interface ChannelOptions {
  /** Text between the two marks, without them, as the writer wrote it. */
  onMessage(text: string): void
  /** A message is longer than `maxBytes`; it is dropped. */
  onTooLong(): void
  maxBytes: number
}

/** What MESSAGE_BEGINS and MESSAGE_ENDS print. */
const BEGINS = Buffer.from('\x01\x02')
const ENDS = Buffer.from('\x03\x01')

/** A message of which nothing more has arrived for this long was interrupted, ms. */
const STALE_MS = 1000

/** Throws if the system has no PTY left. */
export function openChannel({onMessage, onTooLong, maxBytes}: ChannelOptions): Channel {
  const {master, slave, pty: path} = loadNativePty().pty.open(80, 24)
  let isOpen = true
  let parts: Buffer[] = []
  let length = 0
  let arrivedAt = 0

  const take = (data: Buffer): void => {
    if (!isOpen) return
    // A mark may be in two pieces.
    const before = parts.at(-1)?.at(-1) === ENDS[0] && data[0] === ENDS[1] ? 1 : 0
    const found = before === 1 ? -1 : data.indexOf(ENDS)
    const end = before === 1 ? 1 : found === -1 ? -1 : found + ENDS.length
    parts.push(end === -1 ? data : data.subarray(0, end))
    length += parts.at(-1)!.length
    arrivedAt = performance.now()
    if (length > maxBytes) {
      parts = []
      length = 0
      return onTooLong()
    }
    if (end === -1) return
    const whole = Buffer.concat(parts)
    parts = []
    length = 0
    const begin = whole.lastIndexOf(BEGINS)
    // The terminal has put a carriage return before each line feed.
    if (begin !== -1)
      onMessage(
        whole
          .subarray(begin + BEGINS.length, -ENDS.length)
          .toString('utf8')
          .replaceAll('\r\n', '\n'),
      )
    if (end < data.length) take(data.subarray(end))
  }

  // The side of the writers stays open: else the reader would end with the first of them.
  const reader = createPtyReader(master, {onData: (data) => take(Buffer.from(data)), onClose: () => undefined})
  return {
    path,
    get isInMessage() {
      // A writer that was interrupted does not end its message.
      return length > 0 && performance.now() - arrivedAt < STALE_MS
    },
    close() {
      if (!isOpen) return
      isOpen = false
      closeSync(slave)
      reader.drain()
    },
  }
}
