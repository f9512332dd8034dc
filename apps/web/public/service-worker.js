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
    // The oldest come first. A tab may still show the page before, and need more parts of it.
    await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)))
    await self.clients.claim()
  }
  event.waitUntil(replace())
})

self.addEventListener('fetch', (event) => {
  const {method, url} = event.request
  const {origin, pathname} = new URL(url)
  if (method !== 'GET' || origin !== self.location.origin) return
  // Answers with data are none of its files: it does not see them.
  if (pathname.startsWith('/assets/')) event.respondWith(keptFirst(event.request))
  else if (files.includes(pathname)) event.respondWith(newFirst(event.request))
})

/** The name of the file has a digest of its content: it may be of the page before. */
async function keptFirst(request) {
  return (await caches.match(request)) ?? fetch(request)
}

/** An upgraded server has a new page. Redirects, as to the login page of a proxy, are for the browser to follow. */
async function newFirst(request) {
  try {
    const answer = await fetch(request, {signal: AbortSignal.timeout(maxWaitMs)})
    // A proxy answers for a server that is gone.
    return answer.status < 500 ? answer : ((await kept(request)) ?? answer)
  } catch (error) {
    const answer = await kept(request)
    if (answer === undefined) throw error
    return answer
  }
}

/** Opens no cache that is not there: a device that was revoked has none. */
function kept(request) {
  return caches.match(new URL(request.url).pathname, {cacheName})
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
