/** 按部分确认 and answers taken back, as the core would have them. For component tests only. */
import type { Command } from '../commands.ts'
import type { Checklist, DraftView, VisitRules } from '../types.ts'

const WORDS = { critical: '关键项', number: '数值项', failed: '上次不符合', drawn: '抽中项' }
/** Characters read in a second, and the least time. */
const PER_SECOND = 20
const LEAST_MS = 600

/** What a visit of the first operator is reminded of; nothing for the others. */
export function lastFailed(operator: string): VisitRules['last_failed'] {
  return operator === 'o1' ? [{ item: 'CY5.2', problem: '冰箱内生熟未分层，无盖', measure: 'deadline', deadline: '2026-10-08' }] : []
}

export function visitRules(checklist: Checklist, draft: DraftView, confirmOn: boolean): VisitRules {
  const failed = lastFailed(draft.operator.id)
  const alone: Record<string, string> = {}
  for (const { key } of checklist.sections) {
    const items = checklist.items.filter((item) => item.section === key)
    for (const item of items) {
      if (item.severity === 'critical') alone[item.code] = WORDS.critical
      else if (item.readings.length) alone[item.code] = WORDS.number
      else if (failed.some((each) => each.item === item.code)) alone[item.code] = WORDS.failed
    }
    const rest = items.filter((item) => !alone[item.code])
    rest.slice(0, Math.max(0, 2 - (items.length - rest.length))).forEach((item) => (alone[item.code] = WORDS.drawn))
  }
  const reading_ms = Object.fromEntries(checklist.items.map((item) => [item.code, Math.max(LEAST_MS, (item.text.length * 1000) / PER_SECOND)]))
  return { last_failed: failed, next_market: { day: '2026-10-19', name: '柳汀大集' }, confirm: confirmOn ? { alone, reading_ms } : null }
}

/** Answers the items of one key, or none of them. */
export function confirmSection(rules: VisitRules, draft: DraftView, press: Extract<Command, { cmd: 'confirm_section' }>): void {
  if (!rules.confirm) throw { code: 'section_confirm_off', sentence: '县局没有开通按部分确认，这一下没有记，之前的内容都在；请逐项作答' }
  const hasty = press.items.filter(({ item, shown_ms }) => shown_ms < (rules.confirm?.reading_ms[item] ?? 0))
  if (hasty.length) throw { code: 'seen_too_short', sentence: `${hasty.map((each) => each.item).join('、')} 还没看完，这一下没有记；请再看一眼` }
  for (const { item, shown_ms } of press.items) {
    draft.answers[item] = { note: '', readings: [], ...draft.early[item], item, answer: 'pass', shown_ms, answered_by: 'section' }
    delete draft.early[item]
  }
}

export function takeBack(draft: DraftView, items: string[]): void {
  for (const item of items) {
    const row = draft.answers[item]
    if (!row) continue
    draft.early[item] = { note: row.note, readings: row.readings }
    delete draft.answers[item]
  }
}
