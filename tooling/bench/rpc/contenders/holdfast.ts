import {spawn} from 'node:child_process'

import {createConnection, type Connection, type HandlerContext, type Handlers} from '@holdfast/rpc'
import {createChildTransport, createProcessTransport} from '@holdfast/transport/stdio'

import {tickText, type Contender, type Tick} from '../contender.ts'

/** A fast producer waits when this much is queued. */
const maxQueuedBytes = 64 * 1024

export interface Served {
  add(params: {a: number; b: number}): {sum: number}
  size(params: {text: string}): {length: number}
  flood(params: {count: number}): object
}

export const holdfast: Contender = {
  serve() {
    createConnection<Served>(createProcessTransport(), {handlers: served})
  },
  connect(command, args) {
    const child = spawn(command, args, {stdio: ['pipe', 'pipe', 'inherit']})
    const connection: Connection = createConnection(createChildTransport(child))
    let unsubscribe = () => {}
    return {
      request: (method, params) => connection.request(method, params),
      onTick(listener) {
        unsubscribe()
        unsubscribe = connection.subscribe('tick', (params) => listener(params as Tick))
      },
      childPid: () => child.pid!,
      stop: () => connection.close(),
    }
  },
}

/** What the child serves, over any transport. */
export const served: Handlers<Served> = {
  add: ({a, b}) => ({sum: a + b}),
  size: ({text}) => ({length: text.length}),
  flood,
}

async function flood({count}: {count: number}, {peer}: HandlerContext<Served>) {
  for (let n = 0; n < count; n++) {
    peer.notify('tick', {n, text: tickText})
    if (peer.queuedBytes > maxQueuedBytes) await peer.drained()
  }
  return {}
}
