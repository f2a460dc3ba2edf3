/** What is said before a version is made. Pure. */
import type { ReportDay } from '../backend/types.ts'

/** One line of the list: good, or something to know. */
export interface Check {
  good: boolean
  text: string
}

/** The loudest thing that is missing; null on a day that is complete. */
export function warning(day: ReportDay): { title: string; text: string } | null {
  if (day.records === 0) return { title: '这一天还没有收到记录', text: '手机交来以后会自己出现；现在出的汇总是空的。' }
  if (day.late_since > 0) {
    const next = day.versions.length + 1
    return { title: `晚到 ${day.late_since} 份`, text: `上一版出来以后又收到的记录。可以另出补充汇总第 ${next} 版，前面的版本不动。` }
  }
  const open = day.pending + day.returned
  if (open > 0) {
    const words = [...(day.pending ? ['“待审”'] : []), ...(day.returned ? ['“退回”'] : [])].join('或')
    const text = day.versions.length ? `下一版里仍标${words}，已出的版本不动；都通过再出更好。` : `会列入汇总，明细中标${words}。都通过再出，或先出第 1 版、以后出补充汇总。`
    return { title: `还有 ${open} 份未通过`, text }
  }
  return null
}

export function checks(day: ReportDay): Check[] {
  const found: Check[] = [
    { good: day.records > 0, text: day.records > 0 ? `已收的 ${day.records} 份都会列入` : '没有可列入的记录' },
    day.pending > 0
      ? { good: false, text: `${day.pending} 份待审，明细中标“待审”` }
      : { good: true, text: '没有待审的记录' },
  ]
  if (day.returned > 0) found.push({ good: false, text: `${day.returned} 份已退回、还没有补正，明细中标“退回”` })
  if (day.late_since > 0) found.push({ good: false, text: `${day.late_since} 份晚到，只在下一版里` })
  if (day.versions.length > 0) found.push({ good: true, text: `已出 ${day.versions.length} 版，出新的一版不会改动它们` })
  return found
}
