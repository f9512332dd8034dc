import type {GraphRules} from './house-rules.ts'
import type {Package} from './read-workspace.ts'

/** Imports in the published code of what only one place may import. */
export function checkSoleImporters(packages: readonly Package[], {soleImporters}: GraphRules): string[] {
  const published = packages.filter(({folder}) => /^(packages|apps)\//.test(folder))
  return published.flatMap(({folder, files}) =>
    files
      .filter(({path}) => path.startsWith(`${folder}/src/`))
      .flatMap(({path, imports}) =>
        imports.flatMap(({specifier, line}) => {
          const places = soleImporters[specifier] ?? soleImporters[`node:${specifier}`]
          if (!places || places.some((place) => path === place || path.startsWith(`${place}/`))) return []
          return [`${path}:${line}: imports \`${specifier}\`, which is only for ${places.join(', ')}`]
        }),
      ),
  )
}
