import {basename} from 'node:path'

import {changeTags, errorCodes, programPromptId, quoteWords, type NewEvent, type Params} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import {findProgram, findShell, isShellError, strategyOf} from '@holdfast/shell'

import {toTitle} from './to-title.ts'

type Wishes = Params<'session.create'> & {cwd: string}

/**
 * Event 1 of a new session, and the prompt of one that runs a program. Throws an `RpcError` `agentUnavailable` if the shell or the
 * program does not exist, or `requireAgent` throws for the name of the agent.
 */
export function createdEvents(
  params: Wishes,
  now: number,
  requireAgent: (name: string) => unknown = requireNoAgent,
  by?: string,
): NewEvent[] {
  const {cwd, title, program, env, one_shot, tags = []} = params
  const info: NewEvent = {
    type: 'session.info',
    payload: {
      title: toTitle(title ?? (basename(cwd) || cwd)),
      ...(title === undefined && {untitled: true}),
      cwd,
      ...ofRunner(params, requireAgent),
      ...(env !== undefined && {env}),
      created_at: now,
      ...((one_shot === true || program !== undefined) && {one_shot: true}),
      ...(tags.length > 0 && {tags: changeTags([], {add: tags})}),
      by,
    },
  }
  if (program === undefined) return [info]
  const prompt = {prompt_id: programPromptId, text: quoteWords(program), position: 0, by}
  return [info, {type: 'prompt.queued', payload: prompt}]
}

function ofRunner(params: Wishes, requireAgent: (name: string) => unknown) {
  if (params.agent !== undefined) return ofAgent(params.agent, requireAgent)
  return params.program === undefined ? ofShell(params.shell) : ofProgram(params.program, params)
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
  const shell = found(() => findShell(path, process.env))
  return {agent: 'shell', shell, completion: strategyOf(shell)}
}

function ofProgram(program: readonly string[], {cwd, env}: Wishes) {
  const [name = ''] = program
  found(() => findProgram(name, {env: {...process.env, ...env}, cwd}))
  return {agent: 'shell', program: [...program]}
}

function found(find: () => string): string {
  try {
    return find()
  } catch (error) {
    throw isShellError(error) ? new RpcError(errorCodes.agentUnavailable, error.message) : error
  }
}
