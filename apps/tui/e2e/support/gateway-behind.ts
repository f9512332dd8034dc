import {chmodSync, writeFileSync} from 'node:fs'

import {cli, type Home} from './home.ts'

/** The environment with a gateway that runs a line of shell script before it starts. */
export function gatewayBehind(home: Home, line: string): {HOLDFAST_GATEWAY: string} {
  const file = `${home.project}/gateway`
  writeFileSync(file, `#!/bin/sh\n${line}\nexec '${process.execPath}' '${cli}' gateway\n`)
  chmodSync(file, 0o755)
  return {HOLDFAST_GATEWAY: file}
}
