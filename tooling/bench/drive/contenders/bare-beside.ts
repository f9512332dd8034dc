import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {join} from 'node:path'
import {createInterface} from 'node:readline'

import type {ContenderKind, DrivenProgram} from '../contender.ts'

/**
 * The least that can drive a program that survives: a bare one in a process of its own, which answers in JSON, and has written each
 * command to the disk before it runs, and its end before it says so.
 */
export const bareBeside: ContenderKind = {
  isCommand: false,
  async start() {
    const pids = new Set<number>()
    return {
      async open(command, size): Promise<DrivenProgram> {
        const file = join(import.meta.dirname, '../serve-bare-program.ts')
        const child = spawn(process.execPath, [file, JSON.stringify({command, size})], {
          stdio: ['pipe', 'pipe', 'inherit'],
        })
        const pid = child.pid!
        pids.add(pid)
        const answers = createInterface(child.stdout)[Symbol.asyncIterator]()
        const ask = async (method: string, text?: string) => {
          child.stdin.write(`${JSON.stringify({method, text})}\n`)
          JSON.parse((await answers.next()).value as string)
        }
        return {
          waitFor: (text) => ask('waitFor', text),
          snapshot: () => ask('cells'),
          runTrue: () => ask('runTrue'),
          async [Symbol.asyncDispose]() {
            child.stdin.end()
            await once(child, 'close')
            pids.delete(pid)
          },
        }
      },
      pids: () => [...pids],
      async [Symbol.asyncDispose]() {},
    }
  },
}
