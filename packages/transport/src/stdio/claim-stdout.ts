import {Writable} from 'node:stream'

export interface ClaimedStdout {
  /** Writes to the real stdout. */
  stdout: Writable
  /** Ends the claim: other output goes to stdout again. */
  release(): void
}

/**
 * Reserves stdout for a protocol: from now on, other output of this process (`console.log`, `process.stdout.write`) goes
 * to stderr. Does not cover writes to descriptor 1 that bypass the stream, and children that inherit the descriptor.
 */
export function claimStdout(): ClaimedStdout {
  const {stdout: real, stderr} = process
  const hadOwnWrite = Object.hasOwn(real, 'write')
  const realWrite = real.write
  // Replaces a method, not the stream: `console` and others may have a reference to it already.
  const divertedWrite: typeof real.write = stderr.write.bind(stderr)
  real.write = divertedWrite

  const stdout = new Writable({
    decodeStrings: false,
    write: (chunk: string | Uint8Array, encoding, done) => void realWrite.call(real, chunk, encoding, done),
  })
  // The callback of a write reports its own error; these are for errors between writes.
  const onError = (error: Error) => stdout.destroy(error)
  const onClose = () => stdout.destroy()
  real.on('error', onError).on('close', onClose)
  return {
    stdout: Object.assign(stdout, {isTTY: real.isTTY}),
    release() {
      if (real.write !== divertedWrite) return
      real.off('error', onError).off('close', onClose)
      if (hadOwnWrite) real.write = realWrite
      else delete (real as Partial<typeof real>).write
    },
  }
}
