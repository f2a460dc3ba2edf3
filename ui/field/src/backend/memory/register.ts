/** The register of the backend in memory: search, rows, what is worth knowing. For component tests and for looking only. */
import type { TracedItem } from '@xunji/shared/trace/trace.ts'
import type { Checklist, MarketDay, Operator, OperatorRow, OperatorView, Readiness, Standing, VisitView } from '../types.ts'
import { initials, TODAY } from './county.ts'

const KEYS = ['', '', 'abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz']

/** `hj` is `45`. */
function digitsOf(letters: string): string {
  return Array.from(letters, (letter) => KEYS.findIndex((key) => key.includes(letter))).join('')
}

/** Notes as the core would make them; by the place in the list, so that each is to be seen. */
export function standingOf(operator: Operator): Standing {
  const notes: Record<string, Standing> = {
    o1: { tone: 'fail', text: '逾期未改 1' },
    o2: { tone: 'warn', text: '今天到期' },
    o3: { tone: 'warn', text: '未录证照' },
    o4: { tone: 'plain', text: '2026-04-02' },
    o5: { tone: 'pass', text: '今天已查' },
    o6: { tone: 'brand', text: '没查过' },
  }
  return notes[operator.id] ?? { tone: 'plain', text: '2026-05-12' }
}

/** A line of the list. */
export function rowOf(operator: Operator, query = '', keypad = false): OperatorRow {
  const { id, name, kind, owner, slot } = operator
  const grades: Record<string, string | null> = { o1: 'B', o2: 'A', o3: null, o4: 'A', o5: 'C' }
  const known = id in grades || Number(id.slice(1)) > 8
  const at = query && !keypad ? name.indexOf(query) : -1
  const spelled = query ? (keypad ? digitsOf(initials.get(id) ?? '') : (initials.get(id) ?? '')).indexOf(query) : -1
  return {
    id, name, kind, owner, place: slot ? `柳汀大集 ${slot.slot}` : operator.address, licence_state: '未登记证照',
    last: known ? { day_text: '2026-04-14', conclusion: 'mostly_conforming', grade: grades[id] ?? null } : null,
    standing: standingOf(operator),
    hit: at >= 0 ? [Array.from(name.slice(0, at)).length, Array.from(query).length] : spelled >= 0 ? [spelled, query.length] : null,
    pending: id === 'o3',
  }
}

/** Whether a query finds an operator. */
export function finds(operator: Operator, query: string, keypad: boolean): boolean {
  const letters = initials.get(operator.id) ?? ''
  const numbers = [operator.phone, ...operator.licences.map((each) => each.number)]
  const known = keypad ? [digitsOf(letters), ...numbers] : [operator.name, letters, operator.owner, ...numbers]
  return known.some((text) => text.includes(query))
}

/** The keys that still find something. */
export function nextKeys(found: Operator[], query: string): string {
  return Array.from('0123456789').filter((key) => found.some((each) => finds(each, query + key, true))).join('')
}

/** A visit that was looked at, with two failures; the same one each time. */
export function traceOf(checklist: Checklist): TracedItem[] {
  return checklist.items.map((item, at) => ({
    item: item.code,
    section: item.section,
    shown_ms: 4000 + ((at * 7919) % 11) * 2600 + (at % 9 === 4 ? 20_000 : 0),
    answer: at === 9 || at === 27 ? 'fail' : at % 13 === 5 ? 'not_applicable' : 'pass',
    answered_by: at % 6 === 2 ? 'section' : 'card',
  }))
}

/** The last visit of an operator that was visited. */
export function lastVisitOf(operator: Operator, checklist: Checklist): VisitView | null {
  if (!rowOf(operator).last) return null
  return {
    id: 'r1', day_text: '2026-04-14', score_permille: 862, conclusion: 'mostly_conforming', grade: rowOf(operator).last?.grade ?? null,
    inspectors: ['检查员丙', '检查员丁'], trace: traceOf(checklist),
  }
}

/** Certificates in each of their states. */
export function licencesOf(operator: Operator): OperatorView['licences'] {
  const known = operator.licences.map((licence) => ({ licence, kind_text: '小餐饮登记证', state_text: `有效期至${licence.valid_to}`, days_left: 879 }))
  if (operator.id !== 'o1') return known
  const health = { kind: 'health_certificate', number: '演示健〔2025〕00731', holder: '谷小满', valid_from: null, valid_to: '2026-11-01', scope: '' }
  const old = { kind: 'legacy_catering_permit', number: '演示餐〔2023〕0009', holder: operator.owner, valid_from: null, valid_to: '2026-10-02', scope: '' }
  return [...known, { licence: health, kind_text: '健康证明', state_text: '', days_left: 18 }, { licence: old, kind_text: '餐饮服务许可证', state_text: '', days_left: -12 }]
}

/** Four market days from today. */
export const marketDays: MarketDay[] = [
  { market: 'm1', name: '柳汀大集', date: TODAY, lunar: '九月初五', days: 0 },
  { market: 'm2', name: '石门洼集', date: '2026-10-15', lunar: '九月初六', days: 1 },
  { market: 'm1', name: '柳汀大集', date: '2026-10-19', lunar: '九月初十', days: 5 },
  { market: 'm2', name: '石门洼集', date: '2026-10-20', lunar: '九月十一', days: 6 },
]

/** Six lines, one of which asks for a look. */
export const readiness: Readiness = {
  doubts: 1,
  lines: [
    { key: 'register', tone: 'pass', text: '名单 60 户', detail: '上次联系 2026-10-13 20:14' },
    { key: 'checklists', tone: 'pass', text: '检查表是本机已知的最新版', detail: '本机有 6 张检查表' },
    { key: 'clock', tone: 'pass', text: '时钟准', detail: '上次联系时比服务器快 1 秒' },
    { key: 'storage', tone: 'pass', text: '够拍约 900 张', detail: '剩余 3.1 GB' },
    { key: 'unsent', tone: 'pass', text: '以前的都交完了', detail: '' },
    { key: 'cards', tone: 'warn', text: '检查员乙执法证剩 12 天', detail: '到期前仍可签字' },
  ],
}
