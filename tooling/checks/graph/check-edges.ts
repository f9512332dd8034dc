import type {GraphRules} from './house-rules.ts'
import {packageName, resolveRelative} from './specifiers.ts'
import type {Package} from './read-workspace.ts'

const FIELDS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const

/** Imports and dependencies between our packages that the plan does not allow. */
export function checkEdges(packages: readonly Package[], {edges}: GraphRules): string[] {
  const ours = new Set(packages.map(({manifest}) => manifest.name))
  return packages.flatMap((from) => {
    const allowed = edges[from.folder] ?? edges[`${from.folder.split('/')[0]}/*`]
    if (!allowed) return [`${from.folder}: expected a line in the table of allowed edges, got none`]
    if (allowed === 'all') return []
    const may = allowed.length === 0 ? 'none of ours' : allowed.join(', ')
    const refuse = (where: string, what: string) => `${where}: ${what}, but ${from.manifest.name} may import ${may}`

    const isForeign = (name: string) => ours.has(name) && name !== from.manifest.name && !allowed.includes(name)
    const problems = FIELDS.flatMap((field) =>
      Object.keys(from.manifest[field] ?? {})
        .filter(isForeign)
        .map((name) => refuse(`${from.folder}/package.json`, `has \`${name}\` in ${field}`)),
    )
    for (const file of from.files) {
      for (const {specifier, line} of file.imports) {
        const relative = resolveRelative(file.path, specifier)
        // Configurations and tests may use the presets in tooling.
        const home = file.path.startsWith(`${from.folder}/src/`) ? [from.folder] : [from.folder, 'tooling']
        const leaves = relative !== undefined && !home.some((folder) => relative.startsWith(`${folder}/`))
        if (leaves || isForeign(packageName(specifier))) {
          problems.push(refuse(`${file.path}:${line}`, `imports \`${specifier}\``))
        }
      }
    }
    return problems
  })
}
