import {fileURLToPath} from 'node:url'
import {setTimeout as pause} from 'node:timers/promises'

import {makeHistory} from './make-history.ts'
import {measureEcho, p95Of} from './measure-echo.ts'
import {screen, type Probe} from './probe.ts'
import {costsOf, peakOf, pssOf, residentOf} from './process-costs.ts'
import {composer, createScene, ended, idle, type Programs, type Scene} from './scene.ts'

export type Contender = 'holdfast' | 'hello-world'
/** One number, named with its unit. */
export interface Value {
  contender: Contender
  metric: string
  value: number
}

/** What is measured in each round, in a home of its own; what begins it is not measured. */
export const WORKLOADS = {start, echo, busy, memory, flood, deltas, idle: rest} as const
export type WorkloadName = keyof typeof WORKLOADS
type Values = AsyncGenerator<Value>

/** Starts of each in a round, one of one after one of the other. */
const startCount = 6
const keyCount = 100
const runCount = 10_000
const floodBytes = 100_000_000
/** What starts has its peaks; afterwards they settle. */
const settleMs = 4000
const restMs = 5000
/** For that long V8 goes through what the start has left; only then a process is at rest. */
const restAfterMs = 30_000

const printFast = fileURLToPath(new URL('programs/print-fast.ts', import.meta.url))

async function* start(programs: Programs): Values {
  await using scene = createScene(programs)
  for (let index = 0; index <= startCount; index++) {
    const order = [startHelloWorld, startHoldfast]
    for (const startOne of index % 2 === 0 ? order : order.reverse()) {
      const values = await startOne(scene)
      // The first one of each fills its compile cache, as the first start after an update does.
      if (index > 0) yield* values
    }
  }
}

async function startHelloWorld(scene: Scene): Promise<Value[]> {
  await using probe = scene.openHelloWorld()
  const firstFrameAt = await expectComposer(probe)
  return [{contender: 'hello-world', metric: 'ms to the first frame', value: firstFrameAt - probe.startedAt}]
}

async function startHoldfast(scene: Scene): Promise<Value[]> {
  const values = await (async () => {
    await using probe = scene.openHoldfast()
    const firstFrameAt = await expectComposer(probe)
    const liveAt = await probe.waitFor(idle)
    return [
      {contender: 'holdfast' as const, metric: 'ms to the first frame', value: firstFrameAt - probe.startedAt},
      {contender: 'holdfast' as const, metric: 'ms to a live session', value: liveAt - probe.startedAt},
    ]
  })()
  await scene.home.holdfast(['close', '--all'])
  return values
}

/** The time of the first frame with a composer; a key that is typed then is not lost. */
async function expectComposer(probe: Probe): Promise<number> {
  const at = await probe.waitFor(composer)
  probe.write('я')
  await probe.waitFor('я')
  return at
}

async function* echo(programs: Programs): Values {
  await using scene = createScene(programs)
  for (const contender of ['hello-world', 'holdfast'] as const) {
    await using probe = contender === 'holdfast' ? scene.openHoldfast() : scene.openHelloWorld()
    await probe.waitFor(contender === 'holdfast' ? idle : composer)
    await pause(settleMs)
    const value = p95Of(await measureEcho(probe, keyCount))
    yield {contender, metric: 'ms of echo at p95, idle', value}
  }
}

async function* busy(programs: Programs): Values {
  await using scene = createScene(programs)
  const id = makeHistory(scene.home, runCount)
  await using probe = scene.openHoldfast(['--resume', id])
  await probe.waitFor(idle)
  await pause(settleMs)
  probe.write(`node ${printFast} 30`)
  await probe.waitFor(`${printFast.slice(-10)} 30`)
  probe.write('\r')
  await probe.waitFor('· running')
  await pause(1000)
  const value = p95Of(await measureEcho(probe, keyCount))
  yield {contender: 'holdfast', metric: 'ms of echo at p95, busy', value}
  probe.write('\u0015\u0003')
}

