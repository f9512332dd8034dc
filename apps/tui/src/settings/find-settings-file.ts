import {join} from 'node:path'

import {userFolder} from '../process/user-folder.ts'

/** The settings file: `$XDG_CONFIG_HOME/holdfast/config.json`, else `~/.config/holdfast/config.json`. */
export function findSettingsFile(
  {XDG_CONFIG_HOME}: Readonly<Record<string, string | undefined>> = process.env,
): string {
  // The XDG Base Directory Specification says to ignore a relative path.
  const folder = XDG_CONFIG_HOME?.startsWith('/') ? XDG_CONFIG_HOME : join(userFolder(), '.config')
  return join(folder, 'holdfast/config.json')
}
