let isGuarded = false

/**
 * This process's stderr. That nobody is there to be told anything is no error. Whoever has nothing to tell does not open
 * it: that takes a millisecond or more.
 */
export function standardError(): NodeJS.WriteStream {
  const {stderr} = process
  if (!isGuarded) stderr.on('error', () => undefined)
  isGuarded = true
  return stderr
}
