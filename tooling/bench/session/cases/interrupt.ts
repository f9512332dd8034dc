import {readFileSync, rmSync} from 'node:fs'

import {decodeOutput} from '@holdfast/protocol'

import {createHome} from '../../../../apps/tui/e2e/support/home.ts'
import {atMost} from '../../report.ts'
import {medianTime, type BenchCase} from '../bench-case.ts'
import {openClient, openSession} from '../open-client.ts'

const ours = 'ms from Ctrl-C at a client to the program that floods it'
const theirs = 'ms from a signal to the same program'
const interrupts = 10
/** How much output comes before the interrupt. */
const floodBytes = 2_000_000
/** Writes its process id to `pid`, and the time of SIGINT in epoch seconds to `interrupted-at`. */
const flood = `bash -c 'trap "echo \\$EPOCHREALTIME >interrupted-at; exit 3" INT; echo $$ >pid; while :; do printf "%04096d" 1; done'`

export const interrupt: BenchCase = {
  async open() {
    const home = createHome()
    const client = openClient(home)
    let bytes = 0
    let onFlood = () => {}
    const {session, run} = await openSession(client, home, {
      onEvent(event) {
        if (event.type !== 'message.delta') return
        bytes += decodeOutput(event.payload).length
        if (bytes > floodBytes) onFlood()
      },
    })
    const fileOf = (name: string) => `${home.project}/${name}`

    const timeOf = async (act: () => void) => {
      bytes = 0
      rmSync(fileOf('interrupted-at'), {force: true})
      const interruptedAt = new Promise<number>((resolve) => {
        onFlood = () => {
          onFlood = () => {}
          resolve(performance.timeOrigin + performance.now())
          act()
        }
      })
      await run(flood)
      return Number(readFileSync(fileOf('interrupted-at'), 'utf8')) * 1000 - (await interruptedAt)
    }

    return {
      steps: {
        holdfast: async () => ({[ours]: await medianTime(interrupts, () => timeOf(() => void session.interrupt()))}),
        signal: async () => {
          const send = () => void process.kill(Number(readFileSync(fileOf('pid'), 'utf8')), 'SIGINT')
          return {[theirs]: await medianTime(interrupts, () => timeOf(send))}
        },
      },
      async [Symbol.asyncDispose]() {
        await client.close()
        await home[Symbol.asyncDispose]()
      },
    }
  },
  goals: (median) => [atMost('Ctrl-C in a flood: ms to the program', median(ours), 100)],
}
