import type {EventPayload} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal/plain'

import {describeExit} from './exit-codes.ts'
import {from} from './from.ts'
import {formatBytes, formatDuration} from './quantities.ts'
import {signalNumber} from './signals.ts'

/** Texts for the `reason` of `message.complete`. */
const reasons: Readonly<Record<string, string>> = {
  'agent-died': 'the agent died',
  'folder-gone': 'the folder is gone, so nothing ran; the next command runs in the home folder',
  'host-died': 'the host process died',
  'host-ended': 'the host process was stopped',
  'incomplete-input': 'the command is incomplete: a quote, a bracket, a heredoc or what follows a `|` is missing',
  'login-required': 'the agent wants you to log in first',
  'machine-gone': 'its machine is gone',
  'log-damaged': 'the log of the session was damaged',
  'session-closed': 'the session was closed',
  'shell-killed': 'the shell was killed',
  withdrawn: 'it was removed from the queue',
}

/** Why a prompt that is complete has no exit status, by its `reason`. */
const unknownStatuses: Readonly<Record<string, string>> = {
  'end-lost': 'exit status unknown: the log has lost the end of the command',
  'exit-status-unknown':
    'exit status unknown: the hooks of the shell are broken, or an alias or a key binding has changed the line',
}

/** Why an agent stopped before it had done all, by the `reason` of a prompt that is complete. */
const earlyEnds: Readonly<Record<string, string>> = {
  max_tokens: 'stopped: the answer reached the limit of the model',
  max_turn_requests: 'stopped: the agent made as many requests as it may for one prompt',
  refusal: 'the agent refused to go on',
}

export interface DescribeEndOptions {
  /** How a folder is shown. @default whole, as a plain line */
  showFolder?: ((folder: string) => string) | undefined
}

/**
 * The result of a prompt: `✓ 0.3 s`, `✓ 0.3 s · → ~/src`, `✗ exit 127: command not found`, `■ interrupted · 60 of 100 lines · exit
 * 130 · 1.2 s`, `■ stopped · fg continues it · 1.2 s`, `? exit status unknown: … · 0.3 s`. Pure.
 */
export function describeEnd(
  payload: EventPayload<'message.complete'>,
  {showFolder = (folder) => folder}: DescribeEndOptions = {},
): string {
  const {duration_ms = 0, cwd} = payload
  const {sign, parts} = describeResult(payload)
  const behind = [
    ...(duration_ms < leastShownMs ? [] : [formatDuration(duration_ms)]),
    ...(cwd === undefined ? [] : [`→ ${toPlainLine(showFolder(cwd))}`]),
  ]
  return [sign, [...parts, ...behind].join(' · ')].join(' ').trimEnd()
}

/** A prompt that took less ended at once for the reader, ms: its result has no duration. */
export const leastShownMs = 100

function describeResult(payload: EventPayload<'message.complete'>): {sign: string; parts: readonly string[]} {
  const {status, exit_code, signal} = payload
  const unknown = describeUnknownStatus(payload)
  if (unknown !== undefined) return {sign: '?', parts: [unknown]}
  const early = describeEarlyEnd(payload)
  if (early !== undefined) return {sign: '■', parts: [early]}
  if (isStopped(payload)) return {sign: '■', parts: ['stopped', 'fg continues it']}
  const lines = describeLines(payload)
  const succeeded = isSuccess(payload)
  const parts = [
    ...(status === 'complete' ? [] : [describeStatus(payload)]),
    ...(lines === undefined ? [] : [lines]),
    // The status of a command that was interrupted says so again.
    ...(exit_code === undefined || succeeded
      ? []
      : [status === 'complete' ? describeExit(exit_code) : `exit ${exit_code}`]),
    ...(signal === undefined ? [] : [toPlainLine(signal)]),
  ]
  return {sign: succeeded ? '✓' : status === 'interrupted' ? '■' : '✗', parts}
}

/** As a shell reports a command that Ctrl-Z has stopped. */
export const stoppedExitCode = 128 + (signalNumber('SIGTSTP') ?? 0)

/** Whether Ctrl-Z has stopped a command. It may also have ended with the same status, which no shell tells apart. */
export function isStopped({status, exit_code}: EventPayload<'message.complete'>): boolean {
  return status === 'complete' && exit_code === stoppedExitCode
}

/** Whether all of a prompt ran, and its status is 0. */
export function isSuccess(payload: EventPayload<'message.complete'>): boolean {
  const {status, exit_code, signal, lines_total} = payload
  const isWhole = describeUnknownStatus(payload) === undefined && describeEarlyEnd(payload) === undefined
  return isWhole && status === 'complete' && (exit_code ?? 0) === 0 && signal === undefined && lines_total === undefined
}

