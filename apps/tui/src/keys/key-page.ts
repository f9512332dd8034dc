import {keyLabel, type KeyBindings} from '@holdfast/ink-composer'

import {keyActions, type KeyActionName} from './key-actions.ts'

export interface KeyRow {
  /** Such as `Ctrl-R`. */
  name: string
  description: string
}

/** An action, or a key that cannot be bound. */
type Line = KeyActionName | KeyRow

export interface KeyGroup {
  title: string
  rows: readonly KeyRow[]
}

/** The keys that `/help` shows, in groups. Readline's editing keys are on a page of their own, docs/composer.md. */
const groups: readonly {title: string; lines: readonly Line[]}[] = [
  {
    title: 'Writing a prompt',
    lines: [
      {name: 'Enter', description: 'submits the prompt; while a command runs, it is queued'},
      'newLine',
      {name: 'Tab', description: 'completes as the shell does; slash commands and paths, too'},
      'mode',
      {name: '↑', description: 'in an empty draft: opens the queue, or recalls the history'},
      {name: '→', description: 'takes the suggestion; Alt-→ takes a word of it'},
      'history',
      'lastWord',
      'editor',
    ],
  },
  {
    title: 'While a command runs',
    lines: [
      {name: 'Ctrl-C', description: 'interrupts the command; else clears the draft; else, twice, leaves'},
      'suspend',
      'quit',
      'answer',
      'attach',
      'goOn',
      'runNext',
    ],
  },
  {
    title: 'The screen',
    lines: [
      'older',
      'expand',
      'clear',
      'openSession',
      {name: 'Ctrl-D', description: 'twice leaves; the session keeps running'},
      {name: 'Esc', description: 'closes the menu, the question or the mode; else stops the agent'},
    ],
  },
]

/** The groups, with the keys that are bound now. An action that has no key is left out. Pure. */
export function keyPage({labelOf}: Pick<KeyBindings, 'labelOf'>): readonly KeyGroup[] {
  return groups.map(({title, lines}) => ({
    title,
    rows: lines.flatMap((line) => {
      if (typeof line !== 'string') return [line]
      const {keys, description} = keyActions[line]
      const name = labelOf(keys[0])
      return name === undefined ? [] : [{name, description}]
    }),
  }))
}

/** The default keys of an action, as texts show them: `Alt-Enter, Ctrl-J`. Pure. */
export function defaultKeyLabels(action: KeyActionName): string {
  return keyActions[action].keys.map(keyLabel).join(', ')
}
