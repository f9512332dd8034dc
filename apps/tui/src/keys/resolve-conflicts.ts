import {keyActions, type KeyActionName} from './key-actions.ts'

/** The keys that the user has bound to actions, in the order of the file; none: the action has no key. */
export type BoundKeys = Readonly<Partial<Record<KeyActionName, readonly string[]>>>

export interface KeyConflict {
  action: KeyActionName
  key: string
  /** The action that has the key. */
  other: KeyActionName
}

export const actionNames = Object.keys(keyActions) as KeyActionName[]

/** The keys of an action. Pure. */
export function keysOf(action: KeyActionName, bound: BoundKeys): readonly string[] {
  return bound[action] ?? keyActions[action].keys
}

/**
 * The bindings without those that conflict: a key has one action. Of two actions, the one that is bound later in the file has its
 * default keys again. Pure.
 */
export function resolveConflicts(bound: BoundKeys): {bound: BoundKeys; conflicts: readonly KeyConflict[]} {
  const conflicts: KeyConflict[] = []
  let left = bound
  for (;;) {
    const conflict = findConflict(left)
    if (conflict === undefined) return {bound: left, conflicts}
    conflicts.push(conflict)
    left = Object.fromEntries(Object.entries(left).filter(([action]) => action !== conflict.action))
  }
}

/** The default keys do not conflict, so one of the two actions is bound. */
function findConflict(bound: BoundKeys): KeyConflict | undefined {
  const owners = new Map<string, KeyActionName>()
  const unbound = actionNames.filter((action) => bound[action] === undefined)
  for (const action of [
    ...unbound,
    ...actionNames.filter((name) => bound[name] !== undefined).toSorted(byOrder(bound)),
  ]) {
    for (const key of keysOf(action, bound).map(firstKey)) {
      const other = owners.get(key)
      if (other !== undefined && other !== action) return {action, key, other}
      owners.set(key, action)
    }
  }
  return undefined
}

function byOrder(bound: BoundKeys) {
  const order = Object.keys(bound)
  return (left: string, right: string) => order.indexOf(left) - order.indexOf(right)
}

/** Of a key such as `ctrl-x ctrl-e`, the one that begins it. */
export function firstKey(key: string): string {
  return key.split(' ')[0] ?? key
}
