/** A finding in one line, for the list. */
import { dayText } from '@xunji/shared/format.ts'
import { measureWords, word } from '@xunji/shared/words.ts'
import type { DraftView } from '../backend/types.ts'

/** `生熟共用刀板，照片 2 张，10 月 21 日前改正`. */
export function findingText(view: DraftView, code: string, photos: number): string {
  const finding = view.findings[code]
  if (!finding) return ''
  const until = finding.deadline ? `${dayText(finding.deadline).replace(/ 周.$/, '')}前改正` : word(measureWords, finding.measure)
  return [finding.problem, photos ? `照片 ${photos} 张` : '', until].filter(Boolean).join('，')
}
