export interface StandardOutput {
  readonly isTerminal: boolean
  write(data: string | Uint8Array): void
  /** Resolves when all that was written is with the system. */
  flushed(): Promise<void>
}

/** This process's stdout. `onGone`: nobody reads it any more, as in `holdfast show ID | head`. */
export function openStandardOutput(onGone: () => void): StandardOutput {
  const {stdout} = process
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
    onGone()
  })
  return {
    isTerminal: stdout.isTTY ?? false,
    write: (data) => void stdout.write(data),
    flushed: () => new Promise((resolve) => void stdout.write('', () => resolve())),
  }
}
