/** From the server's record to what the page shows. Pure. */
import { dayText } from '@xunji/shared/format.ts'
import { measureWords, word } from '@xunji/shared/words.ts'
import type { AnswerRow, ChecklistItem, Finding, Photo, Previous, RecordPage, TraceBar } from '../backend/types.ts'

/** One item on the page. */
export interface Line {
  item: ChecklistItem
  answer: AnswerRow
  previous: string | null
  /** What was found about it last time. */
  before: Previous['failed'][number] | null
  /** Its bar of the 检纹. */
  bar: TraceBar | null
  finding: Finding | null
  photos: Photo[]
  /** Sent back and not answered yet: the reason. */
  open: string | null
}

/** A section with its lines. */
export interface Part {
  key: string
  label: string
  lines: Line[]
}

/** What a checklist that this program does not hold is shown as: codes without texts. */
function unknownItem(code: string): ChecklistItem {
  return { code, section: '', text: `检查项 ${code}`, severity: 'minor', readings: [], basis_text: '' }
}

export function lines(page: RecordPage): Line[] {
  const previous = new Map(page.previous?.answers ?? [])
  const items = new Map(page.checklist?.items.map((item) => [item.code, item]))
  const open = new Map(page.summary.open.map((o) => [o.item, o.reason]))
  const bars = new Map(page.trace.map((bar) => [bar.item as string, bar]))
  return page.content.answers.map((answer) => ({
    item: items.get(answer.item) ?? unknownItem(answer.item),
    answer,
    previous: previous.get(answer.item) ?? null,
    before: page.previous?.failed.find((f) => f.item === answer.item) ?? null,
    bar: bars.get(answer.item) ?? null,
    finding: page.content.findings.find((f) => f.item === answer.item) ?? null,
    photos: page.photos.filter((p) => p.purpose.kind === 'items' && p.purpose.items.includes(answer.item)),
    open: open.get(answer.item) ?? null,
  }))
}

const failed = (line: Line) => line.answer.answer === 'fail'
const changed = (line: Line) => line.previous !== null && line.previous !== line.answer.answer

/** What has to be read: failed, unchecked, sent back, or answered otherwise than last time. */
export function remarkable(all: Line[]): Line[] {
  const found = all.filter((line) => failed(line) || line.answer.answer === 'unchecked' || line.open || changed(line))
  return [...found.filter(failed), ...found.filter((line) => !failed(line))]
}

/** All lines by section in the checklist's order, failed ones first within each. */
export function bySection(page: RecordPage, all: Line[]): Part[] {
  const sections = page.checklist?.sections ?? [{ key: '', label: '全部' }]
  return sections.map(({ key, label }) => {
    const own = all.filter((line) => line.item.section === key)
    return { key, label, lines: [...own.filter(failed), ...own.filter((line) => !failed(line))] }
  })
}

/** Figures over the answers. */
export function tally(all: Line[]): { pass: number; fail: number; not_applicable: number; unchecked: number } {
  const count = (answer: string) => all.filter((line) => line.answer.answer === answer).length
  return { pass: count('pass'), fail: count('fail'), not_applicable: count('not_applicable'), unchecked: count('unchecked') }
}

/** What a photo shows, in words. */
export function purposeText(photo: Photo): string {
  if (photo.purpose.kind === 'storefront') return '门头摊位'
  if (photo.purpose.kind === 'licence') return '证照'
  return photo.purpose.items.map((code) => code.replace(/^[A-Z]+/, '')).join('、')
}

/** The file that is shown large: the working copy, the original, the thumbnail, whichever is here. */
export function largest(photo: Photo): string | null {
  return photo.copy ?? photo.original ?? photo.thumbnail
}

/** Milliseconds in the middle of the items that were judged: what one bar is compared with. Null without any. */
export function medianShown(bars: readonly TraceBar[]): number | null {
  const judged = bars.filter((bar) => bar.answer === 'pass' || bar.answer === 'fail').map((bar) => bar.shown_ms).sort((a, b) => a - b)
  return judged[Math.floor(judged.length / 2)] ?? null
}

/** How the answers were given: one by one, or with their section. */
export function ways(bars: readonly TraceBar[]): { alone: number; section: number } {
  const answered = bars.filter((bar) => bar.answer && bar.answer !== 'unchecked')
  const section = answered.filter((bar) => bar.answered_by === 'section').length
  return { alone: answered.length - section, section }
}

/** The line so many places after another; the ends hold. Without a line, the first. */
export function neighbour(codes: readonly string[], at: string | null, by: number): string | null {
  const here = at === null ? -1 : codes.indexOf(at)
  if (here < 0) return codes[0] ?? null
  return codes[Math.min(Math.max(here + by, 0), codes.length - 1)] ?? null
}

const until = (day: string) => `限 ${dayText(day).replace(/ 周.$/, '')}前`

/** `责令限期改正，限 10 月 21 日前`; nothing where nothing was ordered. */
export function measureText(finding: { measure: string | null; deadline: string | null } | null): string {
  if (!finding?.measure) return ''
  return finding.deadline ? `${word(measureWords, finding.measure)}，${until(finding.deadline)}` : word(measureWords, finding.measure)
}

/** `冷藏 4 ℃；冷冻 −16 ℃`. */
export function readingsText(line: Line): string {
  const texts = line.answer.readings.map((reading) => {
    const asked = line.item.readings.find((one) => one.key === reading.key)
    return `${asked?.label ?? reading.key} ${reading.value}${asked ? ` ${asked.unit}` : ''}`
  })
  return texts.join('；')
}

/** What was found last time, where the item failed then. */
export function beforeText(line: Line): string {
  if (!line.before) return ''
  const parts = [line.before.problem, measureText(line.before)].filter(Boolean)
  return parts.length ? `上次：${parts.join('，')}` : '上次不符合'
}
