import {useEffect, useMemo, useState} from 'react'

import {appContext, type AppContext} from '../app-context.ts'
import {openPageCache} from '../cache/page-cache.ts'
import {createGatewayLink} from '../gateway/create-gateway-link.ts'
import {askAccess, unpair, type Device} from '../gateway/access.ts'
import {createNotifier} from '../notifications/notifier.ts'
import {watchForUser} from '../notifications/watch-for-user.ts'
import {PairingScreen} from '../pairing/pairing-screen.tsx'
import {takePairingCode} from '../pairing/take-pairing-code.ts'
import {createStore, useStore} from '../store.ts'
import {Shell} from './shell.tsx'

type Access =
  | {kind: 'asking'}
  | {kind: 'paired'; device: Device | undefined}
  /** `wasPaired`: it was, until the server refused it. */
  | {kind: 'unpaired'; code: string | undefined; wasPaired: boolean}

const access = createStore<Access>({kind: 'asking'})
const cache = openPageCache()

/** Finds out whether this browser may connect. */
export async function begin(): Promise<void> {
  addEventListener('hashchange', takeCode)
  if (takeCode()) return
  const answer = await askAccess()
  if (answer.kind === 'unpaired') return leave((await cache.readList()) !== undefined)
  // Without an answer, the page shows what it has.
  access.set({kind: 'paired', device: answer.kind === 'paired' ? answer.device : undefined})
}

/** A code in the address, also of a page that is open, is a wish to pair this browser anew. */
function takeCode(): boolean {
  const code = takePairingCode()
  if (code !== undefined) access.set({kind: 'unpaired', code, wasPaired: false})
  return code !== undefined
}

function enter(device: Device | undefined): void {
  cache.begin()
  access.set({kind: 'paired', device})
}

/** What the page has kept of sessions goes with the pairing. */
function leave(wasPaired: boolean): void {
  void cache.clear()
  access.set({kind: 'unpaired', code: undefined, wasPaired})
}

/** The whole page: the sessions, or first the pairing of this browser. */
export function Page() {
  const now = useStore(access)
  if (now.kind === 'asking') return <div aria-busy="true" />
  if (now.kind === 'paired') return <Paired device={now.device} />
  return <PairingScreen key={now.code} {...now} onPaired={enter} />
}

function Paired({device}: {device: Device | undefined}) {
  const [link] = useState(() => createGatewayLink({cache, onRefused: () => leave(true)}))
  const [notifier] = useState(createNotifier)
  useEffect(() => () => link.close(), [link])
  useEffect(() => watchForUser(link.sessions, notifier), [link, notifier])
  const app = useMemo(
    (): AppContext => ({
      link,
      cache,
      device,
      isReadOnly: device?.isReadOnly === true,
      notifier,
      unpair: () => unpair().then(() => leave(false)),
    }),
    [link, device, notifier],
  )
  return (
    <appContext.Provider value={app}>
      <Shell />
    </appContext.Provider>
  )
}
