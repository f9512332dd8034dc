import {createHome} from '../../../apps/tui/e2e/support/home.ts'
import {startServer, token} from '../../../apps/tui/e2e/support/serve.ts'
import {makeHistory} from '../tui/make-history.ts'
import {runClient, runPair} from './bare-pair.ts'
import {traffics} from './traffic.ts'

const {events} = traffics.history
export const logMetric = `events per second of a session, ${events.toLocaleString('en')} from its log to a client with JSON.parse`

/** With `bare ws`, a server makes such events and encodes them. */
export async function measureLog(contender: 'bare ws' | 'holdfast'): Promise<number> {
  if (contender === 'bare ws') return (events * 1000) / (await runPair('history', events, contender)).ms
  await using home = createHome()
  const session_id = makeHistory(home, events / 4)
  await using server = await startServer(home)
  const args = [server.url, String(events), 'bare ws', session_id, token]
  // Starts the host.
  await runClient([server.url, '1', 'bare ws', session_id, token])
  return (events * 1000) / (await runClient(args)).ms
}
