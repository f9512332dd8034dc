import {homedir} from 'node:os'
import {basename} from 'node:path'

import {errorCodes, type NewEvent, type Params} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import {findShell, ShellError, strategyOf} from '@holdfast/shell'

const maxTitleLength = 80

/** Event 1 of a session: what it is made of. Throws an `RpcError` `agentUnavailable` where there is no such shell. */
export function createdEvent(params: Params<'session.create'>, now: number): NewEvent {
  const {cwd = homedir(), title = basename(cwd) || cwd} = params
  const shell = expectShell(params.shell)
  return {
    type: 'session.info',
    payload: {title: oneLine(title), agent: 'shell', cwd, shell, completion: strategyOf(shell), created_at: now},
  }
}

function expectShell(path: string | undefined): string {
  try {
    return findShell(path, process.env)
  } catch (error) {
    throw error instanceof ShellError ? new RpcError(errorCodes.agentUnavailable, error.message) : error
  }
}

/** A title stands in lists and status lines: it has one line, and a length that leaves room for others. */
function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what would break the line
  const line = text.replace(/[\u0000-\u0020\u007f-\u009f]+/g, ' ').trim()
  return Array.from(line).slice(0, maxTitleLength).join('')
}
