import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {cpuMsOf, peakOf, pssOf, residentOf, wakeupsOf} from '../process-costs.ts'
import {percentileOf} from '../report.ts'
import {makeHistory} from './make-history.ts'
import {makeRepository} from './make-repository.ts'
import {measureEcho} from './measure-echo.ts'
import {screen, type Probe} from './probe.ts'
import {composer, createSetup, ended, idle, type Programs, type Setup} from './setup.ts'

export type Contender = (typeof contenders)[number]

/** One number, named with its unit. */
export interface Value {
  contender: Contender
  metric: string
  value: number
}

/** `three relays`: the limit of any three processes of Node between vim and the terminal. */
export const contenders = ['hello-world', 'vim', 'one relay', 'three relays', 'holdfast'] as const

/** Each has a home folder of its own. */
export const workloads: Readonly<Record<string, (programs: Programs) => Values>> = {
  start,
  echo,
  busy,
  memory,
  flood,
  deltas,
  idle: rest,
  completion,
}
export type Values = AsyncGenerator<Value>

/** Starts of each program in a round, by turns. */
const startCount = 6
export const keyCount = 100
const tabCount = 40
const repositoryFiles = 5000
const runCount = 10_000
const floodBytes = 100_000_000
/** CPU and memory of a process peak at its start. */
export const settleMs = 4000
const restMs = 5000
/** V8 collects the garbage of the start in steps, for about 20 s. */
const restAfterMs = 30_000

const printFast = join(import.meta.dirname, 'programs/print-fast.ts')

async function* start(programs: Programs): Values {
  await using setup = createSetup(programs)
  for (let index = 0; index <= startCount; index++) {
    const order = [startHelloWorld, startHoldfast]
    for (const startOne of index % 2 === 0 ? order : order.reverse()) {
      const values = await startOne(setup)
      // The first start of each fills its compile cache.
      if (index > 0) yield* values
    }
  }
}

async function startHelloWorld(setup: Setup): Promise<Value[]> {
  await using probe = setup.openHelloWorld()
  const firstFrameAt = await expectComposer(probe)
  return [{contender: 'hello-world', metric: 'ms to the first frame', value: firstFrameAt - probe.startedAt}]
}

async function startHoldfast(setup: Setup): Promise<Value[]> {
  const values = await (async () => {
    await using probe = setup.openHoldfast()
    const firstFrameAt = await expectComposer(probe)
    const liveAt = await probe.waitFor(idle)
    return [
      {contender: 'holdfast' as const, metric: 'ms to the first frame', value: firstFrameAt - probe.startedAt},
      {contender: 'holdfast' as const, metric: 'ms to a live session', value: liveAt - probe.startedAt},
    ]
  })()
  await setup.home.holdfast(['close', '--all'])
  return values
}

/** The time of the first frame with a composer. Throws if a key that is typed then is lost. */
async function expectComposer(probe: Probe): Promise<number> {
  const at = await probe.waitFor(composer)
  probe.write('я')
  await probe.waitFor('я')
  return at
}

async function* echo(programs: Programs): Values {
  await using setup = createSetup(programs)
  for (const contender of ['hello-world', 'holdfast'] as const) {
    await using probe = contender === 'holdfast' ? setup.openHoldfast() : setup.openHelloWorld()
    await probe.waitFor(contender === 'holdfast' ? idle : composer)
    await delay(settleMs)
    const value = percentileOf(await measureEcho(probe, keyCount), 0.95)
    yield {contender, metric: 'ms of echo at p95, idle', value}
  }
}

async function* busy(programs: Programs): Values {
  await using setup = createSetup(programs)
  const id = makeHistory(setup.home, runCount)
  await using probe = setup.openHoldfast(['--resume', id])
  await probe.waitFor(idle)
  await delay(settleMs)
  probe.write(`node ${printFast} 30`)
  await probe.waitFor(`${printFast.slice(-10)} 30`)
  probe.write('\r')
  await probe.waitFor('· running')
  await delay(1000)
  const value = percentileOf(await measureEcho(probe, keyCount), 0.95)
  yield {contender: 'holdfast', metric: 'ms of echo at p95, busy', value}
  probe.write('\u0015\u0003')
}

async function* memory(programs: Programs): Values {
  await using setup = createSetup(programs)
  {
    await using probe = setup.openHelloWorld()
    await probe.waitFor(composer)
    await delay(settleMs)
    yield {contender: 'hello-world', metric: 'MiB of PSS', value: pssOf(probe.pid)}
  }
  await using probe = setup.openHoldfast()
  await probe.waitFor(idle)
  probe.write('echo hello\r')
  await probe.waitFor(ended)
  await delay(settleMs)
  const pss = Object.entries(await setup.pidsOf(probe)).map(([role, pid]) => [role, pssOf(pid)] as const)
  for (const [role, value] of pss) yield {contender: 'holdfast', metric: `MiB of PSS, ${role}`, value}
  yield {contender: 'holdfast', metric: 'MiB of PSS', value: pss.reduce((sum, [, value]) => sum + value, 0)}
}

