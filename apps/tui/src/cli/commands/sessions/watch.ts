import {UserError} from '../../../process/user-error.ts'
import {invocationFor, type GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {loadLayoutEngine} from '../../../ui/layout-engine.ts'
import {whyNoScreen} from '../../why-no-screen.ts'

/** Shows all open sessions in the terminal, until the user leaves. */
export async function watchAll(gateway: GatewayChoice): Promise<void> {
  if (whyNoScreen() !== undefined)
    throw new UserError(`the board needs a capable terminal; \`${invocationFor(gateway, 'ls')}\` works without one`, {
      code: 'usage',
    })
  // Ink, which has the parser of keys, needs it when it is loaded.
  await loadLayoutEngine()
  const {watchSessions} = await import('../../../app/watching/watch-sessions.ts')
  await watchSessions(gateway)
}
