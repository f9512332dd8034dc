import {typed} from '../process/invocation.ts'
import {toShellLine} from './shell-line.ts'

/** Whose sessions are meant, as it was said on the command line. */
export interface GatewayChoice {
  /** The URL of a `holdfast serve`; those of this home if it is left out. */
  connect?: string
  tokenFile?: string
}

/** How a person types these words for the same sessions. */
export function invocationFor({connect, tokenFile}: GatewayChoice, ...words: string[]): string {
  const way = [
    ...(connect === undefined ? [] : ['--connect', connect]),
    ...(tokenFile === undefined ? [] : ['--token-file', tokenFile]),
  ]
  return typed(toShellLine([...words, ...way]))
}
