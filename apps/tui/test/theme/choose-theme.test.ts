import {expect, test} from 'vitest'

import {chooseTheme, dependsOnTerminal} from '../../src/theme/choose-theme.ts'
import {darkTheme} from '../../src/theme/dark-theme.ts'
import {highContrastDark, highContrastLight, highContrastUnknown} from '../../src/theme/high-contrast-themes.ts'
import {lightTheme} from '../../src/theme/light-theme.ts'
import {sixteenColors, withoutColors} from '../../src/theme/themes.ts'

const [dark, light] = [{background: 0x1e_1e_2e}, {background: 0xfd_f6_e3}]

test('auto is the 16 colours of the terminal until its background is known', () => {
  const auto = {name: 'auto', styles: {}} as const
  expect(chooseTheme(auto, 24)).toEqual(sixteenColors)
  expect(chooseTheme(auto, 24, dark)).toEqual({...darkTheme, band: {background: '#30303f'}})
  expect(chooseTheme(auto, 24, light)).toEqual({...lightTheme, band: {background: '#eee7d5'}})
})

test('high contrast does not guess the background', () => {
  const choice = {name: 'high-contrast', styles: {}} as const
  expect(chooseTheme(choice, 24)).toEqual(highContrastUnknown)
  expect(chooseTheme(choice, 8, dark)).toEqual(highContrastDark)
  expect(chooseTheme(choice, 8, light)).toEqual(highContrastLight)
})

test('a terminal with 16 colours gets its own, one without any gets none, and neither is asked', () => {
  expect(chooseTheme({name: 'dark', styles: {}}, 4)).toEqual(sixteenColors)
  expect(chooseTheme({name: 'light', styles: {accent: {color: 'red'}}}, 1)).toBe(withoutColors)
  expect(dependsOnTerminal({name: 'auto', styles: {}}, 4)).toBe(false)
  expect(dependsOnTerminal({name: 'auto', styles: {}}, 8)).toBe(true)
  expect(dependsOnTerminal({name: 'dark', styles: {}}, 24)).toBe(false)
})

test('the styles of a file stand above those of its theme', () => {
  expect(chooseTheme({name: 'dark', styles: {accent: {color: 'red'}}}, 24)).toEqual({
    ...darkTheme,
    accent: {color: 'red'},
  })
})
