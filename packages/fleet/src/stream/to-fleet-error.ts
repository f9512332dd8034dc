import {JetStreamApiCodes, JetStreamApiError} from '@nats-io/jetstream'
import {errors} from '@nats-io/transport-node'

import {FleetError, isFleetError} from '../fleet-error.ts'

/** Error codes of the server: the stream, its account or the disk of the server takes no more. */
const full: readonly number[] = [10023, 10047, 10077, 10122]
/** It wants more replicas than there are servers. */
const tooFewServers: readonly number[] = [10005, 10074]

/** The error of this package for an error of the NATS client. */
export function toFleetError(error: unknown): FleetError {
  if (isFleetError(error)) return error
  const reason = error instanceof Error ? error.message : String(error)
  const fleetError = (code: FleetError['code'], message: string) => new FleetError(code, message, {cause: error})
  if (error instanceof JetStreamApiError) {
    if (full.includes(error.code)) {
      return fleetError(
        'full',
        `The cluster has no room for events (${reason}): raise the limit of the stream, or delete sessions`,
      )
    }
    if (error.code === JetStreamApiCodes.StreamNotFound)
      return fleetError('no-stream', 'The stream of the fleet was removed')
    if (tooFewServers.includes(error.code)) {
      const message = `The cluster has too few servers for the replicas of this fleet (${reason}): start them, or ask for fewer \`replicas\``
      return fleetError('too-few-servers', message)
    }
    // The cluster has no leader yet.
    if (error.status === 503) return fleetError('unreachable', `The cluster is not ready: ${reason}`)
  }
  if (isRefusedUser(error)) {
    return fleetError(
      'forbidden',
      `The cluster refuses this machine (${reason}): check its credentials and permissions`,
    )
  }
  if (error instanceof errors.ClosedConnectionError || error instanceof errors.DrainingConnectionError) {
    return fleetError('closed', 'The connection to the cluster is closed')
  }
  if (isUntrusted(error)) {
    const message = `The cluster cannot be reached by TLS (${reason}): check the certificates, and use the host names in them as addresses`
    return fleetError('failed', message)
  }
  if (isUnanswered(error)) return fleetError('unreachable', `The cluster does not answer: ${reason}`)
  return fleetError('failed', `The cluster cannot do this: ${reason}`)
}

function isRefusedUser(error: unknown): boolean {
  const {AuthorizationError, PermissionViolationError, UserAuthenticationExpiredError} = errors
  return [error, causeOf(error)].some(
    (one) =>
      one instanceof AuthorizationError ||
      one instanceof PermissionViolationError ||
      one instanceof UserAuthenticationExpiredError,
  )
}

/** What Node says of a certificate: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
function isUntrusted(error: unknown): boolean {
  return [error, causeOf(error)].some(
    (one) => one instanceof Error && 'code' in one && /CERT|TLS|SIGNATURE/.test(String(one.code)),
  )
}

function isUnanswered(error: unknown): boolean {
  return [error, causeOf(error)].some(
    (one) =>
      one instanceof errors.TimeoutError ||
      one instanceof errors.ConnectionError ||
      // Nobody serves JetStream at the moment, as while the cluster starts.
      one instanceof errors.NoRespondersError ||
      (one instanceof errors.RequestError && one.isNoResponders()) ||
      // The system's: the connection was refused.
      (one instanceof Error && 'syscall' in one),
  )
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined
}
