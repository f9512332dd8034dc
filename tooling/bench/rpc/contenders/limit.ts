/* oxlint-disable typescript/no-explicit-any -- the limit checks nothing, that is what makes it the limit */
import {spawn} from 'node:child_process'
import {StringDecoder} from 'node:string_decoder'
import type {Readable, Writable} from 'node:stream'

import {TICK_TEXT, type Contender, type Tick} from '../contender.ts'

/**
 * What JSON itself costs: split on newline, `JSON.parse`, a `Map`. What one tick brings leaves in one piece, and it waits
 * for a full pipe. No limits, no deadlines, no errors, no deaths.
 */
export const limit = createLimit({inPieces: false})

/** The same, but a tick begins to leave early, as ours does: then both processes work at the same time. */
export const limitInPieces = createLimit({inPieces: true})

function createLimit({inPieces}: {inPieces: boolean}): Contender {
  return {
    serve() {
      const send = createSender(process.stdout, inPieces)
      onMessages(process.stdin, async ({id, method, params}) => {
        if (method === 'add') return void send({jsonrpc: '2.0', id, result: {sum: params.a + params.b}})
        if (method === 'size') return void send({jsonrpc: '2.0', id, result: {length: params.text.length}})
        for (let n = 0; n < params.count; n++) {
          const wait = send({jsonrpc: '2.0', method: 'tick', params: {n, text: TICK_TEXT}})
          if (wait) await wait
        }
        void send({jsonrpc: '2.0', id, result: {}})
      })
    },
    connect(command, args) {
      const child = spawn(command, args, {stdio: ['pipe', 'pipe', 'inherit']})
      const {stdin, stdout} = child
      const waiting = new Map<number, (result: unknown) => void>()
      let lastId = 0
      let listener: (params: Tick) => void = () => {}
      const send = createSender(stdin, inPieces)
      onMessages(stdout, ({id, params, result}) => {
        if (id === undefined) return listener(params)
        waiting.get(id)!(result)
        waiting.delete(id)
      })
      return {
        request(method, params) {
          const id = ++lastId
          return new Promise((resolve) => {
            waiting.set(id, resolve)
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

/** The first piece of a tick goes when it has this size, characters, so that the other end can begin; each next one doubles it. */
const FIRST_LENGTH = 1024
const MAX_LENGTH = 64 * 1024

/** Returns a promise when the pipe is full. */
function createSender(writable: Writable, inPieces: boolean): (message: object) => Promise<void> | undefined {
  let lines = ''
  let isScheduled = false
  let enough = FIRST_LENGTH
  const flush = () => {
    const text = lines
    lines = ''
    return text === '' || writable.write(text)
  }
  const flushTick = () => {
    isScheduled = false
    enough = FIRST_LENGTH
    flush()
  }
  return (message) => {
    lines += `${JSON.stringify(message)}\n`
    if (lines.length >= MAX_LENGTH || (inPieces && lines.length >= enough && writable.writableLength === 0)) {
      enough = Math.min(enough * 2, MAX_LENGTH)
      if (!flush()) return new Promise((resolve) => writable.once('drain', resolve))
    }
    if (!isScheduled) process.nextTick(flushTick)
    isScheduled = true
    return undefined
  }
}
