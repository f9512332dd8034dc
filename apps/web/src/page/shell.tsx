import {lazy, Suspense} from 'react'

import {NewSessionScreen} from '../sessions/new-session-screen.tsx'
import {SessionList} from '../sessions/session-list.tsx'
import {SessionScreen} from '../session-screen/session-screen.tsx'
import {useRoute, type Route} from '../route.ts'
import {ErrorBoundary} from '../ui/error-boundary.tsx'
import {useShortcuts} from './shortcuts.ts'

const SearchScreen = lazy(async () => ({default: (await import('../search/search-screen.tsx')).SearchScreen}))
const SettingsScreen = lazy(async () => ({default: (await import('../settings/settings-screen.tsx')).SettingsScreen}))

/** The frame of the page: the sessions beside what is open; on a narrow screen, one of the two. */
export function Shell() {
  const route = useRoute()
  useShortcuts()
  return (
    <div className="shell" data-shows={route.kind === 'sessions' ? 'list' : 'main'}>
      <a className="skip-link" href="#main" onClick={focusMain}>
        Skip to the session
      </a>
      <SessionList shownId={route.kind === 'session' ? route.id : undefined} />
      <main id="main" tabIndex={-1} className="shell-main">
        <ErrorBoundary key={route.kind === 'session' ? route.id : route.kind}>
          <Suspense fallback={<p className="empty" aria-busy="true" />}>
            <Main route={route} />
          </Suspense>
        </ErrorBoundary>
      </main>
    </div>
  )
}

function Main({route}: {route: Route}) {
  switch (route.kind) {
    case 'session':
      return <SessionScreen key={route.id} {...route} />
    case 'new':
      return <NewSessionScreen />
    case 'search':
      return <SearchScreen query={route.query} />
    case 'settings':
      return <SettingsScreen />
    case 'unknown':
      return <UnknownAddress />
    case 'sessions':
      return <p className="empty">Choose a session, or start a new one.</p>
  }
}

function UnknownAddress() {
  return (
    <div className="empty">
      <div>
        <p role="alert">No session has this address: a part of it is missing, or mistyped.</p>
        <a className="button" href="#/">
          All sessions
        </a>
      </div>
    </div>
  )
}

/** The fragment of the address says what is shown: it cannot say where the focus is, too. */
function focusMain(event: {preventDefault: () => void}) {
  event.preventDefault()
  document.getElementById('main')?.focus()
}
