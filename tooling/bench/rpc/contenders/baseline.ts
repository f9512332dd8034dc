/* oxlint-disable typescript/no-explicit-any -- the baseline checks nothing */
import {spawn} from 'node:child_process'
import {StringDecoder} from 'node:string_decoder'
import type {Readable, Writable} from 'node:stream'

import {tickText, type Contender, type Tick} from '../contender.ts'

/**
 * What JSON itself costs: split on newline, `JSON.parse`, a `Map`. It writes the messages of one tick of the event loop in
 * one chunk, and waits for a full pipe. It has no bounds, no deadlines, no errors, and does not see the other end exit.
 */
export const baseline = createBaseline({isChunked: false})

/** The same, but it begins to write early, as ours does, so that both processes work at the same time. */
export const chunkedBaseline = createBaseline({isChunked: true})

function createBaseline({isChunked}: {isChunked: boolean}): Contender {
  return {
    serve() {
      const send = createSender(process.stdout, isChunked)
      onMessages(process.stdin, async ({id, method, params}) => {
        if (method === 'add') return void send({jsonrpc: '2.0', id, result: {sum: params.a + params.b}})
        if (method === 'size') return void send({jsonrpc: '2.0', id, result: {length: params.text.length}})
        for (let n = 0; n < params.count; n++) {
          const wait = send({jsonrpc: '2.0', method: 'tick', params: {n, text: tickText}})
          if (wait) await wait
        }
        void send({jsonrpc: '2.0', id, result: {}})
      })
    },
    connect(command, args) {
      const child = spawn(command, args, {stdio: ['pipe', 'pipe', 'inherit']})
      const {stdin, stdout} = child
      const pending = new Map<number, (result: unknown) => void>()
      let lastId = 0
      let listener: (params: Tick) => void = () => {}
      const send = createSender(stdin, isChunked)
      onMessages(stdout, ({id, params, result}) => {
        if (id === undefined) return listener(params)
        pending.get(id)!(result)
        pending.delete(id)
      })
      return {
        request(method, params) {
          const id = ++lastId
          return new Promise((resolve) => {
            pending.set(id, resolve)
            void send({jsonrpc: '2.0', id, method, params})
          })
        },
        onTick(next) {
          listener = next
        },
        childPid: () => child.pid!,
        stop: () => void child.kill(),
      }
    },
  }
}

function onMessages(readable: Readable, listener: (message: any) => void): void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  readable.on('data', (chunk: Buffer) => {
    const lines = decoder.write(chunk).split('\n')
    lines[0] = rest + lines[0]!
    rest = lines.pop()!
    for (const line of lines) listener(JSON.parse(line))
  })
}

/** The length of the first chunk of a tick, in characters; each further chunk is twice as long as the one before. */
const firstLength = 1024
const maxLength = 64 * 1024

/** Returns a promise when the pipe is full. */
function createSender(writable: Writable, isChunked: boolean): (message: object) => Promise<void> | undefined {
  let lines = ''
  let isScheduled = false
  let chunkLength = firstLength
  const flush = () => {
    const text = lines
    lines = ''
    return text === '' || writable.write(text)
  }
  const flushTick = () => {
    isScheduled = false
    chunkLength = firstLength
    flush()
  }
  return (message) => {
    lines += `${JSON.stringify(message)}\n`
    if (lines.length >= maxLength || (isChunked && lines.length >= chunkLength && writable.writableLength === 0)) {
      chunkLength = Math.min(chunkLength * 2, maxLength)
      if (!flush()) return new Promise((resolve) => writable.once('drain', resolve))
    }
    if (!isScheduled) process.nextTick(flushTick)
    isScheduled = true
    return undefined
  }
}
