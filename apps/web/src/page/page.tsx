import {useEffect, useMemo, useState} from 'react'

import {appContext, type AppContext} from '../app-context.ts'
import {openPageCache} from '../cache/page-cache.ts'
import {createGatewayLink, type GatewayLink} from '../gateway/create-gateway-link.ts'
import {askAccess, unpair, type Device} from '../gateway/access.ts'
import {createNotifier} from '../notifications/notifier.ts'
import {watchForUser} from '../notifications/watch-for-user.ts'
import {forgetPaired, keepPaired, pairedBefore} from '../pairing/paired-before.ts'
import {forgetPage, keepPage} from '../offline/kept-page.ts'
import {PairingScreen} from '../pairing/pairing-screen.tsx'
import {takePairingCode} from '../pairing/take-pairing-code.ts'
import {createStore, useStore} from '../store.ts'
import {Shell} from './shell.tsx'

type Access =
  | {kind: 'asking'}
  | {kind: 'paired'; device: Device | undefined; link: GatewayLink}
  /** `wasPaired`: it was, until the server refused it. */
  | {kind: 'unpaired'; code: string | undefined; wasPaired: boolean}

const access = createStore<Access>({kind: 'asking'})
const cache = openPageCache()
/** How long after the pairing is known the page is kept, ms. */
const keepAfterMs = 3000
/** What the paired page talks through. */
let connected: GatewayLink | undefined

/** Finds out whether this browser may connect. One that was paired before connects, and shows what it has, meanwhile. */
export async function begin(): Promise<void> {
  addEventListener('hashchange', takeCode)
  if (takeCode()) return
  const before = pairedBefore()
  const link = before === undefined ? undefined : connect()
  if (link !== undefined) access.set({kind: 'paired', device: before?.device, link})
  const meanwhile = access.value
  const answer = await askAccess()
  // The address has got a code since, or the server has refused the connection.
  if (access.value !== meanwhile) return
  if (answer.kind === 'unpaired') return leave(before !== undefined)
  if (answer.kind === 'paired') enter(answer.device, link)
  // Without an answer, the page shows what it has.
  else if (link === undefined) access.set({kind: 'paired', device: undefined, link: connect()})
}

function connect(): GatewayLink {
  connected = createGatewayLink({cache, onRefused: () => leave(true)})
  return connected
}

/** A code in the address, also of a page that is open, is a wish to pair this browser anew. */
function takeCode(): boolean {
  const code = takePairingCode()
  if (code === undefined) return false
  connected?.close()
  access.set({kind: 'unpaired', code, wasPaired: false})
  return true
}

function pairedAnew(device: Device | undefined): void {
  cache.begin()
  enter(device)
}

function enter(device: Device | undefined, link = connect()): void {
  keepPaired(device)
  // The sessions come first.
  setTimeout(() => {
    if (access.value.kind === 'paired') void keepPage().catch(() => {})
  }, keepAfterMs)
  access.set({kind: 'paired', device, link})
}

/** What this device has kept goes with the pairing. */
function leave(wasPaired: boolean): void {
  connected?.close()
  forgetPaired()
  void cache.clear()
  void forgetPage()
  access.set({kind: 'unpaired', code: undefined, wasPaired})
}

/** The whole page: the sessions, or first the pairing of this browser. */
export function Page() {
  const now = useStore(access)
  if (now.kind === 'asking') return <div aria-busy="true" />
  if (now.kind === 'paired') return <Paired {...now} />
  return <PairingScreen key={now.code} {...now} onPaired={pairedAnew} />
}

function Paired({device, link}: {device: Device | undefined; link: GatewayLink}) {
  const [notifier] = useState(createNotifier)
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
