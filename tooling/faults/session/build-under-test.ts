import {existsSync} from 'node:fs'
import {join} from 'node:path'

export interface BuildUnderTest {
  /** The built command. */
  cli: string
  /** The client program that drives it. */
  clientProgram: string
}

/** The build in a work tree. Throws where the command is not built. */
export function findBuild(root: string): BuildUnderTest {
  const cli = join(root, 'apps/tui/dist/cli.cjs')
  if (!existsSync(cli)) throw new Error(`there is no ${cli}: build it with \`npx turbo run build\``)
  return {cli, clientProgram: join(root, 'tooling/faults/session/client-program.ts')}
}
