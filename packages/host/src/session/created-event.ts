import {basename} from 'node:path'

import {changeTags, errorCodes, type NewEvent, type Params} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import {findShell, isShellError, strategyOf} from '@holdfast/shell'

import {toTitle} from './to-title.ts'

/**
 * Event 1 of a new session. Throws an `RpcError` `agentUnavailable` if the shell does not exist, or `requireAgent` throws for the
 * name of the agent.
 */
export function createdEvent(
  params: Params<'session.create'> & {cwd: string},
  now: number,
  requireAgent: (name: string) => unknown = requireNoAgent,
): NewEvent {
  const {cwd, title, one_shot, tags = []} = params
  return {
    type: 'session.info',
    payload: {
      title: toTitle(title ?? (basename(cwd) || cwd)),
      ...(title === undefined && {untitled: true}),
      cwd,
      ...(params.agent === undefined ? ofShell(params.shell) : ofAgent(params.agent, requireAgent)),
      created_at: now,
      ...(one_shot === true && {one_shot}),
      ...(tags.length > 0 && {tags: changeTags([], {add: tags})}),
    },
  }
}

/** For hosts that run shells only. */
function requireNoAgent(name: string): never {
  throw new Error(`This host runs no coding agents: expected no \`agent\`, got \`${name}\``)
}

function ofAgent(name: string, requireAgent: (name: string) => unknown) {
  try {
    requireAgent(name)
    return {agent: name}
  } catch (error) {
    throw new RpcError(errorCodes.agentUnavailable, error instanceof Error ? error.message : String(error))
  }
}

function ofShell(path: string | undefined) {
  try {
    const shell = findShell(path, process.env)
    return {agent: 'shell', shell, completion: strategyOf(shell)}
  } catch (error) {
    throw isShellError(error) ? new RpcError(errorCodes.agentUnavailable, error.message) : error
  }
}
