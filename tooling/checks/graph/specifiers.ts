import {posix} from 'node:path'

/** `@scope/name/sub` → `@scope/name`; `name/sub` → `name`. */
export function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** The file that a relative `specifier` in the file `from` means, from the root of the workspace; undefined for others. */
export function resolveRelative(from: string, specifier: string): string | undefined {
  if (!/^\.\.?(\/|$)/.test(specifier)) return undefined
  return posix.join(posix.dirname(from), specifier)
}
