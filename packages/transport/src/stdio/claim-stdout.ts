import {Writable} from 'node:stream'

export interface ClaimedStdout {
  /** The real stdout, for whoever claimed it. */
  stdout: Writable
  /** Gives stdout back: what is printed goes there again. */
  release(): void
}

/**
 * Takes stdout for a protocol: from now on, whatever this process prints there (`console.log`, `process.stdout.write`)
 * lands on stderr. Not covered: what is written to descriptor 1 past the stream, and children that inherit it.
 */
export function claimStdout(): ClaimedStdout {
  const {stdout: real, stderr} = process
  const hadOwnWrite = Object.hasOwn(real, 'write')
  const realWrite = real.write
  // The stream keeps its identity: others, `console` among them, may hold it already.
  const strayWrite: typeof real.write = stderr.write.bind(stderr)
  real.write = strayWrite

  const stdout = new Writable({
    decodeStrings: false,
    write: (chunk: string | Uint8Array, encoding, done) => void realWrite.call(real, chunk, encoding, done),
  })
  // A failed write is told to its caller; this is for what fails between writes.
  const onError = (error: Error) => stdout.destroy(error)
  const onClose = () => stdout.destroy()
  real.on('error', onError).on('close', onClose)
  return {
    stdout: Object.assign(stdout, {isTTY: real.isTTY}),
    release() {
      if (real.write !== strayWrite) return
      real.off('error', onError).off('close', onClose)
      if (hadOwnWrite) real.write = realWrite
      else delete (real as Partial<typeof real>).write
    },
  }
}
