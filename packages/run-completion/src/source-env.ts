import {quotePosix} from './quote.ts'

/** Program text that gives ENV its user's value again, and reads the start file that it names, as a POSIX shell does. */
export function sourceEnv(env: string | undefined): string {
  if (env === undefined) return 'unset ENV'
  // What ENV says is expanded.
  return String.raw`ENV=${quotePosix(env)}
eval "if [ -r \"$ENV\" ]; then . \"$ENV\"; fi"`
}
