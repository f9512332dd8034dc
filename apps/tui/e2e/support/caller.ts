import {chmodSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import type {Home} from './home.ts'

const gateway = fileURLToPath(new URL('../fixtures/caller-gateway.ts', import.meta.url))

/** The environment of a client that comes with a credential of this name. */
export function asCaller(home: Home, name: string, {isReadOnly = false} = {}): Record<string, string> {
  const file = `${home.project}/caller-gateway`
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' --conditions=holdfast-source '${gateway}'\n`)
  chmodSync(file, 0o755)
  return {HOLDFAST_GATEWAY: file, CALLER_NAME: name, ...(isReadOnly && {CALLER_READ_ONLY: '1'})}
}
