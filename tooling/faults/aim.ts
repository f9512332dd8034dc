import {setTimeout as delay} from 'node:timers/promises'

import {readCrashLog} from '@holdfast/breadcrumbs'
import {homePaths} from '@holdfast/event-log'

import {isAlive, waitForDeath, type Process} from '../../apps/tui/e2e/support/processes.ts'
import {until} from '../../apps/tui/e2e/support/until.ts'
import {stopInMigration} from './older-log.ts'
import type {Fault, Phase} from './schedule.ts'
import {findVictim, send, type Scene} from './scene.ts'

export interface Aim {
  victim: Process
  /** The phase that was met. */
  phase: Phase
}

/** How long a phase may not come, ms: a command that waits for an answer may be before it. */
const phaseTimeoutMs = 1500

/**
 * Brings a phase about, and resolves in it with whom to hurt. From outside a phase is:
 * `start`: the process has begun, and has not said that it is ready.
 * `accept`: a prompt was submitted, and nobody was told that it is accepted.
 * `commit`: this moment somebody was told that something is committed.
 * `stream`: a command prints.
 * `resume`: a client has begun, and was not shown yet all that there is.
 * `migrate`: a host has begun to migrate a log of an older format; it is stopped there.
 * Where it did not come, or was over too early, the phase met is `rest`.
 */
export function aim(fault: Fault, scene: Scene): Promise<Aim> {
  // A shell begins when a prompt needs it: there is nothing to begin after the kill of an idle one.
  const phase = fault.victim === 'shell' && fault.phase === 'start' ? 'accept' : fault.phase
  return aims[phase](fault, scene)
}

const aims: Readonly<Record<Phase, (fault: Fault, scene: Scene) => Promise<Aim>>> = {
  async start(fault, scene) {
    const last = await livingVictim(fault, scene)
    if (fault.victim === 'client') scene.client(fault.client).expectDeath()
    send(last, 'SIGKILL')
    await waitForDeath(last)
    if (fault.victim === 'client') scene.client(fault.client).next({fresh: false})
    scene.submit(fault.client, fault.prompt)
    const victim = await livingVictim(fault, scene)
    await delay(fault.delayMs)
    const {client} = fault
    const isReady = fault.victim === 'client' ? scene.client(client).isOpen : hasSaidReady(scene.home, victim)
    return {victim, phase: isReady ? 'rest' : 'start'}
  },

  async accept(fault, scene) {
    const victim = await livingVictim(fault, scene)
    scene.submit(fault.client, fault.prompt)
    await delay(fault.delayMs)
    return {victim, phase: scene.client(fault.client).unaccepted.has(fault.prompt.id) ? 'accept' : 'rest'}
  },

  async commit(fault, scene) {
    const victim = await livingVictim(fault, scene)
    const told = scene.untilWord(
      (word) => word.kind === 'accepted' || (word.kind === 'event' && word.type === 'message.complete'),
      phaseTimeoutMs,
    )
    scene.submit(fault.client, fault.prompt)
    return {victim, phase: (await told) ? 'commit' : 'rest'}
  },

  async stream(fault, scene) {
    const victim = await livingVictim(fault, scene)
    const told = scene.untilWord((word) => word.kind === 'event' && word.type === 'message.delta', phaseTimeoutMs)
    scene.submit(fault.client, fault.prompt)
    const hasCome = await told
    await delay(fault.delayMs)
    const {started, ended} = scene.known
    return {victim, phase: hasCome && started.size > ended.size ? 'stream' : 'rest'}
  },

  async resume(fault, scene) {
    const participant = scene.client(fault.client)
    const last = await livingVictim({...fault, victim: 'client'}, scene)
    scene.submit(fault.client, fault.prompt)
    participant.expectDeath()
    send(last, 'SIGKILL')
    await waitForDeath(last)
    const {latestSeq} = scene.known
    let isShownAll = false
    participant.next({fresh: true})
    void scene
      .untilWord((word) => word.kind === 'event' && word.seq >= latestSeq, phaseTimeoutMs)
      .then((isShown) => (isShownAll = isShown))
    const victim = await livingVictim(fault, scene)
    await delay(fault.delayMs)
    return {victim, phase: participant.isOpen && isShownAll ? 'rest' : 'resume'}
  },

  async migrate(fault, scene) {
    scene.submit(fault.client, fault.prompt)
    // The longer the log, the longer it takes.
    await scene.untilWord(
      (word) => word.kind === 'event' && word.type === 'message.complete' && word.promptId === fault.prompt.id,
      2 * phaseTimeoutMs,
    )
    const {victim, isMigrating} = await stopInMigration(scene, fault.delayMs % 2 === 0 ? 1 : 2, fault.delayMs)
    return {victim, phase: isMigrating ? 'migrate' : 'rest'}
  },

  async rest(fault, scene) {
    await delay(fault.delayMs)
    return {victim: await livingVictim(fault, scene), phase: 'rest'}
  },
}

async function livingVictim({victim, client, prompt}: Fault, scene: Scene): Promise<Process> {
  const find = () => {
    const found = findVictim(scene, victim, client)
    return found !== undefined && isAlive(found) ? found : undefined
  }
  // A shell that has ended is replaced for a prompt; sent again, it is the same one.
  if (victim === 'shell' && find() === undefined) scene.submit(client, prompt)
  return await until(find, {what: `a ${victim} to hurt`, timeoutMs: 20_000})
}

function hasSaidReady(home: string, {pid}: Process): boolean {
  const {breadcrumbs} = readCrashLog(homePaths(home).crashLog)
  return breadcrumbs.some((breadcrumb) => breadcrumb.pid === pid && breadcrumb.event === 'ready')
}
