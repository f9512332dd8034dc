import {useInput, usePaste} from 'ink'

import type {Keyboard} from '../keyboard.ts'
import type {Composer} from './create-composer.ts'
import {readKeys, readPaste} from './read-keys.ts'

export interface ComposerKeysProps {
  composer: Pick<Composer, 'press' | 'paste' | 'refusePaste'>
  keyboard: Pick<Keyboard, 'takePaste'>
}

/** Draws nothing; leads what is typed and pasted to the composer. */
export function ComposerKeys({composer, keyboard}: ComposerKeysProps) {
  useInput((input, key) => readKeys(input, key).forEach(composer.press))
  usePaste((token) => {
    const paste = keyboard.takePaste(token)
    if (paste.kind === 'too-long') composer.refusePaste(paste.length)
    else composer.paste(readPaste(paste.text))
  })
  return null
}
