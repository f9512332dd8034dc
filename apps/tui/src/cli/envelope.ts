import {toJsonLine} from '@holdfast/terminal'
import {Option, type Command} from 'commander'

import type {UserError} from '../process/user-error.ts'

/** `--json` of all commands that answer with one result. */
export const envelopeOption = new Option('--json', 'print the result, or the error, as one JSON object')

/** The envelope of a result. Its keys have the names that the protocol gives them. Pure. */
export function resultEnvelope(command: string, result: Readonly<Record<string, unknown>>): string {
  return toJsonLine({ok: true, command, result})
}

/** Why a command has no result. Pure. */
export function errorEnvelope(command: string, {code, message}: Pick<UserError, 'code' | 'message'>): string {
  return toJsonLine({ok: false, command, error: {code, message}})
}

/** Whether a command that got wrong usage is to answer with an envelope: its options are not known then. Pure. */
export function wantsEnvelope(command: Command, words: readonly string[]): boolean {
  const end = words.indexOf('--')
  return command.options.includes(envelopeOption) && words.slice(0, end === -1 ? undefined : end).includes('--json')
}
