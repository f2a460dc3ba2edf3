/**
 * 检纹, the fingerprint of a visit: one bar per item, as high as the item stood before the eyes. A list that was ticked
 * off blindly is a flat line, and everybody sees it. It is a reminder, never a conclusion.
 */
import { word, answerWords } from '../words.ts'

/** What is known of one item of a visit. */
export interface TracedItem {
  /** Code of the item. */
  item: string
  /** Key of its section; a new section begins with a gap. */
  section: string
  /** Milliseconds the item stood on the screen. */
  shown_ms: number
  /** The answer; absent while it is open. */
  answer?: string | null
  /** `card`, `dock` or `section`. */
  answered_by?: string | null
}

/** How a bar looks. Shape tells as much as colour: full, pale, full and red, hollow, a mere foot. */
export type BarKind = 'alone' | 'section' | 'fail' | 'hollow' | 'open'

/** One bar, in units of the drawing: a bar is 4 wide, the whole is as wide as it needs. */
export interface TraceBar {
  item: string
  kind: BarKind
  x: number
  height: number
}

/** Seconds that fill the whole height: more than the 29 an item of an ordinary visit takes in the middle, so that the
 * tops still differ. */
export const FULL_SECONDS = 40
/** Height of the drawing. */
export const HEIGHT = 40
/** Width of a bar. */
export const BAR = 4

const STEP = 6
const SECTION_GAP = 5
const LEAST = 2
/** A 不符合 is never lower than this, so that the red is seen however quick it was. */
const LEAST_FAIL = 12

function kindOf(item: TracedItem): BarKind {
  if (!item.answer) return 'open'
  if (item.answer === 'fail') return 'fail'
  if (item.answer === 'not_applicable' || item.answer === 'unchecked') return 'hollow'
  return item.answered_by === 'section' ? 'section' : 'alone'
}

function heightOf(item: TracedItem, kind: BarKind): number {
  if (kind === 'open') return LEAST
  const seconds = Math.max(0, item.shown_ms) / 1000
  const least = kind === 'fail' ? LEAST_FAIL : kind === 'hollow' ? 2 * LEAST : LEAST
  return Math.max(least, Math.round((Math.min(seconds, FULL_SECONDS) / FULL_SECONDS) * HEIGHT * 10) / 10)
}

/** The bars of a visit in the order of its items, and how wide they are together. */
export function traceBars(items: readonly TracedItem[]): { bars: TraceBar[]; width: number } {
  let x = 0
  let section = items[0]?.section
  const bars = items.map((item) => {
    if (item.section !== section) {
      x += SECTION_GAP
      section = item.section
    }
    const kind = kindOf(item)
    const bar = { item: item.item, kind, x, height: heightOf(item, kind) }
    x += STEP
    return bar
  })
  return { bars, width: Math.max(BAR, x - (STEP - BAR)) }
}

/** `2 分 05 秒`, `48 秒`. */
export function lookText(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} 秒`
  return `${Math.floor(seconds / 60)} 分 ${String(seconds % 60).padStart(2, '0')} 秒`
}

/** What the picture says, for those who hear it: `检纹：35 项共看 4 分 10 秒，不符合 2 项，整节确认 3 项`. */
export function traceSummary(items: readonly TracedItem[]): string {
  const answered = items.filter((each) => each.answer)
  const total = answered.reduce((sum, each) => sum + Math.max(0, each.shown_ms), 0)
  const failed = answered.filter((each) => each.answer === 'fail').length
  const inSections = answered.filter((each) => each.answered_by === 'section').length
  const open = items.length - answered.length
  return [
    `检纹：${answered.length} 项共看 ${lookText(total)}`,
    failed ? `不符合 ${failed} 项` : '没有不符合',
    inSections ? `整节确认 ${inSections} 项` : '',
    open ? `未答 ${open} 项` : '',
  ]
    .filter(Boolean)
    .join('，')
}

/** One bar in words: `5.1 不符合，看了 14 秒`. */
export function barText(item: TracedItem, number: string): string {
  return `${number} ${word(answerWords, item.answer)}，看了 ${lookText(item.shown_ms)}`
}
