import {
  BatchFormatError,
  maxBatchLength,
  readBatch,
  runBatch,
  RunStepError,
  ScreenWaitError,
  type BatchStep,
  type StepEnd,
} from '@holdfast/drive'
import type {ScreenSnapshot} from '@holdfast/protocol'
import {onSignals} from '@holdfast/supervisor'
import {toJsonLine, toPlainLine} from '@holdfast/terminal'
import {exitCodeOf, formatDuration} from '@holdfast/session-view'

import {snapshotText} from '../../../export/draw-snapshot.ts'
import {beginInLowerCase} from '../../../process/print-error.ts'
import {readStandardInput} from '../../../process/standard-input.ts'
import {openStandardOutput} from '../../../process/standard-output.ts'
import {isUserError, UserError} from '../../../process/user-error.ts'
import type {GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {toUserError} from '../../../sessions/to-user-error.ts'
import {withClient} from '../../../sessions/with-client.ts'
import type {Answer} from '../../answering.ts'

export interface BatchOptions {
  /** Go on after a step that fails. */
  keepGoing?: boolean
  json?: boolean
  gateway: GatewayChoice
}

/** Does the steps on stdin in a session, and prints each as it ends. The first one that fails sets the exit status. */
export async function doBatch(id: string, {keepGoing = false, json = false, gateway}: BatchOptions): Promise<Answer> {
  expectSessionId(id)
  const steps = readSteps(await readStandardInput(maxBatchLength))
  const interrupt = new AbortController()
  onSignals(['SIGINT'], () => interrupt.abort())
  const stdout = openStandardOutput()
  void stdout.gone.then(() => interrupt.abort())
  let problem: UserError | undefined
  const counts = await withClient(gateway, async (client) => {
    const onStep = async (end: StepEnd) => {
      const error = failureOf(end, (caught) => toUserError(caught, client, gateway))
      if (error !== undefined)
        problem ??= new UserError(`step ${end.step}: ${error.message}`, {code: error.code, exitCode: error.exitCode})
      const lines = json ? [toJson(end, error)] : toText(end, error)
      stdout.write(lines.map((line) => `${line}\n`).join(''))
      await stdout.flushed()
    }
    return await runBatch(client, id, steps, {keepsGoing: keepGoing, signal: interrupt.signal, onStep})
  })
  const {'not-run': notRun, ...others} = counts
  return {result: {...others, not_run: notRun}, problems: problem === undefined ? [] : [problem]}
}

function readSteps(text: string): BatchStep[] {
  try {
    return readBatch(text)
  } catch (error) {
    throw error instanceof BatchFormatError ? new UserError(error.message, {code: 'usage', cause: error}) : error
  }
}

/** Why a step has not done what it was to do. Throws what is a fault of this program. */
function failureOf({status, error}: StepEnd, known: (error: unknown) => unknown): UserError | undefined {
  if (status === 'interrupted') return new UserError('interrupted', {code: 'interrupted'})
  if (status !== 'failed') return undefined
  if (error instanceof ScreenWaitError)
    return new UserError(error.message, {code: error.reason === 'timeout' ? 'timed_out' : 'program_ended'})
  if (error instanceof RunStepError) {
    if (error.end === undefined) return new UserError(error.message, {code: 'timed_out'})
    return new UserError(error.message, {code: 'command_failed', exitCode: exitCodeOf(error.end)})
  }
  const described = known(error)
  if (!isUserError(described)) throw error
  return described
}

function toJson({step, line, command, status, durationMs, result}: StepEnd, error: UserError | undefined): string {
  const failure = error && {code: error.code, message: error.message}
  return toJsonLine({step, line, command, status, duration_ms: Math.round(durationMs), result, error: failure})
}

function toText({step, command, status, durationMs, result}: StepEnd, error: UserError | undefined): readonly string[] {
  if (status === 'not-run') return [`${step} ${command}: not run`]
  const why = error === undefined || status === 'interrupted' ? '' : `: ${beginInLowerCase(toPlainLine(error.message))}`
  const screen = command === 'snapshot' && result !== undefined ? snapshotText(result as ScreenSnapshot) : []
  return [`${step} ${command}: ${status}, ${formatDuration(durationMs)}${why}`, ...screen]
}
