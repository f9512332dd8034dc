/** Events of a simulation in the order of their times; those of one time in the order in which they were added. */
export interface EventQueue<Event> {
  readonly size: number
  add(at: number, event: Event): void
  take(): {at: number; event: Event} | undefined
}

/** A binary heap. */
export function createEventQueue<Event>(): EventQueue<Event> {
  const heap: {at: number; order: number; event: Event}[] = []
  let added = 0
  const isBefore = (a: number, b: number) =>
    heap[a]!.at < heap[b]!.at || (heap[a]!.at === heap[b]!.at && heap[a]!.order < heap[b]!.order)
  const swap = (a: number, b: number) => ([heap[a], heap[b]] = [heap[b]!, heap[a]!])
  const sink = () => {
    for (let parent = 0; ;) {
      let first = parent
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < heap.length && isBefore(child, first)) first = child
      }
      if (first === parent) return
      swap(parent, first)
      parent = first
    }
  }
  return {
    get size() {
      return heap.length
    },
    add(at, event) {
      heap.push({at, order: added++, event})
      for (let child = heap.length - 1; child > 0;) {
        const parent = (child - 1) >> 1
        if (!isBefore(child, parent)) return
        swap(parent, child)
        child = parent
      }
    },
    take() {
      const first = heap[0]
      const last = heap.pop()
      if (first === undefined || last === undefined) return undefined
      if (heap.length > 0) {
        heap[0] = last
        sink()
      }
      return {at: first.at, event: first.event}
    },
  }
}
