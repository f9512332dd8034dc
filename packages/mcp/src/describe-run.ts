import {isWhole, joinHeadAndTail} from './head-and-tail.ts'
import type {RunReader} from './run-reader.ts'
import type {ToolResult} from './tool.ts'

export type RunFacts = Omit<RunReader, 'take' | 'lastLine'>

/** What `run` answers: how the run ended, or that it goes on, and how to go on with it. */
export function describeRun(
  run: RunFacts,
  {sessionId, promptId, timeoutMs}: {sessionId: string; promptId: string; timeoutMs: number},
): ToolResult {
  const output = run.readOutput()
  const {end, hasStarted, isClosed, lastSeq, leftOutAfter} = run
  const status = end?.status ?? (isClosed ? 'cancelled' : hasStarted ? 'running' : 'queued')
  const facts = {
    session: sessionId,
    run: promptId,
    status,
    exit_code: end?.exit_code,
    reason: end?.reason ?? (isClosed && end === undefined ? 'session-closed' : undefined),
    signal: end?.signal,
    duration_ms: end?.duration_ms,
    cwd: end?.cwd,
    next_seq: lastSeq,
    ...(!isWhole(output) && {
      output: 'beginning and end',
      left_out: `\`read\` with after_seq ${leftOutAfter} returns what is left out`,
    }),
    what_next: end?.reason === 'incomplete-input' ? whenIncomplete : whatNext(status, timeoutMs),
  }
  return {facts, text: joinHeadAndTail(output), isError: status === 'failed'}
}

const whenIncomplete =
  'nothing of it has run: a quote, a bracket, a heredoc or what follows a `|` is missing; run the whole command, without this id'

function whatNext(status: string, timeoutMs: number): string | undefined {
  const again = '`run` with the same session and command, and this `run` as its id, waits on'
  if (status === 'running')
    return `it has not ended within ${timeoutMs} ms, and runs on: ${again}; \`input\`, \`keys\`, \`wait\` and \`snapshot\` are for its terminal, key C-c interrupts it`
  if (status === 'queued')
    return `it has not begun within ${timeoutMs} ms, because another run of the session has not ended: ${again}; \`snapshot\` shows the other one`
  return undefined
}
