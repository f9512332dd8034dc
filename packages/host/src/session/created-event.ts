import {homedir} from 'node:os'
import {basename} from 'node:path'

import {errorCodes, type NewEvent, type Params} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import {findShell, isShellError, strategyOf} from '@holdfast/shell'

import {toTitle} from './to-title.ts'

/** Event 1 of a new session. Throws an `RpcError` `agentUnavailable` if the shell does not exist. */
export function createdEvent(params: Params<'session.create'>, now: number): NewEvent {
  const {cwd = homedir(), title, one_shot} = params
  const shell = requireShell(params.shell)
  return {
    type: 'session.info',
    payload: {
      title: toTitle(title ?? (basename(cwd) || cwd)),
      ...(title === undefined && {untitled: true}),
      agent: 'shell',
      cwd,
      shell,
      completion: strategyOf(shell),
      created_at: now,
      ...(one_shot === true && {one_shot}),
    },
  }
}

function requireShell(path: string | undefined): string {
  try {
    return findShell(path, process.env)
  } catch (error) {
    throw isShellError(error) ? new RpcError(errorCodes.agentUnavailable, error.message) : error
  }
}
