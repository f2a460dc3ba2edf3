/** How a certificate stands, in a tone and a few words. */

/** The tone of the days a certificate has left: over, within a month, longer, or without a last day. */
export function daysTone(days: number | null): 'fail' | 'warn' | 'plain' {
  if (days === null) return 'plain'
  if (days < 0) return 'fail'
  return days <= 30 ? 'warn' : 'plain'
}

/** `过期 3 天`, `今天到期`, `剩 18 天`; longer than a month the date alone says more. */
export function daysText(days: number | null): string {
  if (days === null) return ''
  if (days < 0) return `过期 ${-days} 天`
  if (days === 0) return '今天到期'
  return days <= 30 ? `剩 ${days} 天` : ''
}
