import {existsSync} from 'node:fs'
import {join} from 'node:path'

/** What is put to the test. */
export interface Product {
  /** The built command. */
  cli: string
  /** The client process that drives it. */
  client: string
}

/** What is in a work tree. Throws where the command is not built. */
export function productIn(root: string): Product {
  const cli = join(root, 'apps/tui/dist/cli.js')
  if (!existsSync(cli)) throw new Error(`Expected the built command at ${cli}: run \`npm test -- build\` first`)
  return {cli, client: join(root, 'tooling/faults/client-process.ts')}
}
