import {setTimeout as delay} from 'node:timers/promises'

import {pssOf} from '../process-costs.ts'
import {medianOf} from '../report.ts'
import type {ContenderKind} from './contender.ts'
import {createPrinter} from './printer.ts'
import {colouredScreen} from './coloured-screen.ts'

/** The measurements of a case by the name of the metric. */
type Figures = Readonly<Record<string, number>>

export interface OpenCase extends AsyncDisposable {
  measure(): Promise<Figures>
}

export const metrics = {
  wait: 'ms from a text to the end of a wait for it',
  waitAfter: 'ms of a wait for a text that is there',
  snapshot: 'ms of a snapshot of 200 × 50',
  runTrue: 'ms of `true` in an open shell',
  memory: 'MiB of PSS for 20 programs, without them',
}

const screen = {cols: 80, rows: 24}
const large = {cols: 200, rows: 50}
const programs = 20
/** A command that waits has started by then, ms. */
const startMs = 1000

interface DriveCase {
  metrics: readonly string[]
  open(kind: ContenderKind): Promise<OpenCase>
}

export const cases: Readonly<Record<string, DriveCase>> = {
  wait: {metrics: [metrics.wait, metrics.waitAfter], open: openWait},
  snapshot: {metrics: [metrics.snapshot], open: openSnapshot},
  'run-true': {metrics: [metrics.runTrue], open: openRunTrue},
  memory: {metrics: [metrics.memory], open: openMemory},
}

async function openWait(kind: ContenderKind): Promise<OpenCase> {
  await using stack = new AsyncDisposableStack()
  const contender = stack.use(await kind.start())
  const printer = stack.use(createPrinter())
  const driven = stack.use(await contender.open(printer.command, screen))
  let texts = 0
  const before = async () => {
    const text = `text-${++texts};`
    const waiting = driven.waitFor(text)
    // At all moments of what others do in turns.
    await delay((kind.isCommand ? startMs : 10) + Math.random() * 20)
    const printed = printer.print(`${text}\r\n`)
    await waiting
    const endedAt = process.hrtime.bigint()
    return Number(endedAt - (await printed)) / 1e6
  }
  const after = () => timeOf(() => driven.waitFor(`text-${texts};`))
  await before()
  return opened(stack, async () => ({
    [metrics.wait]: await repeat(kind, before),
    [metrics.waitAfter]: await repeat(kind, after),
  }))
}

async function openSnapshot(kind: ContenderKind): Promise<OpenCase> {
  await using stack = new AsyncDisposableStack()
  const contender = stack.use(await kind.start())
  const printer = stack.use(createPrinter())
  const driven = stack.use(await contender.open(printer.command, large))
  await printer.print(colouredScreen(large))
  await driven.waitFor('the end')
  const once = () => timeOf(() => driven.snapshot())
  await repeat(kind, once)
  return opened(stack, async () => ({[metrics.snapshot]: await repeat(kind, once)}))
}

async function openRunTrue(kind: ContenderKind): Promise<OpenCase> {
  await using stack = new AsyncDisposableStack()
  const contender = stack.use(await kind.start())
  const driven = stack.use(await contender.open(['/bin/bash', '--norc'], screen))
  const once = () => timeOf(() => driven.runTrue())
  await repeat(kind, once)
  return opened(stack, async () => ({[metrics.runTrue]: await repeat(kind, once)}))
}

/** Starts the contender anew for each measurement. */
async function openMemory(kind: ContenderKind): Promise<OpenCase> {
  return opened(new AsyncDisposableStack(), async () => {
    await using stack = new AsyncDisposableStack()
    const contender = stack.use(await kind.start())
    if (contender.pids === undefined) throw new Error('it is a part of the program that drives')
    for (let count = 0; count < programs; count++) {
      const driven = stack.use(await contender.open(['/bin/sh', '-c', 'echo ready; exec sleep 1000'], screen))
      await driven.waitFor('ready')
    }
    return {[metrics.memory]: contender.pids().reduce((sum, pid) => sum + pssOf(pid), 0)}
  })
}

/** Keeps what the case has opened until it is disposed of. */
function opened(stack: AsyncDisposableStack, measure: OpenCase['measure']): OpenCase {
  const kept = stack.move()
  return {measure, [Symbol.asyncDispose]: () => kept.disposeAsync()}
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** The median of several measurements. */
async function repeat({isCommand}: ContenderKind, measure: () => Promise<number>): Promise<number> {
  const values: number[] = []
  while (values.length < (isCommand ? 5 : 50)) values.push(await measure())
  return medianOf(values)
}
