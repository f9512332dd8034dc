export {hookShell, isHookedShellName} from './hooks/hook-shell.ts'
export type {HookedShell, HookedShellName, HookOptions, Keystrokes, LineOptions} from './hooks/hooked-shell.ts'