/** Why an agent stopped before it had done all; undefined for any other prompt. */
export function describeEarlyEnd({status, reason}: EventPayload<'message.complete'>): string | undefined {
  return status !== 'complete' || reason === undefined ? undefined : earlyEnds[reason]
}

/** How a prompt ended, in a few characters: `✓`, `✗ 3`, `■`, `?`; undefined while it runs. A prompt of an agent has no exit code. */
export function outcomeSign(
  status: EventPayload<'message.complete'>['status'] | undefined,
  exit_code: number | undefined,
  reason: string | undefined,
): string | undefined {
  if (status === undefined) return undefined
  if (status === 'interrupted' || exit_code === stoppedExitCode) return '■'
  if (status === 'complete' && exit_code === undefined)
    return reason === undefined ? '✓' : reason in unknownStatuses ? '?' : '■'
  return status === 'complete' && exit_code === 0 ? '✓' : `✗ ${exit_code ?? ''}`.trimEnd()
}

/** Why a prompt that is complete has no exit status; undefined for any other prompt. */
export function describeUnknownStatus({reason}: EventPayload<'message.complete'>): string | undefined {
  return reason === undefined ? undefined : unknownStatuses[reason]
}

/** The status of a prompt with its reason: `interrupted`, `failed: the shell was killed`. */
export function describeStatus(payload: EventPayload<'message.complete'>): string {
  const {status, reason} = payload
  const known = describeUnknownStatus(payload) ?? describeEarlyEnd(payload)
  if (known !== undefined) return known
  return reason === undefined || reason === 'user'
    ? status + from(payload)
    : `${status}: ${reasons[reason] ?? toPlainLine(reason)}`
}

/** How far a prompt of several lines came: `60 of 100 lines`; undefined if the shell got all of them. */
export function describeLines({lines_entered, lines_total}: EventPayload<'message.complete'>): string | undefined {
  if (lines_total === undefined) return undefined
  return lines_entered === undefined
    ? `perhaps not all ${lines_total} lines`
    : `${lines_entered} of ${lines_total} lines`
}

/** Shown in place of dropped output: `… 12.0 MiB of output were not kept …`. */
export function describeElided({bytes}: {bytes: number}): string {
  return `… ${formatBytes(bytes)} of output were not kept …`
}

/** Shown where a program has drawn more than the log keeps. */
export const drawnNoMore = '… what the program draws from here on was not kept …'

/** Shown in place of events that damage destroyed. */
export const lostPart = '… part of the log was damaged and is lost …'

/** How long another client was attached: `attached 2 min 3 s`. */
export function describeAttached({duration_ms}: EventPayload<'attach.end'>): string {
  return `attached ${formatDuration(duration_ms)}`
}

/** A mark that a client has set. Pure. */
export function describeMark(payload: EventPayload<'session.marked'>): string {
  return `Mark${from(payload)}: ${payload.name}`
}

/** What is gone with a shell: `The shell exited with 3. The next command gets a new one …`. */
export function describeShellExited({exit_code, signal}: EventPayload<'shell.exited'>): string {
  const how =
    signal !== undefined
      ? `was ended by ${toPlainLine(signal)}`
      : exit_code !== undefined
        ? `exited with ${exit_code}`
        : 'ended with its host'
  return `The shell ${how}. The next command gets a new one in the same folder; variables, functions and aliases are gone`
}

/** `The session was closed from phone.` */
export function describeClosed(payload: EventPayload<'session.closed'>): string {
  return `The session was closed${from(payload)}.`
}

/** The prompt was removed from the queue and never ran. */
export function wasWithdrawn({reason}: EventPayload<'message.complete'>): boolean {
  return reason === 'withdrawn'
}

/** The exit code of shells for a syntax error. */
const syntaxErrorCode = 2

/**
 * The exit status of a command as a shell reports it: 128 plus the number of a signal, which is SIGINT if the user stopped it
 * before it began; 2 for a command that is incomplete; 1 if nothing is known. 0 for a prompt of an agent that is complete. Pure.
 */
export function exitCodeOf(payload: EventPayload<'message.complete'>): number {
  const {status, exit_code, signal, reason} = payload
  const ended = reason === 'user' ? 'SIGINT' : signal
  const number = ended === undefined ? undefined : signalNumber(ended)
  if (reason === 'incomplete-input') return syntaxErrorCode
  const isWhole = status === 'complete' && signal === undefined && describeUnknownStatus(payload) === undefined
  if (isWhole) return exit_code ?? 0
  return exit_code ?? (number === undefined ? 1 : 128 + number)
}
