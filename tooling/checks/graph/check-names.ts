import type {GraphRules} from './house-rules.ts'
import type {Package} from './read-workspace.ts'

/** Names under `src` that say nothing, and default exports there. */
export function checkNames(packages: readonly Package[], {emptyNames}: GraphRules): string[] {
  return packages.flatMap(({folder, files}) =>
    files
      .filter(({path}) => path.startsWith(`${folder}/src/`))
      .flatMap(({path, defaultExports}) => {
        const names = path.slice(`${folder}/src/`.length).split('/')
        const empty = names.find((name) => emptyNames.includes(name.split('.')[0] ?? ''))
        const problems = defaultExports.map(
          (line) => `${path}:${line}: expected named exports only, got a default export`,
        )
        if (empty) problems.push(`${path}: expected names that say what is inside, got \`${empty}\``)
        return problems
      }),
  )
}
