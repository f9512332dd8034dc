/** What a page has kept on its device. */
export interface Saved {
  /** Sessions and lists of them. */
  records: number
  /** The paths that its caches have. */
  cached: readonly string[]
  workers: number
  localStorage: readonly string[]
}

/** Runs in the page: what it has kept, behind all that it is saving. */
export async function readSaved(): Promise<Saved> {
  const result = <Value>(request: IDBRequest<Value>) =>
    new Promise<Value>((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result))
      request.addEventListener('error', () => reject(request.error!))
    })
  const database = await result(indexedDB.open('holdfast'))
  const transaction = database.transaction(['sessions', 'list'])
  const counts = ['sessions', 'list'].map((name) => result(transaction.objectStore(name).count()))
  const records = (await Promise.all(counts)).reduce((sum, count) => sum + count)
  database.close()
  const caching = (await caches.keys()).map(async (name) => (await caches.open(name)).keys())
  const cached = (await Promise.all(caching)).flat().map(({url}) => new URL(url).pathname)
  const workers = (await navigator.serviceWorker.getRegistrations()).length
  return {records, cached, workers, localStorage: Object.keys(localStorage)}
}
