import {keyLabel, type KeyBindings} from '@holdfast/ink-composer'

import {keyActions, type KeyAction} from './key-actions.ts'
import {actionNames, firstKey, keysOf, type BoundKeys} from './resolve-conflicts.ts'

/** The bindings for the composer and the screen. They must have no conflicts. Pure. */
export function bindKeys(bound: BoundKeys): KeyBindings {
  const actions = new Map<string, string | undefined>()
  const labels = new Map<string, string | undefined>()
  const changed = actionNames.filter((action) => bound[action] !== undefined)
  for (const action of changed) for (const key of keyActions[action].keys) actions.set(firstKey(key), undefined)
  for (const action of changed) {
    const {keys: names, isNumbered}: KeyAction = keyActions[action]
    const [name] = names
    const [shown] = keysOf(action, bound)
    for (const [index, key] of keysOf(action, bound).entries()) {
      const first = firstKey(key)
      const named = isNumbered === true ? names[index] : name
      actions.set(first, first === key ? named : first)
    }
    labels.set(name, shown === undefined ? undefined : keyLabel(shown))
  }
  return {
    actionOf: (pressed) => (actions.has(pressed) ? actions.get(pressed) : pressed),
    labelOf: (key) => (labels.has(key) ? labels.get(key) : keyLabel(key)),
  }
}
