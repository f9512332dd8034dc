import {isBuiltin} from 'node:module'

import type {GraphRules} from './house-rules.ts'
import type {Package, SourceFile} from './read-workspace.ts'
import {packageName, resolveRelative} from './specifiers.ts'

/** Node's modules in what a neutral entry imports, directly or through our own code. */
export function checkNeutralEntries(packages: readonly Package[], {neutralEntries}: GraphRules): string[] {
  const files = new Map(packages.flatMap((one) => one.files.map((file) => [file.path, file] as const)))
  const byName = new Map(packages.map((one) => [one.manifest.name, one]))
  return neutralEntries.flatMap((entry) => {
    if (!byName.has(packageName(entry))) return []
    const start = sourceOf(entry, byName)
    const first = start === undefined ? undefined : files.get(start)
    if (!first) return [`${entry}: expected a module behind its \`holdfast-source\` condition, got ${start ?? 'none'}`]
    return walk(first, (file, specifier) => {
      const path = resolveRelative(file.path, specifier) ?? sourceOf(specifier, byName)
      return path === undefined ? undefined : files.get(path)
    }).map(({where, specifier, way}) => `${where}: imports \`${specifier}\`, but ${entry} runs without Node${way}`)
  })
}

interface Finding {
  where: string
  specifier: string
  way: string
}

function walk(start: SourceFile, resolve: (file: SourceFile, specifier: string) => SourceFile | undefined): Finding[] {
  const cameFrom = new Map<SourceFile, SourceFile | undefined>([[start, undefined]])
  const findings: Finding[] = []
  for (const [file] of cameFrom) {
    for (const {specifier, line} of file.imports) {
      if (isBuiltin(specifier))
        findings.push({where: `${file.path}:${line}`, specifier, way: describeWay(file, cameFrom)})
      const next = resolve(file, specifier)
      if (next && !cameFrom.has(next)) cameFrom.set(next, file)
    }
  }
  return findings
}

function describeWay(end: SourceFile, cameFrom: ReadonlyMap<SourceFile, SourceFile | undefined>): string {
  const way: string[] = []
  for (let file: SourceFile | undefined = end; file; file = cameFrom.get(file)) way.unshift(file.path)
  return way.length === 1 ? '' : ` (by way of ${way.join(' → ')})`
}

/** `@holdfast/x/sub` → the file that its `holdfast-source` condition names. */
function sourceOf(specifier: string, byName: ReadonlyMap<string, Package>): string | undefined {
  const name = packageName(specifier)
  const target = byName.get(name)
  const entry = target?.manifest.exports?.[`.${specifier.slice(name.length)}`]
  if (!target || typeof entry !== 'object' || !entry['holdfast-source']) return undefined
  return `${target.folder}/${entry['holdfast-source'].replace(/^\.\//, '')}`
}
