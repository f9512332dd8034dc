import {mkdirSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {findProcesses, isAlive, type Process} from '../../apps/tui/e2e/support/processes.ts'
import {until} from '../../apps/tui/e2e/support/until.ts'
import type {ClientWord} from './client-words.ts'
import {learn, nothingKnown, type Known, type OlderLog} from './known.ts'
import {createParticipant, type Participant} from './participant.ts'
import type {Product} from './product.ts'
import type {Prompt, QueueChange, Victim} from './schedule.ts'

export interface SceneOptions {
  product: Product
  /** A fresh folder, with a short path: sockets are in it. */
  folder: string
  clients: number
}

/** One session with its processes, and those who use it. */
export interface Scene {
  readonly home: string
  /** Where the commands run, and leave their files. */
  readonly project: string
  readonly cli: string
  readonly env: Readonly<Record<string, string>>
  readonly known: Known
  readonly participants: readonly Participant[]
  /** The prompts that were submitted, by any client. */
  readonly submitted: ReadonlyMap<string, Prompt>
  client(index: number): Participant
  submit(client: number, prompt: Prompt): void
  /** Changes a prompt that waits. */
  change(client: number, does: QueueChange, prompt: Prompt): void
  draft(client: number, text: string): void
  /** Presses Ctrl-C, whatever runs. */
  interrupt(client: number): void
  /**
   * The prompts that a Ctrl-C may have met: that had not ended when it was pressed, as far as was known, or were submitted
   * until it was carried out. A client that has just begun may be late with it, and one that dies never tells.
   */
  readonly interrupted: ReadonlySet<string>
  /** The logs that were made older meanwhile. */
  readonly olderLogs: OlderLog[]
  /** Resolves at once when a client tells something that is looked for; false after `timeoutMs`. */
  untilWord(isWanted: (word: ClientWord) => boolean, timeoutMs: number): Promise<boolean>
  /** Ends what looks after the commands. */
  end(): void
}

const job = fileURLToPath(new URL('./job.sh', import.meta.url))

/** Opens a session with so many clients. Resolves when all of them see it. */
export async function openScene({product, folder, clients}: SceneOptions): Promise<Scene> {
  const [home, project, seen] = [`${folder}/state`, `${folder}/project`, `${folder}/seen`]
  for (const made of [project, seen]) mkdirSync(made)
  const env = {HOME: folder, HOLDFAST_HOME: home, PATH: process.env['PATH'] ?? '', SHELL: '/bin/bash', LANG: 'C.UTF-8'}
  const known = nothingKnown()
  const submitted = new Map<string, Prompt>()
  const listeners = new Set<(word: ClientWord) => void>()
  const interrupted = new Set<string>()
  /** How often Ctrl-C was pressed and may yet be carried out. */
  let interrupting = 0
  const onWord = (word: ClientWord) => {
    learn(known, word)
    if (word.kind === 'interrupt-over') interrupting -= 1
    for (const listener of listeners) listener(word)
  }
  const join = (name: string) =>
    createParticipant({name, product, env, project, seen, sessionId: () => known.sessionId, onWord})
  const untilOpen = (participant: Participant) =>
    until(() => participant.isOpen, {what: 'a session to be opened', timeoutMs: 30_000}).catch((error: unknown) => {
      throw new Error(known.faults.join('; ') || 'The client said nothing', {cause: error})
    })

  const participants = [join('client-1')]
  await untilOpen(participants[0] as Participant)
  for (let index = 1; index < clients; index++) participants.push(join(`client-${index + 1}`))
  await Promise.all(participants.map(untilOpen))

  const scene: Scene = {
    home,
    project,
    cli: product.cli,
    env,
    known,
    participants,
    submitted,
    olderLogs: [],
    interrupted,
    client: (index) => participants[index % participants.length] as Participant,
    submit(client, prompt) {
      submitted.set(prompt.id, prompt)
      if (interrupting > 0) interrupted.add(prompt.id)
      scene.client(client).submit(prompt.id, commandOf(prompt, 1))
    },
    change(client, does, prompt) {
      known.changes[does].set(prompt.id, {askedAt: Date.now()})
      scene.client(client).tell({kind: 'change', does, promptId: prompt.id, text: commandOf(prompt, 2)})
    },
    draft(client, text) {
      known.drafts.set(text, {askedAt: Date.now()})
      scene.client(client).tell({kind: 'draft', text})
    },
    interrupt(client) {
      for (const id of submitted.keys()) if (!known.ended.has(id)) interrupted.add(id)
      interrupting += 1
      scene.client(client).tell({kind: 'interrupt'})
    },
    untilWord(isWanted, timeoutMs) {
      return new Promise((resolve) => {
        const done = (found: boolean) => {
          listeners.delete(listener)
          clearTimeout(timer)
          resolve(found)
        }
        const listener = (word: ClientWord) => void (isWanted(word) && done(true))
        const timer = setTimeout(() => done(false), timeoutMs)
        listeners.add(listener)
      })
    },
    end: () => clearInterval(attendant),
  }
  const attendant = attend(scene)
  return scene
}

function commandOf(prompt: Prompt, version: 1 | 2): string {
  const words = {
    print: () => ('pause' in prompt ? [prompt.lines, prompt.pause] : []),
    flood: () => ('lines' in prompt ? [prompt.lines] : []),
    ask: () => [],
    measure: () => [],
  }[prompt.does]()
  return ['sh', job, prompt.id, version, prompt.does, ...words].join(' ')
}

/** How long a command that asked waits for an answer that may have been lost, before it is interrupted, ms. */
const patienceMs = 1000

/** Answers the commands that ask, once; input that is lost is not sent again, so those that still wait are interrupted. */
function attend(scene: Scene): NodeJS.Timeout {
  const {known, submitted} = scene
  const answered = new Map<string, {at: number; by: number; life: number}>()
  let turn = 0
  return setInterval(() => {
    for (const [promptId, {does}] of submitted) {
      if (does !== 'ask' || !known.printed.has(promptId) || known.ended.has(promptId)) continue
      // Only when it cannot come any more: overtaken by the Ctrl-C, an answer would be typed into the shell.
      const {at, by, life} = answered.get(promptId) ?? {at: undefined, by: turn++, life: 0}
      const lives = scene.client(by).lives.length
      const isLost = known.inputLost.has(promptId) || lives !== life
      if (at !== undefined && (!isLost || performance.now() - at < patienceMs)) continue
      answered.set(promptId, {at: performance.now(), by, life: at === undefined ? lives : life})
      // One that is only late may be overtaken by it all the same.
      if (at !== undefined) scene.interrupt(by)
      else scene.client(by).tell({kind: 'input', promptId, text: `${answerTo(promptId)}\n`})
    }
  }, 20)
}

/** What is typed for a command that asks. */
export function answerTo(promptId: string): string {
  return `answer to ${promptId}`
}

/** The living process that is to be hurt, at this moment. */
export function findVictim(scene: Scene, victim: Victim, client: number): Process | undefined {
  const {pid} = scene.client(client)
  const processes = findProcesses(scene.home)
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

export function send(process: Process, signal: NodeJS.Signals): void {
  try {
    if (isAlive(process)) globalThis.process.kill(process.pid, signal)
  } catch {
    // It has just ended.
  }
}
