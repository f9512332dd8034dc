/** What a key does. */
export interface KeyAction {
  /** Its default keys. The first one also names the action where keys are handled. */
  keys: readonly [string, ...string[]]
  /** For `/help`, the settings and the man page: `clears the screen`. */
  description: string
  /** Each key acts on what its place in `keys` counts, and a bound list of keys does so, too. @default all keys do the same */
  isNumbered?: boolean
}

/**
 * The actions whose keys the user can bind, with the setting `keys`: those of the screen, then readline's editing keys. A key has one
 * action, wherever it is pressed, so no default key is in two rows.
 *
 * To add a key of the screen: a row here, its use in screen-keys.ts or in an overlay by the default key, its name in
 * key-page.ts for `/help`, and a row in docs/composer.md. Texts name the key by `labelOf` or `describeKey`, so that they show the one
 * that is bound.
 */
export const keyActions = {
  newLine: {keys: ['alt-enter', 'ctrl-j', 'shift-enter', 'ctrl-enter'], description: 'starts a new line'},
  history: {keys: ['ctrl-r'], description: 'lists the history of all sessions and of the shell'},
  lastWord: {keys: ['alt-.', 'alt-_'], description: 'inserts the last word of the previous prompt'},
  editor: {keys: ['ctrl-x ctrl-e'], description: 'opens the draft in your editor'},
  suspend: {
    keys: ['ctrl-z'],
    description: 'stops the running program, which fg continues; else suspends the screen',
  },
  quit: {keys: ['ctrl-\\'], description: 'sends SIGQUIT to the running program, which ends most programs'},
  answer: {
    keys: ['ctrl-t'],
    description: 'answers the agent; switches between a prompt and a line for the program',
  },
  attach: {
    keys: ['ctrl-o'],
    description: 'gives the running program the terminal; by default, Ctrl-\\ twice takes it back',
  },
  goOn: {
    keys: ['ctrl-g'],
    description: 'lets prompts run that wait after a failure; Delete in an empty draft drops them',
  },
  runNext: {
    keys: ['ctrl-s'],
    description: `submits the prompt as the next one to run, in place of the agent's answer; in the queue, makes a prompt the next one`,
  },
  expand: {keys: ['ctrl-]'], description: 'prints the output that was collapsed last'},
  mode: {
    keys: ['shift-tab'],
    description: 'sets the next mode of the agent; in a menu, selects the row above',
  },
  older: {
    keys: ['alt-up'],
    description: 'opens the panel of past commands and answers; there, shows the next older one',
  },
  newer: {keys: ['alt-down'], description: 'in the panel of past commands and answers: shows the next newer one'},
  clear: {keys: ['ctrl-l'], description: 'clears the screen'},
  openSession: {
    keys: ['alt-1', 'alt-2', 'alt-3', 'alt-4', 'alt-5', 'alt-6', 'alt-7', 'alt-8', 'alt-9'],
    description: 'opens the first open session, as the line of tabs has it; the next keys open the others',
    isNumbered: true,
  },
  renameListed: {keys: ['alt-r'], description: 'in the list of sessions: renames one'},
  tagListed: {
    keys: ['alt-t'],
    description: 'in the list of sessions: changes the tags of one; in the draft: transposes two words',
  },
  newBeside: {keys: ['alt-n'], description: 'in the list of sessions: opens a new one in the same folder'},

  previous: {keys: ['ctrl-p'], description: 'as ↑: the line above, or an older prompt'},
  next: {keys: ['ctrl-n'], description: 'as ↓: the line below, or a newer prompt'},
  left: {keys: ['ctrl-b'], description: 'as ←: one character back'},
  right: {keys: ['ctrl-f'], description: 'as →: one character on'},
  wordLeft: {keys: ['alt-b', 'ctrl-left', 'alt-left'], description: 'one word back'},
  wordRight: {
    keys: ['alt-f', 'ctrl-right', 'alt-right'],
    description: 'one word on; takes a word of the suggestion',
  },
  lineStart: {keys: ['ctrl-a'], description: 'as Home: the start of the line'},
  lineEnd: {keys: ['ctrl-e'], description: 'as End: the end of the line'},
  textStart: {keys: ['alt-<', 'ctrl-home'], description: 'the start of the draft'},
  textEnd: {keys: ['alt->', 'ctrl-end'], description: 'the end of the draft'},
  killBlankWordLeft: {
    keys: ['ctrl-w'],
    description: 'kills the word before the cursor, up to a space',
  },
  killWordLeft: {
    keys: ['alt-backspace', 'ctrl-backspace'],
    description: 'kills the word before the cursor',
  },
  killWordRight: {
    keys: ['alt-d', 'alt-delete', 'ctrl-delete'],
    description: 'kills the word behind the cursor',
  },
  killToStart: {keys: ['ctrl-u'], description: 'kills to the start of the line'},
  killToEnd: {keys: ['ctrl-k'], description: 'kills to the end of the line'},
  upperWord: {keys: ['alt-u'], description: 'writes the word behind the cursor in capital letters'},
  lowerWord: {keys: ['alt-l'], description: 'writes the word behind the cursor in small letters'},
  capitalWord: {keys: ['alt-c'], description: 'writes the word behind the cursor with a capital first letter'},
  yank: {keys: ['ctrl-y'], description: 'inserts the text that was killed last'},
  yankBefore: {
    keys: ['alt-y'],
    description: 'replaces inserted text by the text that was killed before',
  },
  undo: {keys: ['ctrl-_'], description: 'undoes, up to 200 steps'},
} as const satisfies Readonly<Record<string, KeyAction>>

export type KeyActionName = keyof typeof keyActions

/** Keys that cannot be bound, as users could lock themselves out: text, and what every list and every line needs. */
export const fixedKeys = [
  'enter',
  'tab',
  'escape',
  'backspace',
  'shift-backspace',
  'delete',
  'up',
  'down',
  'left',
  'right',
  'home',
  'end',
  'page-up',
  'page-down',
  'ctrl-c',
  'ctrl-d',
] as const
