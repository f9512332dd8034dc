import {useInput, usePaste} from 'ink'

import type {TerminalKeys} from './terminal-keys.ts'
import type {Composer} from '../composer.ts'
import {readKeys, readPaste} from './read-keys.ts'

export interface ComposerKeysProps {
  composer: Pick<Composer, 'press' | 'paste' | 'refusePaste'>
  keys: Pick<TerminalKeys, 'takePaste'>
}

/** Renders nothing; passes key presses and pastes on to the composer. */
export function ComposerKeys({composer, keys}: ComposerKeysProps) {
  useInput((input, key) => readKeys(input, key).forEach(composer.press))
  usePaste((token) => {
    const paste = keys.takePaste(token)
    if (paste.kind === 'too-long') composer.refusePaste(paste.length)
    else composer.paste(readPaste(paste.text))
  })
  return null
}
