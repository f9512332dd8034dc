import assert from 'node:assert/strict'

/** What the step of .github/workflows/release.yml that publishes does. */
export interface ReleaseWorkflow {
  versionScript: string
  publishScript: string
  /** Of that step, without secrets. */
  env: Record<string, string>
}

/** Reads the workflow, of which no part runs outside GitHub, so that the rehearsal fails where the workflow would do less in silence. */
export function readReleaseWorkflow(yaml: string): ReleaseWorkflow {
  const step = yaml.slice(yaml.indexOf('uses: changesets/action@'))
  // Version 2 reads the tags from a file that Changesets 3 writes; version 1 reads them from lines that it no longer prints.
  assert.match(step, /^uses: changesets\/action@v2\n/, 'release.yml: expected changesets/action@v2, for Changesets 3')
  const read = (name: string) => {
    const value = new RegExp(`^ +${name}: (.+)$`, 'm').exec(step)?.[1]
    assert(value !== undefined, `release.yml: expected the input ${name} of changesets/action`)
    return value
  }
  const env = [...step.matchAll(/^ +([A-Z_]+): ([^$\n]+)$/gm)].map(
    ([, name = '', value = '']) => [name, value] as const,
  )
  return {versionScript: read('version-script'), publishScript: read('publish-script'), env: Object.fromEntries(env)}
}
