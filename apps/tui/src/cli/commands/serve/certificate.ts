import {readFileSync, watchFile} from 'node:fs'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'

import {UserError} from '../../../process/user-error.ts'

/** Certificate and key, in PEM. */
export interface Certificate {
  cert: Buffer
  key: Buffer
}

export interface CertificateOptions {
  tlsCert?: string
  tlsKey?: string
}

/** How often to look whether the files have changed, ms. */
const lookEveryMs = 10_000

/** Reads the certificate from the files that the options name; `undefined` without such options. */
export function readCertificate({tlsCert, tlsKey}: CertificateOptions): Certificate | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new UserError('expected both --tls-cert and --tls-key, got one of them', {code: 'usage'})
  }
  return {cert: readPem(tlsCert), key: readPem(tlsKey)}
}

/**
 * Calls `use` with each certificate that takes the place of the one before, which stays in use where that throws, as between the
 * change of one file and that of the other. Looks at the files, and not only at their folder: often they are links.
 */
export function watchCertificate(
  options: CertificateOptions,
  before: Certificate,
  {breadcrumbs, use}: {breadcrumbs: Breadcrumbs; use: (next: Certificate) => void},
): void {
  let last = before
  const look = () => {
    try {
      const next = readCertificate(options)
      if (next === undefined || (next.cert.equals(last.cert) && next.key.equals(last.key))) return
      last = next
      use(next)
      breadcrumbs.record('certificate-renewed')
    } catch (error) {
      breadcrumbs.record('certificate-refused', {message: (error as Error).message})
    }
  }
  for (const file of [options.tlsCert, options.tlsKey]) {
    if (file !== undefined) watchFile(file, {interval: lookEveryMs, persistent: false}, look)
  }
}

function readPem(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new UserError(`${file} cannot be read: ${(cause as Error).message}`, {cause, code: 'usage'})
  }
}
