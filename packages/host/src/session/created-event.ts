import {homedir} from 'node:os'
import {basename} from 'node:path'

import {errorCodes, type NewEvent, type Params} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import {findShell, ShellError, strategyOf} from '@holdfast/shell'

import {toTitle} from './to-title.ts'

/** Event 1 of a session: what it is made of. Throws an `RpcError` `agentUnavailable` where there is no such shell. */
export function createdEvent(params: Params<'session.create'>, now: number): NewEvent {
  const {cwd = homedir(), title = basename(cwd) || cwd} = params
  const shell = expectShell(params.shell)
  return {
    type: 'session.info',
    payload: {title: toTitle(title), agent: 'shell', cwd, shell, completion: strategyOf(shell), created_at: now},
  }
}

function expectShell(path: string | undefined): string {
  try {
    return findShell(path, process.env)
  } catch (error) {
    throw error instanceof ShellError ? new RpcError(errorCodes.agentUnavailable, error.message) : error
  }
}
