/** The relative luminance of a colour, `0xrrggbb`, from 0 to 1, as WCAG 2.2 defines it. Pure. */
export function luminanceOf(color: number): number {
  const [red, green, blue] = channelsOf(color).map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** The contrast of two colours, from 1 to 21, as WCAG 2.2 defines it. Pure. */
export function contrastOf(one: number, other: number): number {
  const [darker, lighter] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => a - b) as [number, number]
  return (lighter + 0.05) / (darker + 0.05)
}

/** A colour on the way from one to another; `share` is that of the other, from 0 to 1. Pure. */
export function mixColors(from: number, to: number, share: number): number {
  const target = channelsOf(to)
  return channelsOf(from)
    .map((channel, index) => Math.round(channel + ((target[index] ?? 0) - channel) * share))
    .reduce((color, channel) => color * 256 + channel, 0)
}

function channelsOf(color: number): number[] {
  return [color >> 16, (color >> 8) & 0xff, color & 0xff]
}
