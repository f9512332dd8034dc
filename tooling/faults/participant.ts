import {existsSync, readFileSync} from 'node:fs'

import type {ClientWord, DriverWord} from './client-words.ts'
import {startClient, type DrivenClient} from './driven-client.ts'
import type {Product} from './product.ts'

export interface ParticipantOptions {
  /** Part of the names of its files. */
  name: string
  product: Product
  env: Readonly<Record<string, string>>
  /** The folder in which the commands run. */
  project: string
  /** The folder for what the client is shown, a file for each of its lives. */
  seen: string
  /** A client makes the session when there is none. */
  sessionId: () => string | undefined
  onWord: (word: ClientWord) => void
}

/** One life of a client: the file with what it was shown, from after which seq on. */
export interface Life {
  file: string
  afterSeq: number
}

/** A client through all its lives. What it was told and has not carried out, the next life does. */
export interface Participant {
  readonly pid: number
  readonly lives: readonly Life[]
  /** Its last life has opened the session. */
  readonly isOpen: boolean
  readonly status: string
  /** Prompts that it submits and that are not known to be accepted. */
  readonly unaccepted: ReadonlyMap<string, string>
  submit(promptId: string, text: string): void
  tell(word: DriverWord): void
  expectDeath(): void
  /** Starts another process in the place of a dead one: behind the last event that it was shown, or to see all again. */
  next(options: {fresh: boolean}): void
  close(): Promise<void>
}

export function createParticipant(options: ParticipantOptions): Participant {
  const {name, product, env, project, seen, sessionId, onWord} = options
  const lives: Life[] = []
  const unaccepted = new Map<string, string>()
  let isOpen = false
  let status = ''
  let process: DrivenClient

  const submit = (promptId: string, text: string) => process.tell({kind: 'submit', promptId, text})
  const start = (afterSeq: number) => {
    const life = {file: `${seen}/${name}-${lives.length + 1}`, afterSeq}
    lives.push(life)
    isOpen = false
    status = 'starting'
    const takeWord = (word: ClientWord) => {
      // What a dead process said last may come late.
      if (lives.at(-1) === life && word.kind === 'opened') isOpen = true
      if (lives.at(-1) === life && word.kind === 'status') status = word.is
      if (word.kind === 'accepted') unaccepted.delete(word.promptId)
      onWord(word)
    }
    process = startClient({
      product,
      sessionId: sessionId(),
      afterSeq,
      eventsFile: life.file,
      cwd: project,
      env,
      onWord: takeWord,
    })
    // What the one before may not have delivered. Sent twice, it must be carried out once.
    for (const [promptId, text] of unaccepted) submit(promptId, text)
  }
  start(0)

  return {
    get pid() {
      return process.pid
    },
    lives,
    get isOpen() {
      return isOpen
    },
    get status() {
      return status
    },
    unaccepted,
    submit(promptId, text) {
      unaccepted.set(promptId, text)
      submit(promptId, text)
    },
    tell: (word) => process.tell(word),
    expectDeath: () => process.expectDeath(),
    next: ({fresh}) => start(fresh ? 0 : lastSeqOf(lives)),
    close: () => process.close(),
  }
}

/** The last event that is whole in the file of the last life; a kill may cut a line. */
function lastSeqOf(lives: readonly Life[]): number {
  const life = lives.at(-1)
  return life === undefined ? 0 : life.afterSeq + wholeLines(life.file).length
}

/** The lines of a file, without the last one if a kill cut it; none where the file was never made. */
export function wholeLines(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
}
