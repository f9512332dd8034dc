import {mkdirSync} from 'node:fs'
import {join} from 'node:path'

import {findProcesses, isAlive, type Process} from '../../../apps/tui/e2e/support/processes.ts'
import {until} from '../../../apps/tui/e2e/support/until.ts'
import type {Prompt, QueueChange, Victim} from '../schedule/schedule.ts'
import type {BuildUnderTest} from './build-under-test.ts'
import type {ClientMessage} from './client-messages.ts'
import {createDrivenClient, type DrivenClient} from './driven-client.ts'
import {createObservations, observe, type Observations} from './observations.ts'

export interface TestSessionOptions {
  build: BuildUnderTest
  /** An empty folder with a short path: it holds sockets. */
  folder: string
  clients: number
}

/** A log that was turned into one of an older format. */
export interface OlderLog {
  format: 1 | 2
  /** How many events it had then. */
  length: number
  /** The file to which its migration copies it. */
  copy: string
}

/** One session under test: its processes, and the clients that use it. */
export interface TestSession {
  readonly home: string
  /** The folder in which the commands run and leave their files. */
  readonly project: string
  readonly cli: string
  readonly env: Readonly<Record<string, string>>
  readonly observations: Observations
  readonly clients: readonly DrivenClient[]
  /** The prompts that the run made clients submit, by their ids. */
  readonly submitted: ReadonlyMap<string, Prompt>
  /** `index` wraps around. */
  client(index: number): DrivenClient
  submit(client: number, prompt: Prompt): void
  /** Changes a queued prompt. */
  change(client: number, change: QueueChange, prompt: Prompt): void
  draft(client: number, text: string): void
  /** Presses Ctrl-C, whatever runs. */
  interrupt(client: number): void
  /**
   * The prompts that a Ctrl-C may have met: those that had not ended when it was pressed, and those submitted before it was
   * carried out. A client that has just started may be late with it; one that dies never reports it.
   */
  readonly interrupted: ReadonlySet<string>
  readonly olderLogs: OlderLog[]
  /** Resolves with true as soon as a client sends a matching message, with false after `timeoutMs`. */
  untilMessage(matches: (message: ClientMessage) => boolean, timeoutMs: number): Promise<boolean>
  /** Stops answering the commands that ask for input. */
  end(): void
}

const command = join(import.meta.dirname, 'command.sh')

/** Creates a session. Resolves when all clients have opened it. */
export async function openTestSession({build, folder, clients: count}: TestSessionOptions): Promise<TestSession> {
  const [home, project, received] = [`${folder}/state`, `${folder}/project`, `${folder}/received`]
  for (const path of [project, received]) mkdirSync(path)
  const env = {HOME: folder, HOLDFAST_HOME: home, PATH: process.env['PATH'] ?? '', SHELL: '/bin/bash', LANG: 'C.UTF-8'}
  const observations = createObservations()
  const submitted = new Map<string, Prompt>()
  const interrupted = new Set<string>()
  const listeners = new Set<(message: ClientMessage) => void>()
  /** How many times Ctrl-C was pressed and may still be carried out. */
  let pendingInterrupts = 0
  const onMessage = (message: ClientMessage) => {
    observe(observations, message)
    if (message.kind === 'interrupt-over') pendingInterrupts -= 1
    for (const listener of listeners) listener(message)
  }
  const sessionId = () => observations.sessionId
  const addClient = (name: string) =>
    createDrivenClient({name, build, env, cwd: project, received, sessionId, onMessage})
  const untilOpen = (client: DrivenClient) =>
    until(() => client.isOpen, {what: 'an open session', timeoutMs: 30_000}).catch((error: unknown) => {
      throw new Error(observations.errors.join('; ') || 'The client reported nothing', {cause: error})
    })

  // The first one creates the session that the others join.
  const clients = [addClient('client-1')]
  await untilOpen(clients[0]!)
  for (let index = 1; index < count; index++) clients.push(addClient(`client-${index + 1}`))
  await Promise.all(clients.map(untilOpen))

  const session: TestSession = {
    home,
    project,
    cli: build.cli,
    env,
    observations,
    clients,
    submitted,
    interrupted,
    olderLogs: [],
    client: (index) => clients[index % clients.length]!,
    submit(client, prompt) {
      submitted.set(prompt.id, prompt)
      if (pendingInterrupts > 0) interrupted.add(prompt.id)
      session.client(client).submit(prompt.id, commandOf(prompt, 1))
    },
    change(client, change, prompt) {
      observations.changes[change].set(prompt.id, {requestedAt: Date.now()})
      session.client(client).send({kind: 'change', change, promptId: prompt.id, text: commandOf(prompt, 2)})
    },
    draft(client, text) {
      observations.drafts.set(text, {requestedAt: Date.now()})
      session.client(client).send({kind: 'draft', text})
    },
    interrupt(client) {
      for (const id of submitted.keys()) if (!observations.ended.has(id)) interrupted.add(id)
      pendingInterrupts += 1
      session.client(client).send({kind: 'interrupt'})
    },
    untilMessage(matches, timeoutMs) {
      const {promise, resolve} = Promise.withResolvers<boolean>()
      const listener = (message: ClientMessage) => void (matches(message) && resolve(true))
      const timer = setTimeout(() => resolve(false), timeoutMs)
      listeners.add(listener)
      return promise.finally(() => {
        clearTimeout(timer)
        listeners.delete(listener)
      })
    },
    end: () => clearInterval(answering),
  }
  const answering = answerQuestions(session)
  return session
}

