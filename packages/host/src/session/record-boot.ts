import {writeFileSync} from 'node:fs'

import {readBootId} from '@holdfast/supervisor'

/** After a restart of the machine, whoever finds this file knows that the session was open. */
export function recordBoot(file: string): void {
  try {
    writeFileSync(file, `${readBootId() ?? ''}\n`, {mode: 0o600})
  } catch {
    // Then nobody offers to open it again, as on a full disk.
  }
}
