import {fork, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {fileURLToPath} from 'node:url'
import {setTimeout as delay} from 'node:timers/promises'

import {createHome, type Home} from '../../../../apps/tui/e2e/support/home.ts'
import {atMost, type BenchCase} from '../bench-case.ts'
import {makeBigFile} from '../big-file.ts'
import {memoryOf} from '../process-cost.ts'

const bytes = 500e6
const stoppedMs = 10_000
const settleMs = 2000
/** Into the flood. */
const beginMs = 1000
const roles = ['host', 'gateway', 'client'] as const
const growth = (who: string) => `MiB of memory (RSS) above idle of the ${who} at its highest, over a flood of 500 MB`
const client = fileURLToPath(new URL('../flooded-client.ts', import.meta.url))

export const flood: BenchCase = {
  async open() {
    const file = makeBigFile(bytes)
    return {
      steps: {
        async all() {
          await using home = createHome()
          return await measure(home, file.path)
        },
      },
      async [Symbol.asyncDispose]() {
        file[Symbol.dispose]()
      },
    }
  },
  goals: (median) => roles.map((who) => atMost(`flood, ${who}: MiB above idle`, median(growth(who)), 150)),
}

async function measure(home: Home, file: string): Promise<Record<string, number>> {
  const child = fork(client, [home.project, `cat ${file}`], {
    env: home.env,
    execArgv: ['--conditions=holdfast-source'],
  })
  const ended = once(child, 'exit')
  try {
    await heard(child, 'open')
    await delay(settleMs)
    const [host, gateway] = await Promise.all([home.process('host'), home.process('gateway')])
    const pids = {host: host.pid, gateway: gateway.pid, client: child.pid!}
    const before = roles.map((who) => memoryOf(pids[who]))
    const over = heard(child, 'over')
    child.send('go')
    await delay(beginMs)
    // It reads nothing for a while, as a client does whose machine sleeps.
    process.kill(pids.client, 'SIGSTOP')
    await delay(stoppedMs)
    process.kill(pids.client, 'SIGCONT')
    const {bytes: seen} = await over
    // Each line end is one byte longer behind a terminal.
    if (seen === undefined || seen < bytes) throw new Error(`Expected ${bytes} bytes at the client, got ${seen}`)
    return Object.fromEntries(roles.map((who, index) => [growth(who), memoryOf(pids[who], 'peak') - before[index]!]))
  } finally {
    if (child.connected) child.disconnect()
    await ended
  }
}

interface Word {
  word: string
  bytes?: number
}

async function heard(child: ChildProcess, word: string): Promise<Word> {
  for (;;) {
    const [said] = (await Promise.race([once(child, 'message'), endOf(child)])) as [Word]
    if (said.word === word) return said
  }
}

async function endOf(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null]
  throw new Error(`Expected the client to live, it ended with ${code}`)
}
