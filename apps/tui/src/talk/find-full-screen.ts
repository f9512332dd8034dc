/** The program switches to the alternate screen, as `vim`, `htop` and `less` do. */
const switchesScreen = new RegExp(String.raw`${'\x1b'}\[\?(?:\d+;)*(?:47|1047|1049)(?:;\d+)*h`)
/** The end of the output that may be the beginning of such a sequence. */
const torn = new RegExp(String.raw`${'\x1b'}(?:\[(?:\?[\d;]{0,32})?)?$`)

/** Returns a function that gets the output of one program, piece by piece, and returns true once: when it takes the whole screen. */
export function createFullScreenFinder(): (text: string) => boolean {
  let before = ''
  let isFound = false
  return (text) => {
    if (isFound) return false
    const all = before + text
    isFound = switchesScreen.test(all)
    before = torn.exec(all)?.[0] ?? ''
    return isFound
  }
}
