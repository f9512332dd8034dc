/**
 * Clients of a `holdfast serve` that watch one session, in a process of their own. Arguments: the URL, the token, the session, how many.
 * Each checks that it gets each event once and in order. They are ready with the message `ready`; with the end of the prompt at all of
 * them comes `over`, with the fewest bytes of output that one of them got.
 */
import {createConnection} from '@holdfast/rpc'
import {connectWebSocket} from '@holdfast/transport/websocket'

export type ClientsMessage = {kind: 'ready'} | {kind: 'over'; bytes: number}

const [, , url = '', token = '', session_id = '', count = ''] = process.argv

interface WireEvent {
  type: string
  seq?: number
  payload?: {text?: string; base64?: string}
}

/** Resolves with the bytes of output up to the end of the next prompt. */
async function open(): Promise<{ended: Promise<number>}> {
  const connection = createConnection(await connectWebSocket(url, {token}))
  const ended = Promise.withResolvers<number>()
  let bytes = 0
  let lastSeq: number | undefined
  connection.subscribe('event', (params) => {
    const {type, seq, payload} = params as WireEvent
    if (seq === undefined) return
    if (lastSeq !== undefined && seq !== lastSeq + 1)
      ended.reject(new Error(`Expected event ${lastSeq + 1}, got ${seq}`))
    lastSeq = seq
    if (type === 'message.delta') bytes += payload?.text === undefined ? 0 : Buffer.byteLength(payload.text)
    if (type === 'message.complete') ended.resolve(bytes)
  })
  void connection.closed.then(({message}) => ended.reject(new Error(message)))
  await connection.request('session.resume', {session_id, after_seq: Number.MAX_SAFE_INTEGER})
  return {ended: ended.promise}
}

const clients: {ended: Promise<number>}[] = []
while (clients.length < Number(count)) clients.push(await open())
process.send!({kind: 'ready'} satisfies ClientsMessage)
const bytes = await Promise.all(clients.map(({ended}) => ended))
process.send!({kind: 'over', bytes: Math.min(...bytes)} satisfies ClientsMessage)
process.exit()
