import {readDevice, type Device} from '../gateway/access.ts'

const key = 'holdfast.device'

/**
 * Under which device this browser was paired when it was last here; `undefined`: it was not. What the server says counts, but this is
 * known at once, and without a connection.
 */
export function pairedBefore(): {device: Device | undefined} | undefined {
  try {
    const kept = localStorage.getItem(key)
    return kept === null ? undefined : {device: readDevice(JSON.parse(kept))}
  } catch {
    return undefined
  }
}

export function keepPaired(device: Device | undefined): void {
  try {
    // In the form in which the server describes it.
    const {name, isReadOnly, expiresAt} = device ?? {}
    localStorage.setItem(key, JSON.stringify({name, read_only: isReadOnly, expires_at: expiresAt}))
  } catch {
    // Without storage, the page asks first.
  }
}

export function forgetPaired(): void {
  try {
    localStorage.removeItem(key)
  } catch {
    // There is none.
  }
}
