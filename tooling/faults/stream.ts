import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {fileURLToPath} from 'node:url'

import {until} from '../e2e/until.ts'
import type {ClientWord, PromptWord} from './client-words.ts'
import {startClient, type DrivenClient} from './driven-client.ts'
import type {Prompt} from './schedule.ts'

export interface StreamOptions {
  /** The built cli.js. */
  cli: string
  env: Readonly<Record<string, string>>
  /** The folder in which the commands run. */
  project: string
  /** The folder for what the clients are shown, one file each. */
  seen: string
  nextPrompt: (number: number) => Prompt
}

/** Prompts without an end, into one session, through one client after another. */
export interface Stream {
  /** Once it was made. */
  readonly sessionId: string | undefined
  /** The last event that any client was shown. */
  readonly latestSeq: number
  readonly accepted: readonly string[]
  /** Their names, in the order of their lives. */
  readonly clients: readonly string[]
  readonly clientPid: number
  /** What should not have happened. */
  readonly faults: readonly string[]
  /** The client is about to be killed. */
  expectDeath(): void
  /** Starts another client in the place of the dead one. */
  replaceClient(): void
  /** Submits no more; when all prompts have ended, closes the session and ends the client. */
  finish(): Promise<void>
}

/** So many prompts are under way at any time: one runs, the others wait. */
const promptsUnderWay = 3
const job = fileURLToPath(new URL('./job.sh', import.meta.url))

export function startStream(options: StreamOptions): Stream {
  const {cli, env, project, seen, nextPrompt} = options
  const faults: string[] = []
  const clients: string[] = []
  const accepted = new Set<string>()
  /** Prompts that were submitted and are not known to be accepted. */
  const unaccepted = new Map<string, PromptWord>()
  /** Prompts that were submitted and have not ended. */
  const underWay = new Set<string>()
  let sessionId: string | undefined
  let latestSeq = 0
  let promptCount = 0
  let isFinishing = false
  let isClosed = false

  const submitMore = () => {
    while (!isFinishing && underWay.size < promptsUnderWay) {
      const {id, lines, pause} = nextPrompt(++promptCount)
      const prompt = {promptId: id, text: `sh ${job} ${id} ${lines} ${pause}`}
      unaccepted.set(id, prompt)
      underWay.add(id)
      client.submit(prompt)
    }
  }
  const onWord = (word: ClientWord) => {
    switch (word.kind) {
      case 'opened':
        sessionId = word.sessionId
        return submitMore()
      case 'accepted':
        unaccepted.delete(word.promptId)
        accepted.add(word.promptId)
        return
      case 'fault':
        faults.push(word.message)
        return
      case 'event':
        latestSeq = Math.max(latestSeq, word.seq)
        isClosed ||= word.type === 'session.closed'
        if (word.ended !== undefined) underWay.delete(word.ended)
        return submitMore()
    }
  }
  const nextClient = (): DrivenClient => {
    const name = `client-${clients.length + 1}`
    clients.push(name)
    const next = startClient({cli, sessionId, eventsFile: `${seen}/${name}`, cwd: project, env, onWord})
    // What the one before may not have delivered. Sent twice, it must be carried out once.
    for (const prompt of unaccepted.values()) next.submit(prompt)
    return next
  }
  let client = nextClient()

  return {
    get sessionId() {
      return sessionId
    },
    get latestSeq() {
      return latestSeq
    },
    get accepted() {
      return [...accepted]
    },
    clients,
    get clientPid() {
      return client.pid
    },
    faults,
    expectDeath: () => client.expectDeath(),
    replaceClient() {
      client = nextClient()
    },
    async finish() {
      isFinishing = true
      await until(() => underWay.size === 0, {what: 'the end of all prompts', timeoutMs: 30_000})
      await until(() => unaccepted.size === 0, {what: 'the acceptance of all prompts'})
      await once(spawn(process.execPath, [cli, 'close', sessionId ?? ''], {env, stdio: 'inherit'}), 'exit')
      await until(() => isClosed, {what: 'the end of the session, as the last client sees it'})
      await client.close()
    },
  }
}
