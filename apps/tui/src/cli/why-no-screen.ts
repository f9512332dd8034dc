import {isDumb} from '@holdfast/terminal'

/** The terminal of this process. */
export interface TerminalFacts {
  stdin: {isTTY?: boolean}
  stdout: {isTTY?: boolean}
  env: Readonly<Record<string, string | undefined>>
}

/** Why the screen cannot be drawn, for the user; `undefined` if it can. Pure. */
export function whyNoScreen({stdin, stdout, env}: TerminalFacts = process): string | undefined {
  if (!stdin.isTTY || !stdout.isTTY) return 'The screen needs a terminal, so the session is shown line by line.'
  if (!isDumb(env)) return undefined
  const term = env['TERM'] ? `TERM is ${env['TERM']}` : 'TERM is not set'
  return `The screen needs a capable terminal (${term}), so the session is shown line by line.`
}
