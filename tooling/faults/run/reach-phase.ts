import {setTimeout as delay} from 'node:timers/promises'

import {readCrashLog} from '@holdfast/breadcrumbs'
import {homePaths} from '@holdfast/event-log'

import {isAlive, waitForExit, type Process} from '../../../apps/tui/e2e/support/processes.ts'
import {until} from '../../../apps/tui/e2e/support/until.ts'
import type {Fault, Phase} from '../schedule/schedule.ts'
import type {TestSession} from '../session/test-session.ts'
import {findVictim, sendSignal} from '../session/victims.ts'
import {stopInMigration} from './stop-in-migration.ts'

export interface Target {
  victim: Process
  /** The phase that was reached. */
  phase: Phase
}

/** How long to wait for a phase, ms: a command that asks for input may be before it in the queue. */
const phaseTimeoutMs = 1500

/**
 * Brings the phase of a fault about, and resolves in it with the process to signal. As seen from outside:
 * - `start`: the process has started, and has not reported that it is ready.
 * - `accept`: a prompt was submitted, and not accepted yet.
 * - `commit`: a client has just got the answer to a request, such as the acceptance of a prompt.
 * - `stream`: a command prints.
 * - `resume`: a client has started, and has not received all events yet.
 * - `migrate`: a host has begun to migrate a log of an older format; it is stopped there.
 *
 * The phase is `rest` where the wanted one did not come, or was over too early.
 */
export function reachPhase(fault: Fault, session: TestSession): Promise<Target> {
  // The host starts a shell when a prompt needs one: nothing starts after the kill of an idle shell.
  const phase = fault.victim === 'shell' && fault.phase === 'start' ? 'accept' : fault.phase
  return reach[phase](fault, session)
}

const reach: Readonly<Record<Phase, (fault: Fault, session: TestSession) => Promise<Target>>> = {
  async start(fault, session) {
    const client = session.client(fault.client)
    await kill(fault, session)
    if (fault.victim === 'client') client.restart({fromStart: false})
    session.submit(fault.client, fault.prompt)
    const hasSession = fault.victim === 'agent' ? watchForReady(session) : undefined
    const victim = await findLiving(fault, session)
    await delay(fault.delayMs)
    const isReady =
      fault.victim === 'client' ? client.isOpen : (hasSession?.() ?? hasReportedReady(session.home, victim))
    return {victim, phase: isReady ? 'rest' : 'start'}
  },

  async accept(fault, session) {
    const victim = await findLiving(fault, session)
    session.submit(fault.client, fault.prompt)
    await delay(fault.delayMs)
    return {victim, phase: session.client(fault.client).unaccepted.has(fault.prompt.id) ? 'accept' : 'rest'}
  },

  async commit(fault, session) {
    const victim = await findLiving(fault, session)
    const committed = session.untilMessage(
      (message) => message.kind === 'accepted' || (message.kind === 'event' && message.type === 'message.complete'),
      phaseTimeoutMs,
    )
    session.submit(fault.client, fault.prompt)
    return {victim, phase: (await committed) ? 'commit' : 'rest'}
  },

  async stream(fault, session) {
    const victim = await findLiving(fault, session)
    const printed = session.untilMessage(
      (message) => message.kind === 'event' && message.type === 'message.delta',
      phaseTimeoutMs,
    )
    session.submit(fault.client, fault.prompt)
    const hasPrinted = await printed
    await delay(fault.delayMs)
    const {started, ended} = session.observations
    return {victim, phase: hasPrinted && started.size > ended.size ? 'stream' : 'rest'}
  },

  async resume(fault, session) {
    const client = session.client(fault.client)
    session.submit(fault.client, fault.prompt)
    await kill({...fault, victim: 'client'}, session)
    const {latestSeq} = session.observations
    let hasAll = false
    client.restart({fromStart: true})
    void session
      .untilMessage((message) => message.kind === 'event' && message.seq >= latestSeq, phaseTimeoutMs)
      .then((received) => (hasAll = received))
    const victim = await findLiving(fault, session)
    await delay(fault.delayMs)
    return {victim, phase: client.isOpen && hasAll ? 'rest' : 'resume'}
  },

  async migrate(fault, session) {
    session.submit(fault.client, fault.prompt)
    // A longer log takes longer to migrate.
    await session.untilMessage(
      (message) =>
        message.kind === 'event' && message.type === 'message.complete' && message.promptId === fault.prompt.id,
      2 * phaseTimeoutMs,
    )
    const {victim, isMigrating} = await stopInMigration(session, fault.delayMs % 2 === 0 ? 1 : 2, fault.delayMs)
    return {victim, phase: isMigrating ? 'migrate' : 'rest'}
  },

  async rest(fault, session) {
    await delay(fault.delayMs)
    return {victim: await findLiving(fault, session), phase: 'rest'}
  },
}

async function kill(fault: Fault, session: TestSession): Promise<void> {
  const victim = await findLiving(fault, session)
  if (fault.victim === 'client') session.client(fault.client).expectExit()
  sendSignal(victim, 'SIGKILL')
  await waitForExit(victim)
}

async function findLiving({victim, client, prompt}: Fault, session: TestSession): Promise<Process> {
  const find = () => {
    const found = findVictim(session, victim, client)
    return found !== undefined && isAlive(found) ? found : undefined
  }
  // The host replaces an exited shell or agent when a prompt needs one. Submitted again, it is the same prompt.
  if ((victim === 'shell' || victim === 'agent') && find() === undefined) session.submit(client, prompt)
  return await until(find, {what: `a living ${victim}`, timeoutMs: 20_000})
}

/** Whether the agent has had its session since this was called. */
function watchForReady(session: TestSession): () => boolean {
  let isReady = false
  void session
    .untilMessage((message) => message.kind === 'event' && message.type === 'agent.ready', phaseTimeoutMs)
    .then((came) => (isReady = came))
  return () => isReady
}

function hasReportedReady(home: string, {pid}: Process): boolean {
  const {breadcrumbs} = readCrashLog(homePaths(home).crashLog)
  return breadcrumbs.some((breadcrumb) => breadcrumb.pid === pid && breadcrumb.event === 'ready')
}
