import {X509Certificate} from 'node:crypto'
import type {IncomingHttpHeaders} from 'node:http'
import {isIP} from 'node:net'

/** The names under which a server may be asked for. */
export interface OwnAddress {
  /** 421 for the name of another server, 403 for a page of another server; `undefined` for a request that is meant for this one. */
  refusalStatus(headers: IncomingHttpHeaders): 403 | 421 | undefined
}

export interface OwnAddressOptions {
  listenHost: string
  /** The certificate of a server with TLS, in PEM. */
  cert?: string | Buffer | undefined
  publicUrl?: URL | undefined
}

/**
 * A web page may have its own name lead to this server (DNS rebinding), so a name must be known to be the server's: a name of
 * its certificate, that on which it listens, or that of the public URL. No page has power over an IP address or `localhost`.
 * Browsers send the origin of a page with WebSockets and with whatever changes something; it must be the server's own.
 */
export function createOwnAddress({listenHost, cert, publicUrl}: OwnAddressOptions): OwnAddress {
  const certificate = cert === undefined ? undefined : new X509Certificate(cert)
  const scheme = certificate ? 'https:' : 'http:'
  const isOwnName = (hostname: string): boolean =>
    isIP(hostname.replaceAll(/[[\]]/g, '')) !== 0 ||
    hostname === 'localhost' ||
    hostname === listenHost.toLowerCase() ||
    certificate?.checkHost(hostname) !== undefined

  /** The URL by which the server was asked for, if it is the server's own. */
  function ownUrl(host = ''): URL | undefined {
    // No more than a host and a port.
    if (!/^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(host)) return undefined
    if (publicUrl && readUrl(`${publicUrl.protocol}//${host}`)?.host === publicUrl.host) return publicUrl
    const url = readUrl(`${scheme}//${host}`)
    return url && isOwnName(url.hostname) ? url : undefined
  }

  return {
    refusalStatus({host, origin}) {
      const own = ownUrl(host)
      if (own === undefined) return 421
      return origin === undefined || origin === own.origin ? undefined : 403
    },
  }
}

function readUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}
