let opened: NodeJS.WriteStream | undefined

/** stderr of this process; write errors are ignored. Opened at the first call, as opening takes a millisecond. */
export function standardError(): NodeJS.WriteStream {
  return (opened ??= process.stderr.on('error', () => undefined))
}

/** Whether all text has been handed to the system. */
export function isStandardErrorWritten(): boolean {
  return opened === undefined || opened.writableLength === 0
}
