import {encodeKeys} from '@holdfast/terminal'

/** The keys that on-screen keyboards lack, by the names of `encodeKeys`, as they stand in the bar. */
export const barKeys = [
  {name: 'Escape', label: 'Esc', spoken: 'Esc'},
  {name: 'Tab', label: 'Tab', spoken: 'Tab'},
  {name: 'Left', label: '←', spoken: 'Left'},
  {name: 'Down', label: '↓', spoken: 'Down'},
  {name: 'Up', label: '↑', spoken: 'Up'},
  {name: 'Right', label: '→', spoken: 'Right'},
  {name: 'C-c', label: '^C', spoken: 'Control C'},
  {name: '|', label: '|', spoken: 'Vertical bar'},
  {name: '/', label: '/', spoken: 'Slash'},
  {name: '~', label: '~', spoken: 'Tilde'},
  {name: '-', label: '-', spoken: 'Minus'},
] as const

/** The modifiers of the bar that are pressed. They hold for the next key. */
export interface HeldModifiers {
  ctrl: boolean
  alt: boolean
}

export const noModifiers: HeldModifiers = {ctrl: false, alt: false}

/** What a terminal sends for a key of the bar. Pure. */
export function encodeBarKey(name: string, held: HeldModifiers, modes: {applicationCursor: boolean}): string {
  return encodeModified(name, held, modes) ?? encodeKeys([name], modes)
}

/** A key, unlike a pasted text, a word from an on-screen keyboard, or an answer of the terminal. Pure. */
export function isOneCharacter(text: string): boolean {
  return Array.from(text).length === 1
}

/** What a terminal sends for a typed character while modifiers of the bar are held. Pure. */
export function modifyTyped(character: string, held: HeldModifiers): string {
  return encodeModified(character, held, {applicationCursor: false}) ?? character
}

/** `undefined`: no modifier is held, or a terminal has no such combination. */
function encodeModified(name: string, {ctrl, alt}: HeldModifiers, modes: {applicationCursor: boolean}) {
  const prefix = `${ctrl ? 'C-' : ''}${alt ? 'M-' : ''}`
  if (prefix === '') return undefined
  try {
    return encodeKeys([prefix + name], modes)
  } catch {
    return undefined
  }
}