async function* flood(programs: Programs): Values {
  await using setup = createSetup(programs)
  await using probe = setup.openHoldfast()
  await probe.waitFor(idle)
  await delay(settleMs)
  const pids = Object.entries(await setup.pidsOf(probe))
  const before = pids.map(([, pid]) => ({resident: residentOf(pid), cpuMs: cpuMsOf(pid)}))
  const bytesBefore = probe.byteCount
  probe.write(`yes ${'0123456789'.repeat(8).slice(1)} | head -c ${floodBytes}\r`)
  probe.reset()
  const startedAt = performance.now()
  const wallMs = (await probe.waitFor(ended, {timeoutMs: 300_000})) - startedAt
  yield {contender: 'holdfast', metric: 's for a flood of 100 MB', value: wallMs / 1000}
  for (const [index, [role, pid]] of pids.entries()) {
    const {resident, cpuMs} = before[index]!
    yield {contender: 'holdfast', metric: `MiB above idle in a flood, ${role}`, value: peakOf(pid) - resident}
    yield {contender: 'holdfast', metric: `cores in a flood, ${role}`, value: (cpuMsOf(pid) - cpuMs) / wallMs}
  }
  const frames = (wallMs / 1000) * 30
  const value = (probe.byteCount - bytesBefore) / frames / screenful
  yield {contender: 'holdfast', metric: 'screenfuls per frame in a flood', value}
}

/** Bytes of a screen of plain text. Control sequences count on top of that. */
const screenful = screen.cols * screen.rows

async function* deltas(programs: Programs): Values {
  await using setup = createSetup(programs)
  await using probe = setup.openHoldfast()
  await probe.waitFor(idle)
  probe.write('seq 1000\r')
  await probe.waitFor(ended)
  await delay(1000)
  probe.reset()
  // A progress bar with pauses between its steps, so that each is a burst of its own.
  probe.write(`for i in $(seq 60); do printf '\\r%s of 60' $i; sleep 0.1; done; printf '\\ndone\\n'\r`)
  await delay(2000)
  probe.reset()
  await delay(3000)
  yield {
    contender: 'holdfast',
    metric: 'screenfuls per step of a progress bar, at most',
    value: probe.longestBurst / screenful,
  }
}

async function* rest(programs: Programs): Values {
  await using setup = createSetup(programs)
  await using probe = setup.openHoldfast()
  await probe.waitFor(idle)
  probe.write('echo hello\r')
  await probe.waitFor(ended)
  await delay(restAfterMs)
  const pids = Object.entries(await setup.pidsOf(probe))
  const before = pids.map(([, pid]) => ({cpuMs: cpuMsOf(pid), wakeups: wakeupsOf(pid)}))
  const bytesBefore = probe.byteCount
  await delay(restMs)
  yield {contender: 'holdfast', metric: 'bytes written in 5 s at rest', value: probe.byteCount - bytesBefore}
  for (const [index, [role, pid]] of pids.entries()) {
    const {cpuMs, wakeups} = before[index]!
    const perSecond = (value: number) => (value * 1000) / restMs
    yield {
      contender: 'holdfast',
      metric: `ms of CPU a second at rest, ${role}`,
      value: perSecond(cpuMsOf(pid) - cpuMs),
    }
    yield {
      contender: 'holdfast',
      metric: `wakeups a second at rest, ${role}`,
      value: perSecond(wakeupsOf(pid) - wakeups),
    }
  }
}

/** From Tab to the list of candidates, in a repository; the first Tab for each line starts what later ones use. */
async function* completion(programs: Programs): Values {
  await using setup = createSetup(programs)
  makeRepository(setup.home, repositoryFiles)
  await using probe = setup.openHoldfast()
  await probe.waitFor(idle)
  for (const [line, listed] of [
    ['git che', 'cherry-pick'],
    ['git checkout ', 'feature-two'],
  ] as const) {
    const listMs: number[] = []
    for (let tab = 0; tab <= tabCount; tab++) {
      probe.write(line)
      await delay(100)
      probe.reset()
      const pressedAt = performance.now()
      probe.write('\t')
      const at = await probe.waitFor(listed)
      if (tab > 0) listMs.push(at - pressedAt)
      probe.write('\u001b')
      await delay(100)
      probe.write('\u0015')
      await delay(100)
    }
    yield {
      contender: 'holdfast',
      metric: `ms from Tab to the list at p95, ${line.trim()}`,
      value: percentileOf(listMs, 0.95),
    }
  }
}
