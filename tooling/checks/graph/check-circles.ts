import {findCircles, type Graph} from './find-circles.ts'
import type {Package} from './read-workspace.ts'
import {resolveRelative} from './specifiers.ts'

/**
 * Circles inside packages, type imports included. Each folder is looked at with its subfolders taken as one piece each:
 * then no file and no folder may lead back to itself. So a folder's `main.ts` may use a subfolder that uses a file
 * beside `main.ts`, while two subfolders may not use each other.
 */
export function checkCircles(packages: readonly Package[]): string[] {
  return packages.flatMap((one) => {
    const known = new Set(one.files.map(({path}) => path))
    const byFolder = new Map<string, Graph>()
    const proof = new Map<string, string>()
    for (const {path, imports} of one.files) {
      for (const {specifier, line} of imports) {
        const target = resolveRelative(path, specifier)
        if (target === undefined || !known.has(target)) continue
        const {folder, from, to} = meet(path, target)
        if (from === to && path !== target) continue
        const graph = byFolder.get(folder) ?? new Map<string, Set<string>>()
        byFolder.set(folder, graph.set(from, (graph.get(from) ?? new Set()).add(to)))
        proof.set(`${from} ${to}`, `${path}:${line}`)
      }
    }
    return [...byFolder.values()].flatMap(findCircles).map((circle) => describe(circle, proof))
  })
}

/** The deepest folder that holds both, and the pieces of it that hold one each. */
function meet(a: string, b: string): {folder: string; from: string; to: string} {
  const [left, right] = [a.split('/'), b.split('/')]
  let depth = 0
  while (depth < left.length - 1 && left[depth] === right[depth]) depth++
  const piece = (parts: string[]) => parts.slice(0, depth + 1).join('/')
  return {folder: left.slice(0, depth).join('/'), from: piece(left), to: piece(right)}
}

function describe(circle: readonly string[], proof: ReadonlyMap<string, string>): string {
  const steps = circle.map((from, index) => `${proof.get(`${from} ${circle[(index + 1) % circle.length]}`)}`)
  return `${steps[0]}: expected no circle, got ${[...circle, circle[0]].join(' → ')} (imports at ${steps.join(', ')})`
}
