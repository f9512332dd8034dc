import type {TurboSummary} from './read-run.ts'

/** Which tasks would run and which are cached, from the output of `turbo run --dry=json`: a line for each task. Pure. */
export function describePlan(json: string): string[] {
  const {tasks} = JSON.parse(json) as TurboSummary
  const plan = tasks
    .filter(({command}) => command !== '<NONEXISTENT>')
    .map(({taskId, cache}) => ({taskId, isCached: cache.status === 'HIT'}))
  const running = plan.filter(({isCached}) => !isCached)
  const cached = plan.filter(({isCached}) => isCached)
  return [
    ...cached.map(({taskId}) => `cached     ${taskId}`),
    ...running.map(({taskId}) => `would run  ${taskId}`),
    `${running.length} would run, ${cached.length} cached`,
  ]
}
