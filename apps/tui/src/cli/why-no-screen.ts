import {isDumb} from '@holdfast/terminal'

/** What the streams and the environment of this process say of its terminal. */
export interface TerminalFacts {
  stdin: {isTTY?: boolean}
  stdout: {isTTY?: boolean}
  env: Readonly<Record<string, string | undefined>>
}

/** Why the screen cannot be drawn, as a person is told; `undefined` where it can. Pure. */
export function whyNoScreen({stdin, stdout, env}: TerminalFacts = process): string | undefined {
  if (!stdin.isTTY || !stdout.isTTY) return 'The screen needs a terminal, so this is the session line by line.'
  if (!isDumb(env)) return undefined
  const term = env['TERM'] ? `TERM is ${env['TERM']}` : 'TERM is not set'
  return `The screen needs a terminal that can do more (${term}), so this is the session line by line.`
}
