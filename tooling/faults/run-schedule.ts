import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, readFileSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'

import {findProcesses, waitForDeath, type Process} from '../../apps/tui/e2e/support/processes.ts'
import {until} from '../../apps/tui/e2e/support/until.ts'
import {aim} from './aim.ts'
import {findViolations} from './checks.ts'
import type {ClientWord} from './client-words.ts'
import type {Facts} from './facts.ts'
import {collectFacts, countSockets} from './collect-facts.ts'
import {wholeLines} from './participant.ts'
import type {Product} from './product.ts'
import {openScene, send, type Scene} from './scene.ts'
import type {Fault, Phase, Prompt, Schedule, Step, Victim} from './schedule.ts'

export interface RunOptions {
  product: Product
  /** A fresh folder, with a short path: sockets are in it. */
  folder: string
}

/** A fault that was done. */
export interface DoneFault {
  victim: Victim
  signal: Fault['signal']
  phase: Phase
}

export interface RunResult {
  violations: readonly string[]
  faults: readonly DoneFault[]
  prompts: number
  events: number
}

/** Carries a schedule out on real processes, lets all come to rest, and looks from outside at what is left. */
export async function runSchedule(schedule: Schedule, {product, folder}: RunOptions): Promise<RunResult> {
  const scene = await openScene({product, folder, clients: schedule.clients}).catch(async (error: unknown) => {
    await endAll(`${folder}/state`)
    throw error
  })
  const faults: DoneFault[] = []
  const problems: string[] = []
  let atRest: AtRest | undefined
  try {
    for (const step of schedule.steps) await carryOut(step, scene, faults)
    atRest = await finish(scene)
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error))
  } finally {
    scene.end()
  }
  const leftProcesses = await endAll(scene.home)
  const {known, participants, submitted, olderLogs, interrupted} = scene
  const {sockets, size} = atRest ?? {}
  const hurtShell = faults.some(({victim}) => victim === 'shell')
  const facts = collectFacts({
    folder,
    known,
    participants,
    submitted,
    olderLogs,
    interrupted,
    leftProcesses,
    hurtShell,
    sockets,
    size,
  })
  const violations = [...known.faults, ...problems, ...findViolations(facts)]
  return {violations, faults, prompts: submitted.size, events: facts.log.length}
}

/** How long to wait until a prompt that is to be changed waits, ms: a host may be on its way. */
const changeTimeoutMs = 1500

async function carryOut(step: Step, scene: Scene, faults: DoneFault[]): Promise<void> {
  switch (step.kind) {
    case 'prompt':
      return scene.submit(step.client, step.prompt)
    case 'resize':
      return scene.client(step.client).tell({kind: 'resize', cols: step.cols, rows: step.rows})
    case 'interrupt':
      return scene.interrupt(step.client)
    case 'change': {
      for (const prompt of step.prompts) scene.submit(step.client, prompt)
      const last = step.prompts[2]
      const isLast = (word: ClientWord) => word.kind === 'event' && word.promptId === last.id
      await scene.untilWord(isLast, changeTimeoutMs)
      return scene.change(step.client, step.does, last)
    }
    case 'draft':
      return scene.draft(step.client, step.text)
    case 'replace': {
      const participant = scene.client(step.client)
      await participant.close()
      return participant.next({fresh: step.fresh})
    }
    case 'pause':
      await delay(step.ms)
      return
    case 'fault':
      faults.push(await hurt(step, scene))
  }
}

async function hurt(fault: Fault, scene: Scene): Promise<DoneFault> {
  const {victim: kind, signal, client} = fault
  const {victim, phase} = await aim(fault, scene)
  const participant = scene.client(client)
  if (signal === 'SIGSTOP') {
    send(victim, 'SIGSTOP')
    // What goes on meanwhile goes on without it.
    void delay(fault.stoppedMs).then(() => send(victim, 'SIGCONT'))
  } else {
    if (kind === 'client') participant.expectDeath()
    send(victim, signal)
    // An interactive shell does not mind a SIGTERM.
    // One that is stopped does not hear of it.
    send(victim, 'SIGCONT')
    if (kind !== 'shell' || signal === 'SIGKILL') await waitForDeath(victim)
    if (kind === 'client') participant.next({fresh: fault.delayMs % 2 === 0})
  }
  return {victim: kind, signal, phase}
}

type AtRest = Pick<Facts, 'sockets' | 'size'>

/** How long what was begun may take to come to rest, ms. */
const timeoutMs = 30_000

/** Waits until all prompts have ended, closes the session, and ends the clients when all were shown the end. */
async function finish(scene: Scene): Promise<AtRest> {
  const {known, submitted, participants, home, env} = scene
  const missing = () => [...submitted.keys()].filter((id) => !known.ended.has(id))
  await until(() => missing().length === 0, {what: 'the end of all prompts', timeoutMs}).catch((error: Error) => {
    throw new Error(`${error.message}: ${missing().join(', ')}`, {cause: error})
  })
  await until(() => participants.every(({unaccepted}) => unaccepted.size === 0), {
    what: 'the acceptance of all prompts',
    timeoutMs,
  })
  await until(() => participants.every(({isOpen}) => isOpen), {what: 'all clients to see the session', timeoutMs})
  const size = await measure(scene)
  // One listens, one is its stdout, one for each client; a client that was replaced may be on its way out.
  const most = participants.length + 2
  const found = () => countSockets(findProcesses(home).find(({role}) => role === 'host'))
  await until(() => found() <= most, {what: 'the lines of those who left', timeoutMs: 3000}).catch(() => undefined)
  const sockets = {found: found(), most}

  await once(spawn(process.execPath, [scene.cli, 'close', known.sessionId ?? ''], {env, stdio: 'inherit'}), 'exit')
  const isShownAll = () =>
    known.isClosed &&
    participants.every(({lives}) => {
      const life = lives.at(-1)
      return life !== undefined && life.afterSeq + wholeLines(life.file).length >= known.latestSeq
    })
  await until(isShownAll, {what: 'the end of the session, as every client sees it', timeoutMs})
  await Promise.all(participants.map((participant) => participant.close()))
  await until(() => findProcesses(home).length === 0, {what: 'the end of all processes'})
  return {sockets, size}
}

/** Gives the session a size, and lets a command tell which it finds. */
async function measure(scene: Scene): Promise<NonNullable<Facts['size']>> {
  const {participants, known, project} = scene
  const [cols, rows] = [123, 45]
  for (const participant of participants) {
    // Of all of them: what one was told before comes before it.
    const taken = scene.untilWord((word) => word.kind === 'resized' && word.cols === cols, timeoutMs)
    participant.tell({kind: 'resize', cols, rows})
    if (!(await taken)) throw new Error('Expected a session at rest to take a size, it did not')
  }
  const prompt: Prompt = {id: 'measure', does: 'measure'}
  scene.submit(0, prompt)
  await until(() => known.ended.has(prompt.id), {what: 'the end of a prompt at rest', timeoutMs})
  const file = `${project}/size`
  return {set: `${rows} ${cols}`, found: existsSync(file) ? readFileSync(file, 'utf8').trim() : 'nothing'}
}

/** Ends what still lives, and tells what that was. */
async function endAll(home: string): Promise<readonly Process[]> {
  const left = findProcesses(home)
  for (const process of left) send(process, 'SIGKILL')
  await Promise.all(left.map((process) => waitForDeath(process)))
  return left
}
