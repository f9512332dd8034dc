import {mkdirSync} from 'node:fs'

import {until} from '../../../apps/tui/e2e/support/until.ts'
import type {Answerer, Prompt} from '../schedule/schedule.ts'
import {answerCommands} from './answer-commands.ts'
import type {BuildUnderTest} from './build-under-test.ts'
import type {ClientMessage} from './client-messages.ts'
import {createDrivenClient, type DrivenClient} from './driven-client.ts'
import {createObservations, observe} from './observations.ts'
import {textOf} from './prompt-text.ts'
import {addTestAgent, answerAgent} from './test-agent.ts'
import type {TestSession} from './test-session.ts'

export interface TestSessionOptions {
  build: BuildUnderTest
  /** An empty folder with a short path: it holds sockets. */
  folder: string
  clients: number
  answerer: Answerer
}

/** Creates a session. Resolves when all clients have opened it. */
export async function openTestSession(options: TestSessionOptions): Promise<TestSession> {
  const {build, folder, clients: count, answerer} = options
  const [home, project, received] = [`${folder}/state`, `${folder}/project`, `${folder}/received`]
  for (const path of [project, received]) mkdirSync(path)
  if (answerer === 'agent') addTestAgent(folder)
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
    createDrivenClient({name, build, answerer, env, cwd: project, received, sessionId, onMessage})
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
    answerer,
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
      session.client(client).submit(prompt.id, textOf(prompt, 1, answerer))
    },
    change(client, change, prompt) {
      observations.changes[change].set(prompt.id, {requestedAt: Date.now()})
      session.client(client).send({kind: 'change', change, promptId: prompt.id, text: textOf(prompt, 2, answerer)})
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
  const answering = answerer === 'agent' ? answerAgent(session) : answerCommands(session)
  return session
}
