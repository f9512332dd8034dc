/** Calls `work` once, `afterMs` after the first of several calls. */
export function coalesce(work: () => void, afterMs: number): {(): void; cancel(): void} {
  let timer: NodeJS.Timeout | undefined
  const call = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      work()
    }, afterMs)
  }
  return Object.assign(call, {cancel: () => clearTimeout(timer)})
}

/** How long the sizes of a terminal that is being resized are coalesced for the program in it, ms. */
export const resizeMs = 100
