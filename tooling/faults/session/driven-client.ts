import {existsSync, readFileSync} from 'node:fs'

import {startClientChild, type ClientChild, type ClientChildOptions} from './client-child.ts'

export interface DrivenClientOptions extends Omit<ClientChildOptions, 'sessionId' | 'afterSeq' | 'eventsFile'> {
  /** The first part of the names of its events files. */
  name: string
  /** The folder of its events files. */
  received: string
  /** The client creates a session where this returns undefined. */
  sessionId: () => string | undefined
}

/** One process of a client: the file with the events that it received, and the seq after which they begin. */
export interface ClientInstance {
  file: string
  afterSeq: number
}

/** A client that survives its processes: the next process repeats the prompts that the last one did not deliver. */
export interface DrivenClient extends ClientChild {
  readonly instances: readonly ClientInstance[]
  /** The current process has opened the session. */
  readonly isOpen: boolean
  /** The text of each prompt that was submitted and not accepted yet, by its id. */
  readonly unaccepted: ReadonlyMap<string, string>
  submit(promptId: string, text: string): void
  /** Starts another process: after the last event that the client received, or `fromStart`. */
  restart(options: {fromStart: boolean}): void
}

export function createDrivenClient(options: DrivenClientOptions): DrivenClient {
  const {name, received, sessionId, onMessage, ...childOptions} = options
  const instances: ClientInstance[] = []
  const unaccepted = new Map<string, string>()
  let isOpen = false
  let child: ClientChild

  const submit = (promptId: string, text: string) => child.send({kind: 'submit', promptId, text})
  const start = (afterSeq: number) => {
    const instance = {file: `${received}/${name}-${instances.length + 1}`, afterSeq}
    instances.push(instance)
    isOpen = false
    child = startClientChild({
      ...childOptions,
      sessionId: sessionId(),
      afterSeq,
      eventsFile: instance.file,
      onMessage(message) {
        // The last messages of a dead process may come late.
        if (message.kind === 'opened' && instances.at(-1) === instance) isOpen = true
        if (message.kind === 'accepted') unaccepted.delete(message.promptId)
        onMessage(message)
      },
    })
    // Submitted twice, a prompt must run once.
    for (const [promptId, text] of unaccepted) submit(promptId, text)
  }
  start(0)

  return {
    get pid() {
      return child.pid
    },
    instances,
    get isOpen() {
      return isOpen
    },
    unaccepted,
    submit(promptId, text) {
      unaccepted.set(promptId, text)
      submit(promptId, text)
    },
    send: (message) => child.send(message),
    expectExit: () => child.expectExit(),
    restart: ({fromStart}) => start(fromStart ? 0 : lastSeqOf(instances.at(-1)!)),
    close: () => child.close(),
  }
}

/** The seq of the last event that a client process received. */
export function lastSeqOf({file, afterSeq}: ClientInstance): number {
  return afterSeq + readLines(file).length
}

/** The complete lines of a file: without the last one if a kill cut it, none if there is no file. */
export function readLines(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
}
