import {createConnection, type Connection} from '@holdfast/rpc'
import {connectWebSocket, listenWebSocket} from '@holdfast/transport/websocket'

import type {Contender, Tick} from '../contender.ts'
import {served, type Served} from './holdfast.ts'
import {startListening, tellPort} from './port.ts'

/** `@holdfast/rpc` over `@holdfast/transport/websocket`, with default options. */
export const holdfastWs: Contender = {
  async serve() {
    const {url} = await listenWebSocket({}, (transport) => void createConnection<Served>(transport, {handlers: served}))
    tellPort(Number(new URL(url).port))
  },
  async connect(command, args) {
    const {child, port} = await startListening(command, args)
    const connection: Connection = createConnection(await connectWebSocket(`ws://127.0.0.1:${port}`))
    let unsubscribe = () => {}
    return {
      request: (method, params) => connection.request(method, params),
      onTick(listener) {
        unsubscribe()
        unsubscribe = connection.subscribe('tick', (params) => listener(params as Tick))
      },
      childPid: () => child.pid!,
      stop: () => void child.kill(),
    }
  },
}
