import {readFileSync} from 'node:fs'

import type {Activity} from '@holdfast/protocol'

import {createHome} from '../../../../apps/tui/e2e/support/home.ts'
import {medianTime, type BenchCase} from '../bench-case.ts'
import {openClient, openSession} from '../open-client.ts'

const fullScreen = 'ms from the alternate screen to its report at a client'
const question = 'ms from a question without echo to its report at a client'
const count = 20

/** Programs that write down when they print, by the clock that all processes share, and end after Enter. */
const write = `require('fs').writeFileSync('at', String(process.hrtime.bigint()))`
const programs = {
  [fullScreen]: `node -e "${write}; process.stdout.write('\\x1b[?1049h'); process.stdin.once('data', () => process.exit())"`,
  [question]: `python3 -c "import getpass, time; open('at', 'w').write(str(time.monotonic_ns())); getpass.getpass()"`,
}

export const programInput: BenchCase = {
  async open() {
    const home = createHome()
    const client = openClient(home)
    let onInput: (input: Activity['input'] | undefined) => void = () => {}
    const {session, run} = await openSession(client, home, {onActivity: (activity) => onInput(activity?.input)})

    const measure = async (name: keyof typeof programs, input: Activity['input']): Promise<number> => {
      const reported = new Promise<bigint>((resolve) => {
        onInput = (next) => next === input && resolve(process.hrtime.bigint())
      })
      const ended = run(programs[name])
      const at = await reported
      await session.input(Buffer.from('\r'))
      await ended
      return Number(at - BigInt(readFileSync(`${home.project}/at`, 'utf8'))) / 1e6
    }
    return {
      steps: {
        terminal: async () => ({[fullScreen]: await medianTime(count, () => measure(fullScreen, 'terminal'))}),
        hidden: async () => ({[question]: await medianTime(count, () => measure(question, 'hidden'))}),
      },
      async [Symbol.asyncDispose]() {
        await client[Symbol.asyncDispose]()
        await home[Symbol.asyncDispose]()
      },
    }
  },
  goals: () => [],
}
