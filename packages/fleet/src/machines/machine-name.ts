const namePattern = /^[\w-]{1,64}$/

/** Whether a name can be a part of a subject and a key. */
export function isMachineName(name: string): boolean {
  return namePattern.test(name)
}

/** Throws a `RangeError` for a name that cannot be a part of a subject or a key. */
export function requireMachineName(name: string): void {
  if (isMachineName(name)) return
  throw new RangeError(
    `Expected the name of a machine to be 1 to 64 letters, digits, - and _, got ${JSON.stringify(name)}`,
  )
}
