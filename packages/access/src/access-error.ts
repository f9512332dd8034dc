const brand = Symbol.for('holdfast.AccessError')

/** The credentials cannot be used. */
export class AccessError extends Error {
  override name = 'AccessError'
  // A symbol from the registry, so that two installed copies of this package recognize each other's errors.
  readonly [brand] = true
  /** `unreadable`: see `cause`. `newer`: a later version of this package wrote the file. `too-many-devices`: revoke one first. */
  readonly code: 'unreadable' | 'newer' | 'too-many-devices'

  constructor(code: AccessError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export function isAccessError(error: unknown): error is AccessError {
  return typeof error === 'object' && error !== null && brand in error
}
