import {mkdirSync, writeFileSync} from 'node:fs'

import {createClient, type Client, type ClientSession, type LoggedEvent} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {type Approval, createPromptId, type EventPayload, type EventType} from '@holdfast/protocol'

import {cli, createHome, type Home} from '../../../apps/tui/e2e/support/home.ts'
import {until} from '../../../apps/tui/e2e/support/until.ts'
import type {AgentsFolder} from '../read-folder.ts'

/** An agent may start for ten seconds on a busy machine, and then load its session. */
const timeoutMs = 90_000

/** How an agent came back. */
export interface Return {
  by: string
  ms: number
  /** Prompts that it did not replay. */
  missing: number
  /** It had died too often, and was started as the user wished. */
  isRetried: boolean
}

/** A session with a real agent, in a home of its own, watched by a client of this process. */
export interface DrivenSession {
  readonly agent: string
  readonly home: Home
  readonly id: string
  /** Of all that the client received, in order. */
  readonly events: readonly LoggedEvent[]
  /** The directives that the agent was sent, in order. */
  readonly directives: readonly string[]
  /** The process of the agent that was ready last. */
  readonly agentPid: number
  /** Remembers a directive that another client has sent. */
  noteSent(directive: string): void
  /** Submits a prompt with a directive for the model. Resolves with its id. */
  submit(directive: string): Promise<string>
  /** The payloads of the events of a type. */
  of<Type extends EventType>(type: Type): EventPayload<Type>[]
  /** Waits for `count` events of a type that fit, and resolves with the last of them. */
  seen<Type extends EventType>(
    type: Type,
    fits?: (payload: EventPayload<Type>) => boolean,
    count?: number,
  ): Promise<EventPayload<Type>>
  /** Waits until the agent has said this in its answer to a prompt. */
  heard(promptId: string, text: string): Promise<void>
  said(promptId: string): string
  ended(promptId: string): Promise<EventPayload<'message.complete'>>
  /** Waits for the question of a prompt. */
  asked(promptId: string): Promise<Approval>
  /** Answers what the agent asks with its choice of a kind, such as `allow_once`. */
  answer(approval: Approval, kind: string): Promise<void>
  /** Waits until the agent is back after `kill` has ended it. Resolves with how it came back, and after how long. */
  comesBack(kill: () => void): Promise<Return>
  /** Afterwards, nobody watches the session until `watch`. */
  leave(): Promise<void>
  watch(): Promise<void>
}

/** Makes a home whose settings have the agent; its model listens on `port`. `hasMcp`: it is told of `holdfast mcp`. */
export function createAgentHome(
  folder: AgentsFolder,
  agent: string,
  {port, hasMcp}: {port: number; hasMcp: boolean},
): Home {
  const home = createHome()
  const agentHome = `${home.user}/${agent}`
  mkdirSync(agentHome)
  const {command, args, env} = folder.prepare(agent, {home: agentHome, port})
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  const settings = {
    agents: {[agent]: {command, args, env: {HOME: agentHome, ...env}}},
    agent,
    mcpServers: hasMcp ? {holdfast: {command: process.execPath, args: [cli, 'mcp'], env: home.env}} : {},
    // 3 s: in all steps but one, a client watches.
    hibernateAfterMinutes: 0.05,
  }
  writeFileSync(`${home.user}/.config/holdfast/config.json`, JSON.stringify(settings))
  return home
}

/** Watches a session. */
export async function driveSession(home: Home, agent: string, id: string): Promise<DrivenSession> {
  const events: LoggedEvent[] = []
  const directives: string[] = []
  let client: Client
  let session: ClientSession

  const watch = async () => {
    const command = [process.execPath, cli, 'gateway'] as const
    client = createClient({gateway: localGateway({command: [...command], env: home.env})})
    session = await client.openSession(id, {
      afterSeq: events.length,
      onEvent: (event) => void events.push(event),
    })
  }
  const of = <Type extends EventType>(type: Type) =>
    events.flatMap((event) =>
      event.type === type ? [(event as {payload: unknown}).payload as EventPayload<Type>] : [],
    )
  const seen: DrivenSession['seen'] = (type, fits = () => true, count = 1) =>
    until(() => of(type).filter(fits)[count - 1], {what: `${count} events of the type ${type}`, timeoutMs})
  const said = (promptId: string) =>
    of('message.delta')
      .filter(({prompt_id}) => prompt_id === promptId)
      .map(({text = ''}) => text)
      .join('')
  await watch()

  return {
    agent,
    home,
    id,
    events,
    directives,
    get agentPid() {
      const {pid} = of('agent.ready').at(-1) ?? {}
      if (pid === undefined) throw new Error('Expected an agent that was ready, there was none')
      return pid
    },
    noteSent: (directive) => void directives.push(directive),
    async submit(directive) {
      const promptId = createPromptId()
      await session.submit(`Do it. [[${directive}]]`, {promptId})
      directives.push(directive)
      return promptId
    },
    of,
    seen,
    async heard(promptId, text) {
      const ofPrompt = ({prompt_id}: {prompt_id: string}) => prompt_id === promptId
      const isOver = () => said(promptId).includes(text) || of('message.complete').some(ofPrompt)
      await until(isOver, {what: `\`${text}\` in the answer`, timeoutMs})
      if (said(promptId).includes(text)) return
      const end = JSON.stringify(of('message.complete').find(ofPrompt))
      throw new Error(`Expected \`${text}\` in the answer, got \`${said(promptId)}\` and ${end}`)
    },
    said,
    ended: (promptId) => seen('message.complete', ({prompt_id}) => prompt_id === promptId),
    asked: (promptId) => seen('approval.request', ({prompt_id}) => prompt_id === promptId),
    async answer({approval_id, choices}, wanted) {
      const choice = choices.find(({kind}) => kind === wanted)
      if (choice === undefined) throw new Error(`Expected a choice \`${wanted}\`, got ${JSON.stringify(choices)}`)
      await session.answer(approval_id, choice.id)
    },
    async comesBack(kill) {
      const [starts, failures] = [of('agent.ready').length, of('agent.unavailable').length]
      const killedAt = performance.now()
      kill()
      const isOver = () => of('agent.ready').length > starts || of('agent.unavailable').length > failures
      await until(isOver, {what: 'a new process of the agent', timeoutMs})
      // It was killed more often than the restart budget allows.
      const isRetried = of('agent.unavailable').length > failures
      if (isRetried) await session.restartAgent()
      const {by, missing = 0} = await seen('agent.ready', undefined, starts + 1)
      return {by, missing, isRetried, ms: Math.round(performance.now() - killedAt)}
    },
    leave: () => client.close(),
    watch,
  }
}
