import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, readFileSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'

import {findProcesses, waitForExit, type Process} from '../../../apps/tui/e2e/support/processes.ts'
import {until} from '../../../apps/tui/e2e/support/until.ts'
import type {Fault, Phase, Prompt, Schedule, Step, Victim} from '../schedule/schedule.ts'
import type {BuildUnderTest} from '../session/build-under-test.ts'
import {lastSeqOf} from '../session/driven-client.ts'
import {openTestSession} from '../session/open-test-session.ts'
import type {TestSession} from '../session/test-session.ts'
import {sendSignal} from '../session/victims.ts'
import {collectFacts, countSockets} from '../verify/collect-facts.ts'
import type {Facts} from '../verify/facts.ts'
import {findViolations} from '../verify/find-violations.ts'
import {reachPhase} from './reach-phase.ts'

export interface RunOptions {
  build: BuildUnderTest
  /** An empty folder with a short path: it holds sockets. */
  folder: string
}

export interface InjectedFault {
  victim: Victim
  signal: Fault['signal']
  /** The phase that was reached. */
  phase: Phase
}

export interface RunResult {
  violations: readonly string[]
  faults: readonly InjectedFault[]
  prompts: number
  events: number
}

/** Carries a schedule out on real processes, waits until all is at rest, and checks from outside what became of it. */
export async function runSchedule(schedule: Schedule, {build, folder}: RunOptions): Promise<RunResult> {
  const session = await openTestSession({build, folder, ...schedule}).catch(async (error: unknown) => {
    await killAll(`${folder}/state`)
    throw error
  })
  const faults: InjectedFault[] = []
  const errors: string[] = []
  let atRest: AtRest = {sockets: undefined, size: undefined}
  try {
    for (const step of schedule.steps) await carryOut(step, session, faults)
    atRest = await finish(session)
  } catch (error) {
    errors.push(error instanceof Error ? error.message : String(error))
  } finally {
    session.end()
  }
  const leftProcesses = await killAll(session.home)
  const faulted = new Set(faults.map(({victim}) => victim))
  const facts = collectFacts({...atRest, session, leftProcesses, faulted})
  const violations = [...session.observations.errors, ...errors, ...findViolations(facts)]
  return {violations, faults, prompts: session.submitted.size, events: facts.log.length}
}

/** How long to wait until a prompt is queued, ms: its host may still be starting. */
const queueTimeoutMs = 1500

async function carryOut(step: Step, session: TestSession, faults: InjectedFault[]): Promise<void> {
  switch (step.kind) {
    case 'prompt':
      return session.submit(step.client, step.prompt)
    case 'resize':
      return session.client(step.client).send({kind: 'resize', cols: step.cols, rows: step.rows})
    case 'interrupt':
      return session.interrupt(step.client)
    case 'change': {
      for (const prompt of step.prompts) session.submit(step.client, prompt)
      const last = step.prompts[2]
      await session.untilMessage((message) => message.kind === 'event' && message.promptId === last.id, queueTimeoutMs)
      return session.change(step.client, step.change, last)
    }
    case 'draft':
      return session.draft(step.client, step.text)
    case 'replace': {
      const client = session.client(step.client)
      await client.close()
      return client.restart({fromStart: step.fromStart})
    }
    case 'pause':
      await delay(step.ms)
      return
    case 'fault':
      faults.push(await inject(step, session))
  }
}

async function inject(fault: Fault, session: TestSession): Promise<InjectedFault> {
  const {victim: kind, signal} = fault
  const {victim, phase} = await reachPhase(fault, session)
  const client = session.client(fault.client)
  if (signal === 'SIGSTOP') {
    sendSignal(victim, 'SIGSTOP')
    // The schedule continues meanwhile.
    void delay(fault.stoppedMs).then(() => sendSignal(victim, 'SIGCONT'))
  } else {
    if (kind === 'client') client.expectExit()
    sendSignal(victim, signal)
    // A stopped process does not see a SIGTERM until it continues.
    sendSignal(victim, 'SIGCONT')
    // An interactive shell ignores SIGTERM.
    if (kind !== 'shell' || signal === 'SIGKILL') await waitForExit(victim)
    if (kind === 'client') client.restart({fromStart: fault.delayMs % 2 === 0})
  }
  return {victim: kind, signal, phase}
}

type AtRest = Pick<Facts, 'sockets' | 'size'>

/** How long all that was begun may take to end, ms. */
const timeoutMs = 30_000

/** Waits for the end of all prompts, closes the session, and ends the clients when all of them have received its end. */
async function finish(session: TestSession): Promise<AtRest> {
  const {observations, submitted, clients, home, env} = session
  const missing = () => [...submitted.keys()].filter((id) => !observations.ended.has(id))
  await until(() => missing().length === 0, {what: 'the end of all prompts', timeoutMs}).catch((error: Error) => {
    throw new Error(`${error.message}: ${missing().join(', ')}`, {cause: error})
  })
  const everyClient = (what: string, holds: (client: TestSession['clients'][number]) => boolean) =>
    until(() => clients.every(holds), {what, timeoutMs})
  await everyClient('the acceptance of all prompts', ({unaccepted}) => unaccepted.size === 0)
  await everyClient('all clients to open the session', ({isOpen}) => isOpen)
  // An agent has no terminal.
  const size = session.answerer === 'shell' ? await measure(session) : undefined
  // One that listens, its stdout, one for each client, and the stdio of an agent. The one of a replaced client may still be closing.
  const most = clients.length + 2 + (session.answerer === 'agent' ? 3 : 0)
  const found = () => countSockets(findProcesses(home).find(({role}) => role === 'host'))
  await until(() => found() <= most, {what: 'closed sockets', timeoutMs: 3000}).catch(() => undefined)
  const sockets = {found: found(), most}

  const closing = spawn(process.execPath, [session.cli, 'close', observations.sessionId ?? ''], {env, stdio: 'inherit'})
  await once(closing, 'exit')
  await everyClient(
    'the end of the session at every client',
    ({instances}) => observations.isClosed && lastSeqOf(instances.at(-1)!) >= observations.latestSeq,
  )
  await Promise.all(clients.map((client) => client.close()))
  await until(() => findProcesses(home).length === 0, {what: 'the end of all processes'})
  return {sockets, size}
}

/** Resizes the terminal, and lets a command note the size that it finds. */
async function measure(session: TestSession): Promise<Facts['size']> {
  const {clients, observations, project} = session
  const [cols, rows] = [123, 45]
  // Every client sends it, so that no earlier size of another client arrives after it.
  for (const client of clients) {
    const resized = session.untilMessage((message) => message.kind === 'resized' && message.cols === cols, timeoutMs)
    client.send({kind: 'resize', cols, rows})
    if (!(await resized)) throw new Error('Expected a session at rest to accept a size, it did not')
  }
  const prompt: Prompt = {id: 'measure', does: 'measure'}
  session.submit(0, prompt)
  await until(() => observations.ended.has(prompt.id), {what: 'the end of a prompt at rest', timeoutMs})
  const file = `${project}/size`
  return {set: `${rows} ${cols}`, found: existsSync(file) ? readFileSync(file, 'utf8').trim() : 'nothing'}
}

/** Kills the processes that are left, and returns them. */
async function killAll(home: string): Promise<readonly Process[]> {
  const left = findProcesses(home)
  for (const process of left) sendSignal(process, 'SIGKILL')
  await Promise.all(left.map((process) => waitForExit(process)))
  return left
}
