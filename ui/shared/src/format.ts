/** How dates, times, scores and counts are written on both faces. */

/** Minutes east of UTC of a station in China. */
export const CHINA_ZONE = 8 * 60

const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** The calendar day of an instant at an offset, `2026-10-21`. */
export function isoDay(ms: number, zone = CHINA_ZONE): string {
  return new Date(ms + zone * MINUTE_MS).toISOString().slice(0, 10)
}

/** `06:05` at an offset. */
export function clockText(ms: number, zone = CHINA_ZONE): string {
  return new Date(ms + zone * MINUTE_MS).toISOString().slice(11, 16)
}

/** `06:05:41` at an offset. */
export function secondText(ms: number, zone = CHINA_ZONE): string {
  return new Date(ms + zone * MINUTE_MS).toISOString().slice(11, 19)
}

/** A day some days after another, both as `2026-10-21`. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** `10 月 21 日 周三` for a sentence; a date that does not read comes back as it is. */
export function dayText(day: string): string {
  const at = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(at.getTime())) return day
  return `${at.getUTCMonth() + 1} 月 ${at.getUTCDate()} 日 ${WEEKDAYS[at.getUTCDay()]}`
}

/** `89.5` for 895 permille; `—` where nothing was scored. Tenths are exact. */
export function pointsText(permille: number | null | undefined): string {
  if (permille === null || permille === undefined) return '—'
  return `${Math.floor(permille / 10)}.${permille % 10}`
}

/** `12/17`; a zero denominator is written as `—`. */
export function countText(received: number, total: number): string {
  return total === 0 ? '—' : `${received}/${total}`
}

/** `28.9%（11/38）`: a share never stands without its count; a zero denominator is `—（0/0）`. Tenths are cut, not rounded up. */
export function shareText(part: number, whole: number): string {
  if (whole === 0) return `—（${part}/0）`
  const tenths = Math.floor((1000 * part) / whole)
  return `${Math.floor(tenths / 10)}.${tenths % 10}%（${part}/${whole}）`
}

/** `12,340 户`; thousands are parted from five digits on, where the eye begins to count. */
export function manyText(count: number): string {
  return count < 10_000 ? String(count) : String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `41.2 MB`, `310 KB`. */
export function bytesText(bytes: number): string {
  if (bytes >= 1_000_000_000) return `${(bytes / 1_000_000_000).toFixed(1)} GB`
  if (bytes >= 1_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`
  return `${Math.ceil(bytes / 1000)} KB`
}

/** The letter of a stored grade as it is shown: `A`; 不评级 where there is none. */
export function gradeText(code: string | null | undefined): string {
  return code ? code.toUpperCase() : '不评级'
}

/** The item's number on the card: `CY1.1` reads `1.1`. */
export function itemNumber(code: string): string {
  return code.replace(/^[A-Z]+/, '')
}
