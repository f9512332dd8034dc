import {drawPicture, RasteriserMissingError, type PictureOptions} from '@holdfast/picture'

import {writeNewFile} from '../../../export/write-new-file.ts'
import {withStandardOutput} from '../../../process/standard-output.ts'
import {UserError} from '../../../process/user-error.ts'
import type {GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {withClient} from '../../../sessions/with-client.ts'
import type {Answer} from '../../answering.ts'
import {fileAnswer, type FileOptions} from '../../file-answer.ts'

export interface ScreenshotOptions extends FileOptions<'svg' | 'png'>, Pick<PictureOptions, 'theme'> {
  gateway: GatewayChoice
}

/** Draws the screen of the program that runs in a session, into the file or on stdout. */
export async function takeScreenshot(id: string, options: ScreenshotOptions): Promise<Answer> {
  const {format, theme, output, gateway} = options
  expectSessionId(id)
  const answer = fileAnswer(options)
  if (output === undefined && format === 'png' && process.stdout.isTTY)
    throw new UserError('a PNG is no text for a terminal: expected --output FILE, --format svg, or a pipe', {
      code: 'usage',
    })
  const draw = async () => {
    const shown = await withClient(gateway, (client) => client.request('screen.snapshot', {session_id: id}))
    return await drawPicture(shown, {format, theme}).catch(explain)
  }
  if (output === undefined) {
    const picture = await draw()
    await withStandardOutput(async ({write}) => write(picture))
  } else await writeNewFile(output, async (write) => write(await draw()))
  return answer
}

function explain(error: unknown): never {
  if (error instanceof RasteriserMissingError)
    throw new UserError(`${error.message}, with --format svg`, {cause: error})
  throw error
}
