import {Socket} from 'node:net'

/**
 * Ends this process as a closed terminal does, with SIGHUP, when the process that an older Node ran for the user is gone. It
 * passes signals on while it lives (cli.cjs), but nothing can pass on SIGKILL. `HOLDFAST_LAUNCHER` is the number of a pipe
 * that ends then, and that no child of this process gets.
 */
export function endWithLauncher(): void {
  const {HOLDFAST_LAUNCHER: descriptor} = process.env
  delete process.env['HOLDFAST_LAUNCHER']
  if (descriptor !== '3') return
  const launcher = new Socket({fd: 3, readable: true, writable: false})
  launcher.on('error', () => undefined)
  launcher.on('close', () => process.kill(process.pid, 'SIGHUP'))
  launcher.resume()
  launcher.unref()
}
