import type {Shot} from '@holdfast/picture'

import {darkTheme} from '../../apps/tui/src/theme/dark-theme.ts'
import {lightTheme} from '../../apps/tui/src/theme/light-theme.ts'
import type {Cell} from '../../packages/picture/src/cells.ts'

/** What a terminal showed at one moment. */
export interface Screenshot {
  /** Drawn above the window. */
  caption?: string
  rows: readonly (readonly Cell[])[]
}

export function toShot({rows, caption}: Screenshot, cols: number): Shot {
  const lines = rows.map((row) => ({spans: row.map(({text, cells, style}) => ({...style, text, cells}))}))
  return {screen: {cols, rows: lines.length, lines}, ...(caption !== undefined && {caption})}
}

/** The colours of the dark theme of the app, each with that of the light theme in the same place. */
export const lightColors: ReadonlyMap<string, string> = new Map(
  (Object.keys(darkTheme) as (keyof typeof darkTheme)[]).flatMap((token) =>
    (['color', 'background'] as const).flatMap((ground) => {
      const [inDark, inLight] = [darkTheme[token][ground], lightTheme[token][ground]]
      return inDark === undefined || inLight === undefined ? [] : [[inDark, inLight] as const]
    }),
  ),
)
