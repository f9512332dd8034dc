/** The format of a picture: that of the ending of its file, else PNG. `undefined`: the ending says neither. Pure. */
export function pictureFormat(file: string | undefined): 'png' | 'svg' | undefined {
  if (file === undefined) return 'png'
  const ending = /\.(png|svg)$/i.exec(file)?.[1]?.toLowerCase()
  return ending === 'png' || ending === 'svg' ? ending : undefined
}
