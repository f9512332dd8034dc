import {mkdirSync} from 'node:fs'

import {homePaths, openSqliteLog, sessionPaths} from '@holdfast/event-log'
import {createPromptId, createSessionId, type NewEvent} from '@holdfast/protocol'

const runsPerBatch = 500

/** Creates a session that no process has open, with `runCount` runs in its log. Returns its id. `agent`: each is an answer of it. */
export function makeHistory(
  {state, project}: {state: string; project: string},
  runCount: number,
  {agent}: {agent?: string} = {},
): string {
  mkdirSync(homePaths(state).sessions, {recursive: true, mode: 0o700})
  const sessionId = createSessionId()
  const log = openSqliteLog({file: sessionPaths(state, sessionId).log, sessionId, create: true})
  const info = {title: 'history', cwd: project, created_at: Date.now()}
  const payload = agent === undefined ? {...info, agent: 'shell', shell: '/bin/bash'} : {...info, agent}
  log.append([{type: 'session.info', payload}])
  if (agent !== undefined)
    log.append([{type: 'agent.session', payload: {id: 'session', cwd: project, prompts: runCount}}])
  for (let from = 0; from < runCount; from += runsPerBatch) {
    const count = Math.min(runsPerBatch, runCount - from)
    log.append(Array.from({length: count}, (_, index) => run(from + index, agent !== undefined)).flat())
  }
  log.close()
  return sessionId
}

function run(number: number, isOfAgent: boolean): NewEvent[] {
  const prompt_id = createPromptId()
  const text = `echo ${number}`
  return [
    {type: 'prompt.queued', payload: {prompt_id, text, position: 0}},
    {type: 'message.start', payload: {prompt_id, text}},
    {
      type: 'message.delta',
      payload: {prompt_id, text: isOfAgent ? `# ${number}\n\nIt is **${number}**.\n` : `${number}\n`},
    },
    {
      type: 'message.complete',
      payload: {prompt_id, status: 'complete', ...(!isOfAgent && {exit_code: 0}), duration_ms: 4},
    },
  ]
}
