import {readFileSync} from 'node:fs'

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

/** How often to read the files again, ms. */
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
 * Calls `use` with each new certificate. Where `use` throws, as when only one of the two files has changed yet, the certificate before
 * stays in use. Reads the files instead of watching them: often they are links, and they may change before a watch begins.
 */
export function watchCertificate(
  options: CertificateOptions,
  before: Certificate,
  {breadcrumbs, use}: {breadcrumbs: Breadcrumbs; use: (next: Certificate) => void},
): void {
  let last = before
  let problem: string | undefined
  const look = () => {
    try {
      const next = readCertificate(options)
      problem = undefined
      if (next === undefined || (next.cert.equals(last.cert) && next.key.equals(last.key))) return
      last = next
      use(next)
      breadcrumbs.record('certificate-renewed')
    } catch (error) {
      const {message} = error as Error
      if (message !== problem) breadcrumbs.record('certificate-refused', {message})
      problem = message
    }
  }
  setInterval(look, lookEveryMs).unref()
}

function readPem(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new UserError(`${file} cannot be read: ${(cause as Error).message}`, {cause, code: 'usage'})
  }
}
