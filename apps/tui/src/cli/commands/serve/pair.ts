import {setTimeout as delay} from 'node:timers/promises'

import {formatClock} from '@holdfast/session-view'
import {beginProcess} from '../../../process/begin-process.ts'
import {findHome} from '../../../process/find-home.ts'
import {invocation} from '../../../process/invocation.ts'
import {printLines} from '../../../process/standard-output.ts'
import {terminalSize} from '../../../process/terminal-size.ts'
import {UserError} from '../../../process/user-error.ts'
import {isLoopbackPage, servedPage} from '../../../sessions/served-page.ts'
import {openAccess, withAccess} from '../../../sessions/with-access.ts'
import {resultEnvelope} from '../../envelope.ts'
import {drawQrCode} from './draw-qr-code.ts'

export interface PairOptions {
  readOnly?: true
  /** How long the device may connect, ms. */
  expires?: number
  name?: string
  url?: string
  json?: true
}

const day = 86_400_000
/** How often the code is looked up, ms. */
const checkEveryMs = 300

/** Prints a one-time code. Without `json`, waits until a device has used it. */
export async function pair(options: PairOptions): Promise<void> {
  const {readOnly: isReadOnly = false, expires: deviceMs = 90 * day, name, url, json = false} = options
  beginProcess('command')
  const home = findHome()
  const page = url ?? servedPage(home)
  if (page === undefined) throw noPage()
  const {code, expiresAt} = withAccess(home, (access) => access.createCode({name, isReadOnly, deviceMs}))
  // Behind the #, which browsers send to no server.
  const link = `${page}/#pair=${code}`
  if (json) return await printLines([resultEnvelope('pair', {code, url: link, expires_at: expiresAt})])

  const until = formatClock(expiresAt, Date.now())
  await printLines([
    ...qrCodeOf(link),
    link,
    `Code: ${code}, for one device, until ${until}`,
    ...(isLoopbackPage(page)
      ? ['Only this machine reaches that: for a phone, `serve` needs --public-url or --tls-cert.']
      : []),
    'Waiting for the device. Ctrl-C stops that, and the code stays valid.',
  ])
  const device = await waitForDevice(home, code)
  await printLines([`Paired: ${device}${isReadOnly ? ', which may only look' : ''}`])
}

function noPage(): UserError {
  const start = `start \`${invocation('serve --web')}\``
  return new UserError(`no page of this home is served: ${start}, or say where it is with --url`)
}

/** The lines of a QR code, or the reason why there is none. */
function qrCodeOf(link: string): string[] {
  const terminal = terminalSize()
  if (terminal === undefined) return []
  const {lines, cols} = drawQrCode(link)
  if (process.env['TERM'] === 'dumb') return ['No QR code: this terminal has no colours.']
  if (cols <= terminal.cols) return lines
  return [`No QR code: it needs ${cols} columns, and this terminal has ${terminal.cols}.`]
}

async function waitForDevice(home: string, code: string): Promise<string> {
  const access = openAccess(home)
  try {
    for (;;) {
      const state = access.codeState(code)
      if (state.kind === 'used') return state.device
      if (state.kind === 'void') {
        const remedy = `\`${invocation('pair')}\` makes another`
        throw new UserError(`no device has used the code in time: ${remedy}`, {code: 'timed_out'})
      }
      await delay(checkEveryMs)
    }
  } finally {
    access.close()
  }
}
