import {isServed} from '../gateway/access.ts'

const key = 'holdfast.reloaded-at'
/** A part that is missing again so soon is not there at all, ms. */
const againMs = 60_000

/**
 * Loads the page anew when a part of it cannot be loaded: the server was upgraded since, and has the parts of another page. Drafts are saved
 * when the page is left.
 */
export function reloadWhenUpgraded(): void {
  addEventListener('vite:preloadError', () => void reloadOnce())
}

/** Without its server, the page stays as it is: there may be no other. Never rejects. */
export async function reloadOnce(): Promise<void> {
  if (!(await isServed())) return
  try {
    if (Date.now() - Number(sessionStorage.getItem(key)) < againMs) return
    sessionStorage.setItem(key, String(Date.now()))
  } catch {
    // Without storage, nothing would end its reloads.
    return
  }
  location.reload()
}
