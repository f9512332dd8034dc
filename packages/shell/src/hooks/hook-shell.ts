import {hookBash} from './hook-bash.ts'
import {hookDash} from './hook-dash.ts'
import {hookFish} from './hook-fish.ts'
import {hookZsh} from './hook-zsh.ts'
import type {HookedShell, HookedShellName, HookOptions} from './hooked-shell.ts'

const HOOKS: Readonly<Record<HookedShellName, (options: HookOptions) => HookedShell>> = {
  bash: hookBash,
  zsh: hookZsh,
  fish: hookFish,
  dash: hookDash,
}

export function isHookedShellName(name: string): name is HookedShellName {
  return Object.hasOwn(HOOKS, name)
}

/** How to start this shell so that it prints markers, how to read its terminal, and how to type to it. */
export function hookShell(name: HookedShellName, options: HookOptions): HookedShell {
  return HOOKS[name](options)
}
