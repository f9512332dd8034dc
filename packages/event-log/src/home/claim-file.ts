import {readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'

/** The last claim of a session by this machine of a fleet: what is known of the cluster without asking it. */
export interface KnownClaim {
  /** The name of the fleet. */
  fleet: string
  machine: string
  epoch: number
  /** What the fleet promises. */
  promise: 'local' | 'replicated'
  /** The cluster had all events up to this one. */
  through: number
}

/** Its name begins with that of the log, so that it is deleted with the log. */
export function claimFile(log: string): string {
  return `${log}.claim`
}

/** `undefined` if there is none, or a newer version has written it. */
export function readClaimFile(file: string): KnownClaim | undefined {
  try {
    const {v, fleet, machine, epoch, promise, through} = JSON.parse(readFileSync(file, 'utf8')) as Record<
      string,
      unknown
    >
    const isKnown =
      v === 1 &&
      typeof fleet === 'string' &&
      typeof machine === 'string' &&
      typeof epoch === 'number' &&
      (promise === 'local' || promise === 'replicated') &&
      typeof through === 'number'
    return isKnown ? {fleet, machine, epoch, promise, through} : undefined
  } catch {
    return undefined
  }
}

/** Without the file, as on a full disk, the host needs the cluster at its next start. */
export function writeClaimFile(file: string, claim: KnownClaim): void {
  const part = `${file}.part`
  try {
    writeFileSync(part, `${JSON.stringify({v: 1, ...claim})}\n`, {mode: 0o600})
    renameSync(part, file)
  } catch {
    rmSync(part, {force: true})
  }
}
