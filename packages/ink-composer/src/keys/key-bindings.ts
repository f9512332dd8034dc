/**
 * The keys that the user has bound to actions. The code names an action by its default key, such as `ctrl-r`, and
 * `ctrl-x ctrl-e`; these translate what is pressed into that, and that into what is shown.
 */
export interface KeyBindings {
  /** The default key of the action that a pressed key has now; `undefined`: the key has lost its action. */
  actionOf(pressed: string): string | undefined
  /** The key of an action for texts, such as `Ctrl-R`; `undefined`: the action has none. */
  labelOf(defaultKey: string): string | undefined
}

/** Each action has its default keys. */
export const defaultBindings: KeyBindings = {actionOf: (pressed) => pressed, labelOf: keyLabel}

/** What a key does, such as `Ctrl-R tries again`; `undefined`: the action has no key. Pure. */
export function describeKey({labelOf}: KeyBindings, defaultKey: string, does: string): string | undefined {
  const label = labelOf(defaultKey)
  return label === undefined ? undefined : `${label} ${does}`
}

/** A sentence and what to do about it, if a key does it: `The connection was lost: Ctrl-O attaches again`. Pure. */
export function withKey(sentence: string, hint: string | undefined): string {
  return hint === undefined ? sentence : `${sentence}: ${hint}`
}

/** Hints in one line, without those of actions that have no key. Pure. */
export function joinHints(...hints: readonly (string | undefined)[]): string {
  return hints.filter((hint) => hint !== undefined).join(' · ')
}

const labels: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  escape: 'Esc',
  'page-up': 'Page Up',
  'page-down': 'Page Down',
}

/** A key, or one key after another, as texts show it: `ctrl-x ctrl-e` is `Ctrl-X Ctrl-E`. Pure. */
export function keyLabel(key: string): string {
  return key.split(' ').map(labelOfOne).join(' ')
}

function labelOfOne(key: string): string {
  const [, modifiers = '', name = ''] = /^((?:(?:ctrl|alt|shift)-)*)(.+)$/s.exec(key) ?? []
  return capitalize(modifiers) + (labels[name] ?? capitalize(name))
}

function capitalize(text: string): string {
  return text.replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase())
}
