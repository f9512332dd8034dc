import {closeSync, constants, openSync} from 'node:fs'

/** The flag file that a writer creates when it finds damage. It makes the next host repair the log. */
export function damageFlagFile(file: string): string {
  return `${file}.repair-needed`
}

export function flagDamage(file: string): void {
  try {
    closeSync(openSync(damageFlagFile(file), constants.O_WRONLY | constants.O_CREAT | constants.O_NONBLOCK, 0o600))
  } catch {
    // A disk that cannot hold the flag file cannot hold a repaired log either.
  }
}
