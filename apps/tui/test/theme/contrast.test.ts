import {describe, expect, test} from 'vitest'

import {chooseTheme} from '../../src/theme/choose-theme.ts'
import {darkTheme} from '../../src/theme/dark-theme.ts'
import {highContrastDark, highContrastLight} from '../../src/theme/high-contrast-themes.ts'
import {lightTheme} from '../../src/theme/light-theme.ts'
import {contrastOf} from '../../src/theme/luminance.ts'
import type {Theme, Token} from '../../src/theme/theme.ts'

/** The backgrounds of terminals and themes that are in wide use. */
const darkBackgrounds = {
  xterm: '#000000',
  gnome: '#171421',
  'tokyo night': '#1a1b26',
  'catppuccin mocha': '#1e1e2e',
  'vs code': '#1e1e1e',
  monokai: '#272822',
  gruvbox: '#282828',
  dracula: '#282a36',
  'one dark': '#282c34',
  'solarized dark': '#002b36',
  nord: '#2e3440',
}
const lightBackgrounds = {
  white: '#ffffff',
  'one light': '#fafafa',
  'solarized light': '#fdf6e3',
  'gruvbox light': '#fbf1c7',
  'catppuccin latte': '#eff1f5',
}

/** They are no text. */
const ornaments: readonly Token[] = ['band', 'rule']

describe.each([
  ['dark', darkTheme, darkBackgrounds, 4.5],
  ['light', lightTheme, lightBackgrounds, 4.5],
  ['high contrast, dark', highContrastDark, darkBackgrounds, 7],
  ['high contrast, light', highContrastLight, lightBackgrounds, 7],
] as const)('the theme %s', (_name, theme: Theme, backgrounds, least) => {
  const texts = Object.entries(theme).filter(([token]) => !ornaments.includes(token as Token))

  test.each(Object.entries(backgrounds))(
    `has texts with a contrast of at least ${least}:1 on %s`,
    (_of, background) => {
      const tooPale = texts.filter(
        ([, style]) => style.color !== undefined && contrast(style.color, style.background ?? background) < least,
      )
      expect(tooPale).toEqual([])
    },
  )

  test('has no dim text', () => {
    expect(texts.filter(([, {dim}]) => dim)).toEqual([])
  })

  test('has no text that is as its background: one without the other would be drawn on the colour of the terminal', () => {
    expect(texts.filter(([, style]) => style.background !== undefined && style.color === undefined)).toEqual([])
  })
})

/** What stands on the band of a prompt. */
const onBand: readonly Token[] = ['accent', 'muted', 'warning']

test.each([
  ['dark', darkBackgrounds],
  ['light', lightBackgrounds],
] as const)(
  'the band of a prompt is visible on the background of the terminal, and its texts are readable: %s',
  (_, backgrounds) => {
    for (const [name, background] of Object.entries(backgrounds)) {
      const theme = chooseTheme({name: 'auto', styles: {}}, 24, {background: numberOf(background)})
      const band = theme.band.background ?? ''
      expect(contrast(band, background), name).toBeGreaterThan(1.1)
      for (const token of onBand)
        expect(contrast(theme[token].color ?? '', band), `${token} on ${name}`).toBeGreaterThan(4.5)
    }
  },
)

test('the bands of the fixed themes are as readable', () => {
  for (const theme of [darkTheme, lightTheme])
    for (const token of onBand)
      expect(contrast(theme[token].color ?? '', theme.band.background ?? ''), token).toBeGreaterThan(4.5)
})

function contrast(one: string, other: string): number {
  return contrastOf(numberOf(one), numberOf(other))
}

function numberOf(color: string): number {
  return parseInt(color.slice(1), 16)
}
