export type Graph = Map<string, Set<string>>

/** Circles, each the shortest one through its first node, until every node that lies on a circle is in one of them. */
export function findCircles(graph: Graph): string[][] {
  const circles: string[][] = []
  const knotted = new Set<string>()
  for (const start of [...graph.keys()].toSorted()) {
    if (knotted.has(start)) continue
    const circle = shortestWayBack(graph, start)
    if (!circle) continue
    circles.push(circle)
    for (const node of circle) knotted.add(node)
  }
  return circles
}

function shortestWayBack(graph: Graph, start: string): string[] | undefined {
  const cameFrom = new Map<string, string>()
  const queue = [start]
  for (const node of queue) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) return wayTo(node, start, cameFrom)
      if (cameFrom.has(next)) continue
      cameFrom.set(next, node)
      queue.push(next)
    }
  }
  return undefined
}

function wayTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [end]
  for (let node = end; node !== start;) {
    node = cameFrom.get(node)!
    way.unshift(node)
  }
  return way
}
