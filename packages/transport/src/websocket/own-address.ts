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
  const scheme = certificate ? 'https' : 'http'
  const isOwn = ({host, hostname}: URL): boolean =>
    isIP(hostname.replaceAll(/[[\]]/g, '')) !== 0 ||
    hostname === 'localhost' ||
    hostname === listenHost.toLowerCase() ||
    host === publicUrl?.host ||
    certificate?.checkHost(hostname) !== undefined

  return {
    refusalStatus({host, origin}) {
      const asked = readHost(scheme, host)
      if (asked === undefined || !isOwn(asked)) return 421
      const own = asked.host === publicUrl?.host ? publicUrl.origin : asked.origin
      return origin === undefined || origin === own ? undefined : 403
    },
  }
}

/** `undefined` for a header with more than a host and a port. */
function readHost(scheme: string, header = ''): URL | undefined {
  return /^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(header)
    ? (URL.parse(`${scheme}://${header}`) ?? undefined)
    : undefined
}
