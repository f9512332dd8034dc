import {mkdirSync} from 'node:fs'

import {findProcesses, waitForDeath, type Process} from '../e2e/processes.ts'
import {until} from '../e2e/until.ts'
import {collectFacts} from './collect-facts.ts'
import type {Facts} from './facts.ts'
import {createRandom} from './random.ts'
import {planKills, planPrompt, type Kill} from './schedule.ts'
import {startStream, type Stream} from './stream.ts'

export interface FaultsOptions {
  seed: number
  kills: number
  /** A fresh folder, with a short path: sockets are in it. */
  folder: string
  /** The built cli.js. */
  cli: string
}

export interface FaultsRun {
  facts: Facts
  /** What went wrong on the way. */
  faults: readonly string[]
  kills: readonly Kill[]
}

/** Kills gateway, host and client by plan under a stream of prompts, lets all come to rest, and collects what is found. */
export async function runFaults(options: FaultsOptions): Promise<FaultsRun> {
  const {seed, folder, cli} = options
  const random = createRandom(seed)
  const kills = planKills(random, options.kills)
  const [state, project, seen] = [`${folder}/state`, `${folder}/project`, `${folder}/seen`]
  for (const made of [project, seen]) mkdirSync(made)
  const env = {HOME: folder, HOLDFAST_HOME: state, PATH: process.env['PATH'] ?? '', SHELL: '/bin/bash', LANG: 'C.UTF-8'}
  const stream = startStream({cli, env, project, seen, nextPrompt: (number) => planPrompt(random, number)})
  const sessionId = await until(() => stream.sessionId, {what: 'a session to be made'}).catch((error: unknown) => {
    throw new Error(stream.faults.join('; ') || 'The client said nothing', {cause: error})
  })

  const faults: string[] = []
  try {
    for (const kill of kills) await carryOut(kill, stream, state)
    await stream.finish()
    await until(() => findProcesses(state).length === 0, {what: 'the end of all processes'})
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error))
  }
  const leftProcesses = findProcesses(state)
  for (const {pid} of leftProcesses) process.kill(pid, 'SIGKILL')
  await Promise.all(leftProcesses.map((left) => waitForDeath(left)))
  const {clients, accepted} = stream
  const facts = collectFacts({folder, sessionId, clients, accepted, leftProcesses})
  return {facts, faults: [...stream.faults, ...faults], kills}
}

async function carryOut({victim, afterEvents}: Kill, stream: Stream, state: string): Promise<void> {
  const since = stream.latestSeq
  const what = `${afterEvents} events after seq ${since}, before a kill of the ${victim}`
  await until(() => stream.latestSeq >= since + afterEvents, {what, timeoutMs: 20_000})
  const found = await until(() => findProcesses(state).find(isVictim), {what: `a ${victim} to kill`, timeoutMs: 20_000})
  if (victim === 'client') stream.expectDeath()
  process.kill(found.pid, 'SIGKILL')
  await waitForDeath(found)
  if (victim === 'client') stream.replaceClient()

  function isVictim({role, pid, parentPid}: Process): boolean {
    if (victim === 'client') return pid === stream.clientPid
    // The gateway of a client that was killed is about to end by itself.
    return role === victim && (victim === 'host' || parentPid === stream.clientPid)
  }
}
