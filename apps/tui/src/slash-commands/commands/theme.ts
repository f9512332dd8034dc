import {createPickerOverlay} from '@holdfast/ink-composer'
import {toPlainLine} from '@holdfast/terminal'

import type {SlashCommand} from '../slash-command.ts'

export const theme: SlashCommand = {
  name: '/theme',
  description: 'chooses how the screen is drawn, now and from the next start on',
  argument: '[NAME]',
  run({theme: {names, current, preview, restore, keep}, model, composer, reportError}, typed) {
    const set = (name: string) => {
      const problem = keep(name)
      model.setNotice(problem ?? `The theme is ${toPlainLine(name)}, also in the settings`)
    }
    if (typed !== '') return set(typed)
    composer.open((host) =>
      createPickerOverlay({
        host,
        title: 'themes',
        verb: 'sets it',
        items: names,
        selected: names.indexOf(current),
        toRow: (name) => ({
          text: `${name === current ? '●' : ' '} ${toPlainLine(name)}`,
        }),
        onSelect: preview,
        onClosed: restore,
        onPick(name) {
          try {
            set(name)
          } catch (error) {
            reportError(error)
          }
        },
      }),
    )
  },
}
