import {UserError} from '../process/user-error.ts'
import type {Answer} from './answering.ts'

export interface FileOptions<Format extends string> {
  format: Format
  /** A new file. @default stdout */
  output?: string
  json?: true
}

/** What a command answers that has written a file. Throws a `UserError` where `--json` needs stdout for the answer. Pure. */
export function fileAnswer({format, output, json}: FileOptions<string>): Answer {
  if (json && output === undefined) throw new UserError('expected --output FILE with --json', {code: 'usage'})
  return {result: {format, output}}
}
