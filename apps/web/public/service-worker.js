// Keeps the files of the page, so that it opens without a connection, and shows the page when the user taps a notification: on phones,
// only a service worker may show those.

// The build puts the addresses of all files of the page here, and a digest of their contents.
const {files, digest} = __PAGE__
const prefix = 'holdfast-page-'
const cacheName = prefix + digest
/** How long the server may take until the page is shown as it was kept, ms. */
const maxWaitMs = 4000

self.addEventListener('install', (event) => {
  const keep = async () => {
    const cache = await caches.open(cacheName)
    await cache.addAll(files)
    await self.skipWaiting()
  }
  event.waitUntil(keep())
})

self.addEventListener('activate', (event) => {
  const replace = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== cacheName)
    await Promise.all(old.map((name) => caches.delete(name)))
    await self.clients.claim()
  }
  event.waitUntil(replace())
})

self.addEventListener('fetch', (event) => {
  const {method, url} = event.request
  const {origin, pathname} = new URL(url)
  // Answers with data are none of its files: it does not see them.
  if (method !== 'GET' || origin !== self.location.origin || !files.includes(pathname)) return
  event.respondWith(pathname.startsWith('/assets/') ? keptFirst(pathname) : newFirst(pathname))
})

/** The name of the file has a digest of its content. */
async function keptFirst(pathname) {
  return (await kept(pathname)) ?? fetch(pathname)
}

/** An upgraded server has a new page. */
async function newFirst(pathname) {
  try {
    const answer = await fetch(pathname, {signal: AbortSignal.timeout(maxWaitMs)})
    // A proxy answers for a server that is gone.
    return answer.status < 500 ? answer : ((await kept(pathname)) ?? answer)
  } catch (error) {
    const answer = await kept(pathname)
    if (answer === undefined) throw error
    return answer
  }
}

/** Opens no cache that is not there: a device that was revoked has none. */
function kept(pathname) {
  return caches.match(pathname, {cacheName})
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const {sessionId} = event.notification.data
  const show = async () => {
    const [page] = await self.clients.matchAll({type: 'window', includeUncontrolled: true})
    if (page === undefined) return self.clients.openWindow(`/#/s/${encodeURIComponent(sessionId)}`)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a client of this worker, not a window
    page.postMessage({sessionId})
    return page.focus()
  }
  event.waitUntil(show())
})
