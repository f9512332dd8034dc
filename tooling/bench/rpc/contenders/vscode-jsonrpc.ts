import {spawn} from 'node:child_process'

import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node'

import {tickText, type Contender, type Tick} from '../contender.ts'

export const vscodeJsonrpc: Contender = {
  serve() {
    const connection = createMessageConnection(
      new StreamMessageReader(process.stdin),
      new StreamMessageWriter(process.stdout),
    )
    connection.onRequest('add', ({a, b}: {a: number; b: number}) => ({sum: a + b}))
    connection.onRequest('size', ({text}: {text: string}) => ({length: text.length}))
    connection.onRequest('flood', ({count}: {count: number}) => flood(connection, count))
    connection.listen()
  },
  connect(command, args) {
    const child = spawn(command, args, {stdio: ['pipe', 'pipe', 'inherit']})
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    )
    connection.listen()
    return {
      request: (method, params) => connection.sendRequest(method, params),
      onTick: (listener) => void connection.onNotification('tick', (params: Tick) => listener(params)),
      childPid: () => child.pid!,
      stop: () => void child.kill(),
    }
  },
}

async function flood(connection: MessageConnection, count: number) {
  for (let n = 0; n < count; n++) await connection.sendNotification('tick', {n, text: tickText})
  return {}
}
