import {fileURLToPath} from 'node:url'

/** The command line that starts another process of this program. */
export function ownCommand(...args: string[]): readonly [string, ...string[]] {
  return [process.execPath, fileURLToPath(new URL('./cli.cjs', import.meta.url)), ...args]
}

/** The command line that starts a gateway: `$HOLDFAST_GATEWAY gateway` if that is set, else this program. */
export function gatewayCommand(environment: NodeJS.ProcessEnv = process.env): readonly [string, ...string[]] {
  const {HOLDFAST_GATEWAY} = environment
  return HOLDFAST_GATEWAY ? [HOLDFAST_GATEWAY, 'gateway'] : ownCommand('gateway')
}
