import {resolve} from 'node:path'

import type {Terminals} from '@holdfast/acp'
import type {NewEvent} from '@holdfast/protocol'
import {RpcError, rpcErrorCodes} from '@holdfast/rpc'
import {isShellError, type Size} from '@holdfast/shell'

import {startHostTerminal, type HostTerminal} from './host-terminal.ts'

export interface HostTerminalsOptions {
  /** The folder of commands that name none. */
  cwd: string
  /** The environment of all commands. */
  env: Readonly<Record<string, string | undefined>>
  size: Size
  log(event: NewEvent): void
}

/** The terminals in which the commands of an agent run. */
export interface HostTerminals extends Terminals {
  /** Makes commands that print wait. */
  pause(): void
  resume(): void
  /** Ends all commands, and refuses others. */
  close(): Promise<void>
}

/** The terminals of one agent at a time. */
const maxTerminals = 64

/** The output that is kept for the agent, where it sets no limit, and where it sets a larger one, bytes. */
const defaultOutputBytes = 256 * 1024
const maxOutputBytes = 1024 * 1024

/** A pager would wait for a key that nobody can press; git prefers its own variable, and that to its settings. */
const noPager = {PAGER: 'cat', GIT_PAGER: 'cat'}

export function createHostTerminals({cwd, env, size, log}: HostTerminalsOptions): HostTerminals {
  /** Those that run or are not released, by id. */
  const terminals = new Map<string, HostTerminal>()
  /** Those that the agent has released, until they have ended. */
  const released = new Set<string>()
  let isPaused = false
  let isClosed = false

  const find = (id: string): HostTerminal => {
    const found = released.has(id) ? undefined : terminals.get(id)
    if (found === undefined) throw refuse(`Expected the id of a terminal, got \`${id}\``)
    return found
  }
  const release = async (terminal: HostTerminal): Promise<void> => {
    const {id} = terminal
    released.add(id)
    await terminal.end()
    // Else the rest of its output would never arrive.
    terminal.resume()
    await terminal.exited
    terminals.delete(id)
    released.delete(id)
  }
  const all = () => [...terminals.values()]

  return {
    async create({command, args, env: variables = [], cwd: folder = cwd, outputByteLimit}, signal) {
      signal.throwIfAborted()
      if (isClosed) throw refuse('The session is being closed')
      if (terminals.size >= maxTerminals) {
        throw refuse(`Expected at most ${maxTerminals} terminals at a time: release one first`)
      }
      const terminal = start({
        command,
        args,
        cwd: resolve(cwd, folder),
        env: {...env, ...noPager, ...Object.fromEntries(variables.map(({name, value}) => [name, value]))},
        size,
        maxBytes: Math.min(Math.floor(outputByteLimit ?? defaultOutputBytes), maxOutputBytes),
        log,
      })
      terminals.set(terminal.id, terminal)
      if (isPaused) terminal.pause()
      return terminal.id
    },
    output: async (id) => find(id).output(),
    waitForExit: async (id, signal) => await Promise.race([find(id).exited, rejectedBy(signal)]),
    kill: async (id) => await find(id).end(),
    release: async (id) => await release(find(id)),
    agentGone: () => all().forEach((terminal) => void release(terminal)),
    pause() {
      isPaused = true
      all().forEach((terminal) => terminal.pause())
    },
    resume() {
      isPaused = false
      all().forEach((terminal) => terminal.resume())
    },
    async close() {
      isClosed = true
      await Promise.all(all().map(release))
    },
  }
}

function start(options: Parameters<typeof startHostTerminal>[0]): HostTerminal {
  try {
    return startHostTerminal(options)
  } catch (error) {
    throw isShellError(error) ? refuse(error.message) : error
  }
}

function refuse(why: string): RpcError {
  return new RpcError(rpcErrorCodes.invalidParams, why)
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.throwIfAborted()
    signal.addEventListener('abort', () => reject(signal.reason as Error), {once: true})
  })
}
