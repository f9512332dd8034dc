import {hookBash} from './bash-hook.ts'
import {hookDash} from './dash-hook.ts'
import {hookFish} from './fish-hook.ts'
import type {HookedShell, HookedShellName, HookOptions} from './hooked-shell.ts'
import {hookZsh} from './zsh-hook.ts'

const HOOKS: Readonly<Record<HookedShellName, (options: HookOptions) => HookedShell>> = {
  bash: hookBash,
  zsh: hookZsh,
  fish: hookFish,
  dash: hookDash,
}

/** Whether a shell of this name can be hooked. */
export function isHookedShellName(name: string): name is HookedShellName {
  return Object.hasOwn(HOOKS, name)
}

/** How to start this shell so that it prints our marks, how to read it, and how to type to it. */
export function hookShell(name: HookedShellName, options: HookOptions): HookedShell {
  return HOOKS[name](options)
}
