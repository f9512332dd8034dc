import {once} from 'node:events'
import {mkdtempSync, rmSync} from 'node:fs'
import {createServer, type Socket} from 'node:net'
import {join} from 'node:path'
import {createInterface} from 'node:readline'

import type {Command} from './contender.ts'

/** A program that prints what it is told to. */
export interface Printer extends Disposable {
  /** How to start it, once. */
  readonly command: Command
  /** Prints a text. Resolves with the moment before that, on the clock of `process.hrtime`, which all processes share. */
  print(text: string): Promise<bigint>
}

export function createPrinter(): Printer {
  const folder = mkdtempSync('/tmp/hf-print-')
  const path = join(folder, 'socket')
  const server = createServer().listen(path)
  const connected = once(server, 'connection').then(([socket]) => {
    const connection = socket as Socket
    return {connection, answers: createInterface(connection)[Symbol.asyncIterator]()}
  })
  return {
    command: [process.execPath, join(import.meta.dirname, 'print-on-request.ts'), path],
    async print(text) {
      const {connection, answers} = await connected
      connection.write(`${JSON.stringify(text)}\n`)
      const {value} = await answers.next()
      return BigInt(value as string)
    },
    [Symbol.dispose]() {
      void connected.then(({connection}) => connection.destroy())
      server.close()
      rmSync(folder, {recursive: true})
    },
  }
}
