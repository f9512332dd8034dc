import type {Terminal as Emulator} from '@xterm/headless'

/** Private modes that are on in a fresh terminal: wrapping at the edge, a visible cursor. */
const onAtStart: ReadonlySet<number> = new Set([7, 25])

/**
 * Tracks the modes that a program sets. Returns those that differ from the start: private modes (`?2004h`), pushed keyboard
 * protocols (`>u`), and the key modifier mode (`>4m`).
 */
export function trackModes({parser}: Emulator): () => readonly string[] {
  const changed = new Set<string>()
  let pushedKeyboards = 0
  const note = (mode: string, isChanged: boolean) => void (isChanged ? changed.add(mode) : changed.delete(mode))

  for (const final of ['h', 'l'] as const) {
    parser.registerCsiHandler({prefix: '?', final}, (modes) => {
      for (const mode of modes.map(Number))
        note(`?${mode}${onAtStart.has(mode) ? 'l' : 'h'}`, onAtStart.has(mode) === (final === 'l'))
      // The emulator handles it, too.
      return false
    })
  }
  parser.registerCsiHandler({prefix: '>', final: 'u'}, () => {
    pushedKeyboards++
    return false
  })
  parser.registerCsiHandler({prefix: '<', final: 'u'}, (count) => {
    pushedKeyboards = Math.max(0, pushedKeyboards - (Number(count[0]) || 1))
    return false
  })
  parser.registerCsiHandler({prefix: '>', final: 'm'}, ([resource, value]) => {
    note(`>${Number(resource)}m`, Number(value ?? 0) !== 0)
    return false
  })
  return () => [...changed, ...Array.from({length: pushedKeyboards}, () => '>u')].sort()
}
