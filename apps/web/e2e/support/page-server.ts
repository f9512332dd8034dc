import type {Home, RunningHoldfast} from '../../../tui/e2e/support/home.ts'
import {until} from '../../../tui/e2e/support/until.ts'

/** A `holdfast serve --web` of a home. */
export interface PageServer extends AsyncDisposable {
  /** Of the page, without a slash at the end. */
  readonly url: string
  readonly running: RunningHoldfast
  /** The address by which one browser pairs. `args`: options of `holdfast pair`. */
  pairingUrl(args?: readonly string[]): Promise<string>
}

/** Starts it; resolves when it listens. `listen`: an address and a port. */
export async function startPageServer(home: Home, listen = '127.0.0.1:0'): Promise<PageServer> {
  const running = home.startHoldfast(['serve', '--web', '--listen', listen, '--json'])
  const firstLine = until(() => running.stdout.includes('\n') && running.stdout, {what: 'the address of the page'})
  const said = await Promise.race([firstLine, running.ended.then(({stderr}) => Promise.reject(new Error(stderr)))])
  const {page: url} = JSON.parse(said) as {page: string}
  return {
    url,
    running,
    async pairingUrl(args = []) {
      const {stdout, stderr} = await home.holdfast(['pair', ...args, '--json'])
      if (stdout === '') throw new Error(`Expected \`holdfast pair\` to print a URL, got: ${stderr}`)
      return (JSON.parse(stdout) as {result: {url: string}}).result.url
    },
    async [Symbol.asyncDispose]() {
      running.child.kill('SIGTERM')
      await running.ended
    },
  }
}
