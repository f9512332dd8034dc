import {isRpcError, type Client} from '@holdfast/client'
import {errorCodes} from '@holdfast/protocol'

/** Closes a session, also one that the page has not opened yet. One that is closed already is no error. */
export async function closeSession(client: Pick<Client, 'request'>, id: string): Promise<void> {
  try {
    await client.request('session.close', {session_id: id})
  } catch (error) {
    if (!isRpcError(error) || error.code !== errorCodes.sessionClosed) throw error
  }
}
