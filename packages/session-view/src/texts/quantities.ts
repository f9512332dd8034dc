const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** A duration: `0.3 s`, `1 min 04 s`, `2 h 05 min`. */
export function formatDuration(ms: number): string {
  if (ms < minute) return `${(ms / 1000).toFixed(1)} s`
  if (ms < hour) return `${Math.floor(ms / minute)} min ${twoDigits((ms % minute) / 1000)} s`
  return `${Math.floor(ms / hour)} h ${twoDigits((ms % hour) / minute)} min`
}

/** The duration so far, in whole seconds: `12 s`, `1 min 04 s`. */
export function formatElapsed(ms: number): string {
  return ms < minute ? `${Math.floor(ms / 1000)} s` : formatDuration(ms)
}

/** A time in the past: `now`, `5 min ago`, `3 h ago`, `2 d ago`. */
export function formatAge(ms: number): string {
  if (ms < minute) return 'now'
  if (ms < hour) return `${Math.floor(ms / minute)} min ago`
  if (ms < day) return `${Math.floor(ms / hour)} h ago`
  return `${Math.floor(ms / day)} d ago`
}

/** The time of the day, `14:02`, with the day before it if that is not today: `22 Nov 14:02`. In the time zone of this process. */
export function formatClock(at: number, now: number): string {
  const time = new Date(at)
  const clock = `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}`
  if (time.toDateString() === new Date(now).toDateString()) return clock
  return `${time.getDate()} ${months[time.getMonth()]} ${clock}`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** An amount of data: `512 bytes`, `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  let [amount, unit] = [bytes, bytes === 1 ? 'byte' : 'bytes']
  while (amount >= 1024 && units.length > 0) [amount, unit] = [amount / 1024, units.shift() ?? unit]
  return `${bytes < 1024 ? amount : amount.toFixed(1)} ${unit}`
}

/** `1 line`, `4,812 lines` */
export function formatLines(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'line' : 'lines'}`
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, '0')
}
