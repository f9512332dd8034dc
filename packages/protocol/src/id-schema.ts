import * as z from 'zod/mini'

import {lazily} from './lazily.ts'

/** The id of a prompt, an approval or an attachment. */
export const idSchema = lazily(() => z.string().check(z.minLength(1), z.maxLength(128)))