async function* memory(programs: Programs): Values {
  await using scene = createScene(programs)
  {
    await using probe = scene.openHelloWorld()
    await probe.waitFor(composer)
    await pause(settleMs)
    yield {contender: 'hello-world', metric: 'MiB of PSS', value: pssOf(probe.pid)}
  }
  await using probe = scene.openHoldfast()
  await probe.waitFor(idle)
  probe.write('echo hello\r')
  await probe.waitFor(ended)
  await pause(settleMs)
  const pss = Object.entries(await scene.cast(probe)).map(([role, pid]) => [role, pssOf(pid)] as const)
  for (const [role, value] of pss) yield {contender: 'holdfast', metric: `MiB of PSS, ${role}`, value}
  yield {contender: 'holdfast', metric: 'MiB of PSS', value: pss.reduce((sum, [, value]) => sum + value, 0)}
}

async function* flood(programs: Programs): Values {
  await using scene = createScene(programs)
  await using probe = scene.openHoldfast()
  await probe.waitFor(idle)
  await pause(settleMs)
  const cast = Object.entries(await scene.cast(probe))
  const before = cast.map(([, pid]) => ({resident: residentOf(pid), ...costsOf(pid)}))
  const bytesBefore = probe.byteCount
  probe.write(`yes ${'0123456789'.repeat(8).slice(1)} | head -c ${floodBytes}\r`)
  probe.reset()
  const startedAt = performance.now()
  const wallMs = (await probe.waitFor(ended, {timeoutMs: 300_000})) - startedAt
  yield {contender: 'holdfast', metric: 's for a flood of 100 MB', value: wallMs / 1000}
  for (const [index, [role, pid]] of cast.entries()) {
    const {resident, cpuMs} = before[index]!
    yield {contender: 'holdfast', metric: `MiB above idle in a flood, ${role}`, value: peakOf(pid) - resident}
    yield {contender: 'holdfast', metric: `cores in a flood, ${role}`, value: (costsOf(pid).cpuMs - cpuMs) / wallMs}
  }
  const frames = (wallMs / 1000) * 30
  const value = (probe.byteCount - bytesBefore) / frames / screenful
  yield {contender: 'holdfast', metric: 'screenfuls for a frame of a flood', value}
}

/** Bytes. What moves the cursor, and colours, come on top of the cells; they count. */
const screenful = screen.cols * screen.rows

async function* deltas(programs: Programs): Values {
  await using scene = createScene(programs)
  await using probe = scene.openHoldfast()
  await probe.waitFor(idle)
  probe.write('seq 1000\r')
  await probe.waitFor(ended)
  await pause(1000)
  probe.reset()
  // A progress bar, with time between its steps to tell what is written for each.
  probe.write(`for i in $(seq 60); do printf '\\r%s of 60' $i; sleep 0.1; done; printf '\\ndone\\n'\r`)
  await pause(2000)
  probe.reset()
  await pause(3000)
  yield {contender: 'holdfast', metric: 'screenfuls for a delta, at most', value: probe.longestBurst / screenful}
}

async function* rest(programs: Programs): Values {
  await using scene = createScene(programs)
  await using probe = scene.openHoldfast()
  await probe.waitFor(idle)
  probe.write('echo hello\r')
  await probe.waitFor(ended)
  await pause(restAfterMs)
  const cast = Object.entries(await scene.cast(probe))
  const before = cast.map(([, pid]) => costsOf(pid))
  const bytesBefore = probe.byteCount
  await pause(restMs)
  yield {contender: 'holdfast', metric: 'bytes written in 5 s of rest', value: probe.byteCount - bytesBefore}
  for (const [index, [role, pid]] of cast.entries()) {
    const {cpuMs, switches} = costsOf(pid)
    const seconds = restMs / 1000
    const {cpuMs: cpuBefore, switches: switchesBefore} = before[index]!
    yield {contender: 'holdfast', metric: `ms of CPU a second at rest, ${role}`, value: (cpuMs - cpuBefore) / seconds}
    yield {
      contender: 'holdfast',
      metric: `wakes a second at rest, ${role}`,
      value: (switches - switchesBefore) / seconds,
    }
  }
}
