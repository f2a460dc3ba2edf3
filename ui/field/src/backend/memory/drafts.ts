/** Inspections of the backend in memory: enough rules for the pages, none of the core's. For component tests only. */
import type { Command } from '../commands.ts'
import type { AnswerRow, Blocker, Checklist, DraftDelta, DraftView, Early, Finding, Operator, PersonView, Score } from '../types.ts'
import { HERE, TODAY } from './county.ts'

const WEIGHTS = { critical: 10, major: 5, minor: 2 }

function scoreOf(checklist: Checklist, draft: DraftView): Score {
  const score: Score = {
    permille: null, earned: 0, possible: 0, total: checklist.items.length, passed: 0, failed: 0, not_applicable: 0,
    unchecked: 0, unanswered: 0, failed_critical: 0, failed_major: 0, failed_minor: 0, explain: [],
  }
  for (const item of checklist.items) {
    const answer = draft.answers[item.code]?.answer
    const weight = WEIGHTS[item.severity]
    if (answer === 'pass') [score.passed, score.earned, score.possible] = [score.passed + 1, score.earned + weight, score.possible + weight]
    else if (answer === 'fail') [score.failed, score.possible] = [score.failed + 1, score.possible + weight]
    else if (answer === 'not_applicable') score.not_applicable += 1
    else score.unchecked += 1
  }
  if (score.possible) score.permille = Math.floor((1000 * score.earned) / score.possible)
  score.explain = [`${score.earned} ÷ ${score.possible}`]
  return score
}

/** What a failed item lacks, with its word. */
function gapsOf(draft: DraftView, code: string): [string, string][] {
  const finding = draft.findings[code]
  const pictured = draft.photos.some((photo) => photo.state === 'sealed' && photo.purpose.kind === 'items' && photo.purpose.items.includes(code))
  const gaps: [string, string][] = []
  if (!finding?.problem) gaps.push(['problem', '问题描述'])
  if (!finding?.measure) gaps.push(['measure', '处理措施'])
  else if (finding.measure === 'deadline' && !finding.deadline) gaps.push(['deadline', '改正期限'])
  if (!pictured && !finding?.no_photo_reason) gaps.push(['photo', '照片，或不拍照的原因'])
  return gaps
}

function blockersOf(checklist: Checklist, draft: DraftView): Blocker[] {
  const found: Blocker[] = []
  const add = (code: string, item: string | null, sentence: string, missing: string | null = null): number => found.push({ code, item, missing, sentence })
  if (!draft.notice_given) add('notice_missing', null, '还没有确认已出示执法证件并告知')
  for (const { code } of checklist.items) {
    const row = draft.answers[code]
    if (!row) add('unanswered', code, `${code} 还没有作答`)
    else if (row.answer === 'unchecked' && !row.note) add('unchecked_reason', code, `${code} 选了未检查，须填原因`)
    else if (row.answer === 'fail') gapsOf(draft, code).forEach(([missing, what]) => add('finding_incomplete', code, `${code} 不符合，还缺${what}`, missing))
  }
  const valid = draft.inspectors.filter((person) => person.may_sign).length
  if (valid < 2) add('too_few_inspectors', null, `现有证件有效的检查员 ${valid} 名；现场检查须有两名以上执法人员，不足两名不能签字`)
  if (!draft.party) add('party_missing', null, '经营者还没有签字；拒签的，请记录拒签')
  return found
}

/** Everything computed, anew. */
export function recompute(checklist: Checklist, draft: DraftView): DraftView {
  draft.score = scoreOf(checklist, draft)
  draft.score_table = (['critical', 'major', 'minor'] as const).map((severity) => {
    const of = (answer: string): number => checklist.items.filter((item) => item.severity === severity && draft.answers[item.code]?.answer === answer).length
    const [passed, failed, weight] = [of('pass'), of('fail'), WEIGHTS[severity]]
    return { severity, weight, checked: passed + failed, passed, earned: passed * weight, possible: (passed + failed) * weight }
  })
  draft.concluded = { conclusion: draft.score.failed ? 'nonconforming' : 'conforming', explain: [`不符合 ${draft.score.failed} 项`] }
  draft.graded = { letter: draft.score.unchecked ? null : 'b', explain: ['B 级从 75 分起'] }
  draft.blockers = blockersOf(checklist, draft)
  draft.progress = { answered: Object.keys(draft.answers).length, total: checklist.items.length }
  return draft
}

/** A new draft. */
export function newDraft(id: string, operator: Operator, checklist: Checklist, inspectors: PersonView[]): DraftView {
  const draft = {
    id, record_no: `LT-20261014-0A0${id.slice(1)}`, operator, checklist_id: checklist.id, answers: {}, findings: {}, early: {},
    photos: [], inspectors, notice_given: false, not_inspected: null, conclusion: null, conclusion_reason: '',
    party_opinion: '', party: null, signatures: [], signatures_voided: false, document: null, signed_change: null,
    started_text: '06:05', position: HERE,
    licences: operator.licences.map((known) => ({ kind: known.kind, kind_text: '小餐饮登记证', known, check: null, text: `到 ${known.valid_to}` })),
  } as unknown as DraftView
  return recompute(checklist, draft)
}

type Tap = Extract<Command, { cmd: 'answer' | 'note' | 'reading' | 'finding' }>

/** The row a tap writes: an answer's, or what stands there before one. */
function rowOf(draft: DraftView, command: Tap): AnswerRow | Early {
  const { item } = command
  const early = draft.early[item] ?? { note: '', readings: [] }
  if (command.cmd !== 'answer') return draft.answers[item] ?? (draft.early[item] = early)
  delete draft.early[item]
  const kept = draft.answers[item] ?? early
  return (draft.answers[item] = { ...kept, item, answer: command.answer, shown_ms: command.shown_ms, answered_by: command.answered_by })
}

/** One tap on a draft. */
export function tap(checklist: Checklist, draft: DraftView, command: Tap): DraftDelta {
  const { item } = command
  if (command.cmd === 'finding') {
    const { problem, measure, deadline, no_photo_reason } = command
    const finding = draft.findings[item]
    if (finding) Object.assign(finding, JSON.parse(JSON.stringify({ problem, measure, deadline, no_photo_reason })))
  } else {
    const row = rowOf(draft, command)
    if (command.cmd === 'note') row.note = command.text
    if (command.cmd === 'reading') row.readings = [...row.readings.filter((each) => each.key !== command.key), { key: command.key, value: command.value }]
    if (command.cmd === 'answer' && command.answer === 'fail') draft.findings[item] ??= proposed(checklist, item)
  }
  recompute(checklist, draft)
  const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
  const answer = draft.answers[item] ?? null
  return copy({
    answer, finding: answer?.answer === 'fail' ? (draft.findings[item] ?? null) : null, early: draft.early[item] ?? null, progress: draft.progress, score: draft.score,
    blockers_count: draft.blockers.length, gaps: draft.blockers.filter((each) => ['finding_incomplete', 'unchecked_reason'].includes(each.code)), signatures_voided: false,
  })
}

function proposed(checklist: Checklist, item: string): Finding {
  const heavy = checklist.items.find((each) => each.code === item)?.severity !== 'minor'
  return { id: `f-${item}`, item, problem: '', measure: heavy ? 'deadline' : 'on_site', deadline: heavy ? '2026-10-21' : null, no_photo_reason: '' }
}

export { TODAY }
