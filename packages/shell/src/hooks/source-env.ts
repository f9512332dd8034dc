import {quotePosix} from './quote.ts'

/** Script text that restores the user's `ENV` and sources the start file it names, as a POSIX shell does. */
export function sourceEnv(env: string | undefined): string {
  if (env === undefined) return 'unset ENV'
  // POSIX shells expand the value of ENV.
  return String.raw`ENV=${quotePosix(env)}
eval "if [ -r \"$ENV\" ]; then . \"$ENV\"; fi"`
}
