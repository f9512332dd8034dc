/** Served as it is, from the top: a service worker serves the addresses below its own. */
const workerPath = '/service-worker.js'

let keeping: Promise<ServiceWorkerRegistration> | undefined

/** Has the browser keep the files of the page, so that it opens without a connection. Rejects where the browser keeps none. */
export async function keepPage(): Promise<ServiceWorkerRegistration | undefined> {
  keeping = navigator.serviceWorker?.register(workerPath)
  return await keeping
}

/** Removes the files, and what keeps them. Never rejects. */
export async function forgetPage(): Promise<void> {
  try {
    await keeping?.catch(() => {})
    const registration = await navigator.serviceWorker?.getRegistration(workerPath)
    await registration?.unregister()
    await deleteCaches()
    // One that is still being installed writes into its cache until then.
    registration?.installing?.addEventListener('statechange', () => void deleteCaches().catch(() => {}))
  } catch {
    // A browser that keeps nothing for a page has nothing to remove.
  }
}

async function deleteCaches(): Promise<void> {
  if (!('caches' in window)) return
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)))
}
