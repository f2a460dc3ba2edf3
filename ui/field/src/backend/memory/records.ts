/** Records of the backend in memory: past visits, one that came back, its amendment. For component tests and for looking only. */
import type { AmendmentView, Checklist, DraftView, Operator, PersonView, RecordContent, RecordRow, RecordView } from '../types.ts'
import { HERE, TODAY } from './county.ts'
import { traceOf } from './register.ts'

const NO_PHOTOS = { received: 0, total: 0 }
const OPEN = [{ item: 'CY3.4', reason: '照片看不清' }, { item: 'CY5.2', reason: '问题没有写明是哪一台冰箱，请写清位置和数量' }]

/** The row of a record that was signed in this window. */
export function recordRow(draft: DraftView): RecordRow {
  return {
    id: draft.id, record_no: draft.record_no, operator_name: draft.operator.name, kind: draft.operator.kind, state: 'signed',
    state_text: '已签', mark_text: '', day_text: TODAY, time_text: '06:30', conclusion: draft.conclusion ?? draft.concluded.conclusion,
    grade: draft.graded.letter?.toUpperCase() ?? null, open: [], unsent: true, photos: NO_PHOTOS, mine: true,
  }
}

/** A record as signed in this window. */
export function recordOf(draft: DraftView, checklist: Checklist): RecordView {
  const content = {
    ...draft, checklist: { id: draft.checklist_id }, answers: Object.values(draft.answers), findings: Object.values(draft.findings),
    inspectors: draft.inspectors.map((p) => ({ person: p.id, name: p.name, card_no: p.card_no ?? '' })),
  }
  return { row: recordRow(draft), content, present: content, open: [], trace: traceOf(checklist), position: HERE, versions: [{ hash: '7c1e09a4', at_text: `${TODAY} 06:30`, text: '现场签字' }], integrity_note: '本机保存的原文与签字时的哈希一致', unlock_text: '未设口令' }
}

function past(id: string, operator: Operator, day: string, more: Partial<RecordRow>): RecordRow {
  return {
    id, record_no: `LT-${day.split('-').join('')}-0A07`, operator_name: operator.name, kind: operator.kind, state: 'approved', state_text: '已通过',
    mark_text: '', day_text: day, time_text: '07:12', conclusion: 'mostly_conforming', grade: 'B', open: [], unsent: false, photos: { received: 6, total: 6 }, mine: true, ...more,
  }
}

/** Three past visits of an operator. */
export function pastRecords(operator: Operator): RecordRow[] {
  return [
    past('r1', operator, '2026-09-24', { conclusion: 'nonconforming', grade: null }),
    past('r3', operator, '2026-04-14', {}),
    past('r4', operator, '2025-10-11', { mine: false }),
  ]
}

/** So many more of them. */
export function olderRecords(operator: Operator, count: number): RecordRow[] {
  return Array.from({ length: count }, (_, at) => past(`older${at}`, operator, '2025-04-11', { record_no: `LT-20250411-${at}` }))
}

/** The record that came back, in a list. */
export function returnedRow(operators: Operator[]): RecordRow[] {
  const operator = operators.find((each) => each.id === 'o1')
  return operator ? [past('r2', operator, '2026-10-13', { state: 'returned', state_text: '退回', conclusion: 'nonconforming', open: OPEN })] : []
}

/** A past record with every answer. */
export function pastRecord(id: string, operators: Operator[], checklist: Checklist, people: PersonView[]): RecordView {
  const operator = operators[0]!
  const row = [...pastRecords(operator), ...returnedRow(operators)].find((each) => each.id === id)
  if (!row) throw { code: 'not_found' }
  const trace = traceOf(checklist)
  const content: RecordContent = {
    record_no: row.record_no, checklist: { id: checklist.id }, conclusion: row.conclusion, conclusion_reason: '', graded: null, score: null, party_opinion: '没有意见',
    answers: trace.map((bar) => ({ item: bar.item, answer: (bar.answer ?? 'pass') as 'pass', note: '', readings: [] })) as unknown as RecordContent['answers'],
    findings: trace.filter((bar) => bar.answer === 'fail').map((bar) => ({ id: bar.item, item: bar.item, problem: '冰箱内生熟未分层，无盖', measure: 'deadline', deadline: '2026-10-21', no_photo_reason: '' })),
    photos: [1, 2, 3].map((n) => ({ id: `past${n}`, damaged: n === 3, purpose: { kind: 'storefront' } })),
    inspectors: people.slice(0, 2).map((person) => ({ person: person.id, name: person.name, card_no: person.card_no ?? '' })),
  }
  const mine = row.mine ? content : null
  return { row, content: mine, present: mine, open: row.open, trace, position: HERE, versions: [{ hash: '7c1e09a4', at_text: `${row.day_text} 07:29`, text: '现场签字' }], integrity_note: '本机保存的原文与签字时的哈希一致', unlock_text: '未设口令' }
}

/** The amendment of the record that came back. */
export function amendmentOf(row: RecordRow, checklist: Checklist, people: PersonView[]): AmendmentView {
  return {
    id: 'a1', inspection: row.id, record_no: row.record_no, operator_name: row.operator_name, checklist_id: checklist.id, reason: '', photos: [], inspectors: people.slice(0, 2),
    signatures: [], party_needed: false, signatures_voided: false, blockers: [{ code: 'reason_missing', item: null, missing: null, sentence: '还没有写补正原因' }] as unknown as AmendmentView['blockers'],
    items: row.open.map((open, at) => ({
      item: open.item, reason: open.reason, old_answer: at ? 'fail' : 'pass', new_answer: at ? 'fail' : 'pass',
      finding: at ? { id: 'f', item: open.item, problem: '冰箱内生熟未分层，无盖', measure: 'deadline', deadline: '2026-10-21', no_photo_reason: '' } : null,
    })),
  }
}