function commandOf(prompt: Prompt, version: 1 | 2): string {
  const {id, does} = prompt
  const args = does === 'print' ? [prompt.lines, prompt.pause] : does === 'flood' ? [prompt.lines] : []
  return ['sh', command, id, version, does, ...args].join(' ')
}

/** How long a command waits for an answer that may be lost, before Ctrl-C ends it, ms. */
const patienceMs = 1000

/** Answers every command that asks, once. Lost input is not sent again: Ctrl-C ends the commands that still wait for it. */
function answerQuestions(session: TestSession): NodeJS.Timeout {
  const {observations, submitted} = session
  const answered = new Map<string, {at: number; client: number; instance: number}>()
  let turn = 0
  return setInterval(() => {
    for (const [promptId, {does}] of submitted) {
      if (does !== 'ask' || !observations.printed.has(promptId) || observations.ended.has(promptId)) continue
      const last = answered.get(promptId)
      const client = last?.client ?? turn++
      const instance = session.client(client).instances.length
      if (last === undefined) {
        session.client(client).send({kind: 'input', promptId, text: `${answerTo(promptId)}\n`})
        answered.set(promptId, {at: performance.now(), client, instance})
        continue
      }
      // Only when the answer cannot arrive any more: Ctrl-C would overtake it, and the shell would read it.
      const isLost = observations.inputLost.has(promptId) || instance !== last.instance
      if (!isLost || performance.now() - last.at < patienceMs) continue
      session.interrupt(client)
      answered.set(promptId, {...last, at: performance.now()})
    }
  }, 20)
}

/** The input for a command that asks. */
export function answerTo(promptId: string): string {
  return `answer to ${promptId}`
}

/** The living process that a fault is meant for. */
export function findVictim(session: TestSession, victim: Victim, client: number): Process | undefined {
  const {pid} = session.client(client)
  const processes = findProcesses(session.home)
  const host = processes.find(({role}) => role === 'host')
  return processes.find((process) => {
    switch (victim) {
      case 'client':
        return process.pid === pid
      case 'gateway':
        return process.role === 'gateway' && process.parentPid === pid
      case 'host':
        return process === host
      case 'shell':
        return process.parentPid === host?.pid && process.argv[0]?.endsWith('bash') === true
    }
  })
}

/** Sends a signal to a process that may have just exited. */
export function sendSignal(process: Process, signal: NodeJS.Signals): void {
  try {
    if (isAlive(process)) globalThis.process.kill(process.pid, signal)
  } catch {
    // It has just exited.
  }
}
