/* oxlint-disable typescript/no-explicit-any -- the baseline checks nothing */
import {once} from 'node:events'

import {WebSocket, WebSocketServer} from 'ws'

import {tickText, type Contender, type Tick} from '../contender.ts'
import {startListening, tellPort} from './port.ts'

/** A fast producer waits when this much is queued. */
const maxQueuedBytes = 64 * 1024

/** `ws` as its README shows it, with `JSON.parse` and a `Map`: no credential, no bounds, no heartbeat, no errors. */
export const bareWs: Contender = {
  async serve() {
    const server = new WebSocketServer({host: '127.0.0.1', port: 0})
    server.on('connection', (socket) => {
      const send = (message: object) => socket.send(JSON.stringify(message))
      const answer = async ({id, method, params}: any) => {
        if (method === 'add') return send({jsonrpc: '2.0', id, result: {sum: params.a + params.b}})
        for (let n = 0; n < params.count; n++) {
          const text = JSON.stringify({jsonrpc: '2.0', method: 'tick', params: {n, text: tickText}})
          if (socket.bufferedAmount < maxQueuedBytes) socket.send(text)
          else await new Promise((resolve) => socket.send(text, resolve))
        }
        send({jsonrpc: '2.0', id, result: {}})
      }
      socket.on('message', (data: Buffer) => void answer(JSON.parse(data.toString())))
    })
    await once(server, 'listening')
    tellPort((server.address() as {port: number}).port)
  },
  async connect(command, args) {
    const {child, port} = await startListening(command, args)
    const socket = new WebSocket(`ws://127.0.0.1:${port}`)
    await once(socket, 'open')
    const pending = new Map<number, (result: unknown) => void>()
    let lastId = 0
    let listener: (params: Tick) => void = () => {}
    socket.on('message', (data: Buffer) => {
      const {id, params, result} = JSON.parse(data.toString())
      if (id === undefined) return listener(params)
      pending.get(id)!(result)
      pending.delete(id)
    })
    return {
      request(method, params) {
        const id = ++lastId
        return new Promise((resolve) => {
          pending.set(id, resolve)
          socket.send(JSON.stringify({jsonrpc: '2.0', id, method, params}))
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
