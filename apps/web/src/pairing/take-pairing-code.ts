/** The code in the fragment of an address, `#pair=CODE`. Pure. */
export function readPairingCode(hash: string): string | undefined {
  const [, code] = /^#pair=([\w-]{1,200})$/.exec(hash) ?? []
  return code
}

/** Takes the code out of the address bar at once: it stays in no history, and nobody reads it from the screen. */
export function takePairingCode(): string | undefined {
  const code = readPairingCode(location.hash)
  if (location.hash.startsWith('#pair=')) history.replaceState(null, '', location.pathname)
  return code
}
