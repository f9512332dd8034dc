import {once} from 'node:events'
import {connect, type Socket} from 'node:net'

import {token} from '../serve.ts'

export interface RawClientOptions {
  /** `null` sends none. @default that of the test */
  token?: string | null
  /** As a browser sends it. @default none */
  origin?: string
}

/** A client that knows how WebSockets look on the wire, and answers nothing, not even pings. */
export interface RawClient {
  readonly socket: Socket
  /** Of the answer to its request to become a WebSocket; 101 means that it has. 0: the server closed the connection. */
  readonly status: number
  /** The messages so far. */
  readonly messages: readonly string[]
  /** Returns the messages so far, and forgets them. */
  take(): string[]
  /** Resolves with what the close frame said when the connection is closed; without a close frame, with 1006. */
  readonly closed: Promise<{code: number; reason: string}>
  /** Sends a frame. With `length`, its header promises more than its payload is. */
  send(payload: string | Buffer, options?: {opcode?: number; isLast?: boolean; length?: number}): void
}

export const opcodes = {continuation: 0, text: 1, binary: 2, close: 8} as const

/** A TCP connection that has sent nothing. */
export async function openSocket(url: string): Promise<Socket> {
  const {hostname, port} = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

export async function openRawClient(url: string, options: RawClientOptions = {}): Promise<RawClient> {
  const {token: sent = token, origin} = options
  const socket = await openSocket(url)
  const headers = ['GET / HTTP/1.1', `Host: ${new URL(url).host}`, 'Upgrade: websocket', 'Connection: Upgrade']
  headers.push('Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==')
  if (sent !== null) headers.push(`Authorization: Bearer ${sent}`)
  if (origin !== undefined) headers.push(`Origin: ${origin}`)
  socket.write([...headers, '', ''].join('\r\n'))
  const messages: string[] = []
  let said = {code: 1006, reason: ''}
  let received = Buffer.alloc(0)
  const closed = closeOf(socket).then(() => said)
  const answered = Promise.withResolvers<number>()
  void closed.then(() => answered.resolve(0))
  let isOpen = false
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    if (!isOpen) {
      const end = received.indexOf('\r\n\r\n')
      if (end === -1) return
      answered.resolve(Number(received.subarray(9, 12).toString()))
      received = received.subarray(end + 4)
      isOpen = true
    }
    for (let frame = readFrame(received); frame !== undefined; frame = readFrame(received)) {
      received = received.subarray(frame.size)
      if (frame.opcode === opcodes.text) messages.push(frame.payload.toString())
      if (frame.opcode === opcodes.close)
        said = {code: frame.payload.readUInt16BE(), reason: frame.payload.subarray(2).toString()}
    }
  })
  return {
    socket,
    status: await answered.promise,
    messages,
    take: () => messages.splice(0),
    closed,
    send(payload, {opcode = opcodes.text, isLast = true, length} = {}) {
      const bytes = Buffer.from(payload)
      socket.write(Buffer.concat([frameHeader(opcode, isLast, length ?? bytes.length), bytes]))
    },
  }
}

/** Resolves when the connection is closed, also by an error. */
export function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())))
}

/** With a mask of zeros, which changes nothing. */
function frameHeader(opcode: number, isLast: boolean, length: number): Buffer {
  const header = Buffer.alloc(14)
  header[0] = (isLast ? 0x80 : 0) | opcode
  header[1] = 0x80 | 127
  header.writeBigUInt64BE(BigInt(length), 2)
  return header
}

function readFrame(bytes: Buffer): {opcode: number; payload: Buffer; size: number} | undefined {
  if (bytes.length < 2) return undefined
  const short = bytes[1]! & 0x7f
  const begin = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < begin) return undefined
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  if (bytes.length < begin + length) return undefined
  return {opcode: bytes[0]! & 0x0f, payload: bytes.subarray(begin, begin + length), size: begin + length}
}
