let opened: NodeJS.WriteStream | undefined

/**
 * This process's stderr. That nobody is there to be told anything is no error. It is opened when it is first needed: that
 * takes a millisecond or more.
 */
export function standardError(): NodeJS.WriteStream {
  return (opened ??= process.stderr.on('error', () => undefined))
}

/** The system has all that was told. */
export function isStandardErrorWritten(): boolean {
  return opened === undefined || opened.writableLength === 0
}
