/** What a published package.json must say of itself. */
export interface PublishedManifest {
  name: string
  version: string
  private?: boolean
  description?: string
  license?: string
  type?: string
  repository?: {url?: string; directory?: string}
  engines?: {node?: string}
  exports?: Record<string, unknown>
  bin?: Record<string, string>
  files?: string[]
  publishConfig?: {access?: string}
}

/** Fields of the manifest in `folder` (from the root) that are missing or wrong. */
export function checkManifest(folder: string, manifest: PublishedManifest): string[] {
  const {description, repository, engines, files, publishConfig} = manifest
  const expected: [field: string, right: boolean, expectation: string][] = [
    ['name', /^(@holdfast\/[a-z-]+|holdfast)$/.test(manifest.name), '`holdfast` or `@holdfast/…`'],
    ['description', Boolean(description?.endsWith('.')), 'one sentence'],
    ['license', manifest.license === 'MIT', '`MIT`'],
    ['type', manifest.type === 'module', '`module`'],
    [
      'repository',
      Boolean(repository?.url) && repository?.directory === folder,
      `a url, and the directory \`${folder}\``,
    ],
    ['engines', /^>=\d+$/.test(engines?.node ?? ''), 'the oldest Node, as `>=24`'],
    ['exports', manifest.exports !== undefined, 'the entries'],
    ['files', Boolean(files?.includes('dist')), '`dist` among others'],
    ['publishConfig', publishConfig?.access === 'public', 'the access `public`'],
  ]
  return expected
    .filter(([, right]) => !right)
    .map(([field, , expectation]) => {
      const value = JSON.stringify(manifest[field as keyof PublishedManifest])
      return `${folder}/package.json: expected \`${field}\` to be ${expectation}, got \`${value}\``
    })
}
