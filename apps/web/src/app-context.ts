import {createContext, useContext} from 'react'

import type {PageCache} from './cache/page-cache.ts'
import type {GatewayLink} from './gateway/create-gateway-link.ts'
import type {Device} from './gateway/access.ts'
import type {Notifier} from './notifications/notifier.ts'

/** What all parts of the page share. */
export interface AppContext {
  link: GatewayLink
  cache: PageCache
  /** `undefined`: not known, as with a server that keeps no devices. */
  device: Device | undefined
  /** This browser may look, but not type. */
  isReadOnly: boolean
  notifier: Notifier
  /** Ends the pairing of this browser. Rejects where the server cannot be reached. */
  unpair(): Promise<void>
}

export const appContext = createContext<AppContext | undefined>(undefined)

export function useApp(): AppContext {
  const app = useContext(appContext)
  if (app === undefined) throw new Error('Expected a component of the paired page, got one outside of it')
  return app
}
