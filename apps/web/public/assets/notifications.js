// Shows the page when the user taps a notification. On phones, only a service worker may show notifications.
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
