import {setTimeout} from 'node:timers/promises'

import {eventsOf} from '../../../apps/tui/e2e/support/events-of.ts'
import {createHome, type Home} from '../../../apps/tui/e2e/support/home.ts'
import {createRandom, type Random} from '../schedule/random.ts'

export interface RacesOptions {
  seed: number
  /** How often each race is run. */
  runs: number
  jobs: number
  print: (line: string) => void
}

/** Runs once. Resolves to what was wrong, if anything was. `id`: a session at its prompt. */
type Race = (home: Home, id: string, random: Random) => Promise<string | undefined>

/** Longer than a start of `holdfast run` on a busy machine. */
const maxStartMs = 800
const tokens = Array.from({length: 60}, (_, index) => `<${index + 1}>`)

/** What depends on the order of two things that happen within milliseconds. */
const races: Readonly<Record<string, Race>> = {
  async 'Ctrl-C while a command starts'(home, id, random) {
    const run = home.startHoldfast(['run', '--session', id, '--', 'sleep 600'])
    await setTimeout(random.integer(0, maxStartMs))
    run.child.kill('SIGINT')
    const {stderr} = await run.ended
    const isRunning = (await home.holdfast(['ls', '--json'])).stdout.includes('"state":"running"')
    return isRunning && stderr === '' ? 'it runs on, and nobody was told' : undefined
  },
  async 'a question to the terminal whose asker ends'(home, id) {
    await home.holdfast(['run', '--session', id, '--', String.raw`printf '\033[c\033[6n'`])
    const {stdout} = await home.holdfast(['run', '--session', id, '--', 'echo next'])
    const {stdout: events} = await home.holdfast(['show', id, '--json'])
    return stdout === 'next\n' && !events.includes('background.output') ? undefined : stdout + events
  },
  async 'output of a background job between commands'(home, id) {
    const job = `for i in $(seq ${tokens.length}); do echo "<$i>"; sleep 0.01; done`
    await home.holdfast(['run', '--session', id, '--', `(${job}) &`])
    for (let command = 0; command < 3; command++) await home.holdfast(['run', '--session', id, '--', 'true'])
    await home.holdfast(['run', '--session', id, '--', 'wait'])
    const printed = (await eventsOf(home, id))
      .filter(({type}) => type === 'message.delta' || type === 'background.output')
      .map(({payload}) => payload.text)
      .join('')
    const wrong = tokens.filter((token) => printed.split(token).length !== 2)
    return wrong.length === 0 ? undefined : `lost or repeated: ${wrong.join(' ')}`
  },
}

/** Runs each race in a session of its own, and prints how often it failed. Resolves to the number of failures. */
export async function runRaces({seed, runs, jobs, print}: RacesOptions): Promise<number> {
  let failures = 0
  for (const [name, race] of Object.entries(races)) {
    let failed = 0
    let next = seed
    const work = async () => {
      while (next < seed + runs) {
        const number = next++
        await using home = createHome()
        const started = await home.holdfast(['run', '--no-wait', '--', 'true'])
        const wrong = await race(home, started.stdout.split(' ')[0]!, createRandom(number))
        if (wrong === undefined) continue
        failed += 1
        print(`seed ${number}: ${name}: ${wrong.slice(0, 2000)}`)
      }
    }
    await Promise.all(Array.from({length: jobs}, work))
    print(`${name}: ${failed} of ${runs} failed`)
    failures += failed
  }
  return failures
}
