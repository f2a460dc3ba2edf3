/** What the device core answers. Times are milliseconds UTC; days are `2026-10-21`. */
import type { TracedItem } from '@xunji/shared/trace/trace.ts'
import type { Checklist } from './checklist.ts'

export type { Checklist, Item, ReadingField, Section } from './checklist.ts'

export type Answer = 'pass' | 'fail' | 'not_applicable' | 'unchecked'
export type Severity = 'critical' | 'major' | 'minor'
export type Conclusion = 'conforming' | 'mostly_conforming' | 'nonconforming' | 'not_inspected'
export type Measure = 'on_site' | 'deadline' | 'stop' | 'case_lead' | 'hand_over'
export type OperatorKind = 'stall' | 'small_restaurant' | 'workshop'
export type AnsweredBy = 'card' | 'dock' | 'section'
/** The two faces of the checklist. */
export type AnswerWay = 'cards' | 'dock'
export type Hand = 'right' | 'left'

/** Somebody of the station. */
export interface PersonView {
  id: string
  name: string
  role: string
  role_text: string
  card_no: string | null
  card_valid_to: string | null
  may_sign: boolean
}

/** Received of total; received means a receipt. */
export interface Count {
  received: number
  total: number
}

/** What is still on this phone alone. */
export interface SyncSummary {
  records: Count
  photos: Count
  waiting_for: string
}

export interface Today {
  date: string
  lunar: string
  weekday: string
  text: string
}

export interface Status {
  enrolled: boolean
  demo: boolean
  bureau: string | null
  station: { id: string; name: string; code: string } | null
  server_url: string
  app_version: string
  page: string | null
  today: Today
  inspectors: PersonView[]
  proposed: PersonView[]
  unsent: SyncSummary
  answer_way: AnswerWay
  hand: Hand
  /** The file of records was damaged and moved aside; nothing is written until a new one is begun. */
  local_lost: boolean
  /** The day a new file was made of what still read of a damaged one. */
  rescued: string | null
}

/** How far the sending is where a newer program wrote the data: the parameters of `store_newer`. */
export interface HandedIn {
  found: number
  received: number
  /** Nothing more can be sent by this program. */
  done: boolean
  /** Why the last attempt did not go through; empty where it did. */
  problem: string
}

/** A phone whose key is gone: its data are there and do not open. */
export interface Keyless {
  sentence: string
  /** What the administrator asks for; `null` where the phone never reached its server. */
  phone: string | null
}

export interface DraftRow {
  id: string
  operator_name: string
  kind: OperatorKind
  answered: number
  total: number
  started_text: string
  /** When the last answer was committed; empty before the first. */
  saved_text: string
  page: string | null
  /** When the server got the last copy; empty while it has none. */
  copied_text: string
  /** Too large to be copied. */
  too_large: boolean
  /** Who goes on with it on another phone, and since when; empty when nobody does. */
  taken_text: string
}

/** A draft of another phone. */
export interface OfferedDraft {
  inspection: string
  log: string
  operator_name: string
  kind: OperatorKind
  record_no: string
  author_name: string
  /** One of today's people stands on it. */
  own: boolean
  answered: number
  total: number
  photos: number
  started_text: string
  copied_text: string
}

export interface RecordRow {
  id: string
  record_no: string
  operator_name: string
  kind: OperatorKind
  state: string
  state_text: string
  mark_text: string
  day_text: string
  time_text: string
  conclusion: Conclusion | null
  grade: string | null
  open: { item: string; reason: string }[]
  unsent: boolean
  photos: Count
  mine: boolean
}

/** How a note is shown: shape and word say the same as the colour. */
export type Tone = 'pass' | 'fail' | 'warn' | 'brand' | 'plain'

/** What is worth knowing about an operator before going there. */
export interface Standing {
  tone: Tone
  text: string
}

/** A market day that comes; `days` from today. */
export interface MarketDay {
  market: string
  name: string
  date: string
  lunar: string
  days: number
}

/** 出发前检查: what this phone can say about itself. */
export interface Readiness {
  lines: { key: string; tone: Tone; text: string; detail: string }[]
  doubts: number
}

export interface TodayView {
  markets_today: { id: string; name: string; text: string }[]
  market_days: MarketDay[]
  to_visit: { rows: OperatorRow[]; total: number; visited: number }
  /** 待归位: photos that nobody has placed yet. */
  tray: number
  drafts: DraftRow[]
  /** Drafts of today's people that are on another phone. */
  offered: number
  /** The first of them; all are in 检查. */
  returned: RecordRow[]
  returned_total: number
  visited_today: RecordRow[]
  visited_total: number
  sync: SyncSummary
}

export interface OperatorRow {
  id: string
  name: string
  kind: OperatorKind
  owner: string
  place: string
  licence_state: string
  last: { day_text: string; conclusion: Conclusion | null; grade: string | null } | null
  standing: Standing
  /** The characters of the name that were searched for: where they begin and how many. */
  hit: [number, number] | null
  pending: boolean
}

export interface Licence {
  kind: string
  number: string
  holder: string
  valid_from: string | null
  valid_to: string | null
  scope: string
}

export interface Operator {
  id: string
  kind: OperatorKind
  name: string
  owner: string
  phone: string
  address: string
  slot: { market: string; slot: string } | null
  varieties: string[]
  status: string
  licences: Licence[]
}

export interface OperatorView {
  operator: Operator
  last: RecordRow[]
  last_visit: VisitView | null
  checklist: { name: string; items: number; critical: number } | null
  standing: Standing
  last_failed: { item: string; problem: string; measure: Measure | null; deadline: string | null }[]
  conflicts: { field: string; text: string }[]
  licences: { licence: Licence; kind_text: string; state_text: string; days_left: number | null }[]
  pending: boolean
  editable: boolean
}

/** The last visit with its 检纹. */
export interface VisitView {
  id: string
  day_text: string
  score_permille: number | null
  conclusion: Conclusion
  grade: string | null
  inspectors: string[]
  trace: TracedItem[]
}

export interface Market {
  id: string
  name: string
  text: string
}

export interface Reading {
  key: string
  value: string
}

export interface AnswerRow {
  item: string
  answer: Answer
  note: string
  readings: Reading[]
  /** Milliseconds the item was on the screen before this answer. */
  shown_ms: number
  answered_by: AnsweredBy
}

/** What stands at an item before its answer. */
export interface Early {
  note: string
  readings: Reading[]
}

/** What a visit is held to and reminded of. */
export interface VisitRules {
  last_failed: { item: string; problem: string; measure: Measure | null; deadline: string | null }[]
  next_market: { day: string; name: string } | null
  /** 按部分确认; `null` while the bureau has not switched it on. */
  confirm: { alone: Record<string, string>; reading_ms: Record<string, number> } | null
}

export interface Finding {
  id: string
  item: string
  problem: string
  measure: Measure | null
  deadline: string | null
  no_photo_reason: string
}

export type PhotoPurpose = { kind: 'items'; items: string[] } | { kind: 'storefront' } | { kind: 'licence' }

export interface PhotoView {
  id: string
  state: 'expected' | 'sealed' | 'failed' | 'cancelled'
  sha256: string | null
  damaged: boolean
  problem: string
  purpose: PhotoPurpose
  at_text: string
}

export interface Score {
  permille: number | null
  earned: number
  possible: number
  total: number
  passed: number
  failed: number
  not_applicable: number
  unchecked: number
  unanswered: number
  failed_critical: number
  failed_major: number
  failed_minor: number
  explain: string[]
}

/** The score of one severity. */
export interface ScoreLine {
  severity: Severity
  weight: number
  checked: number
  passed: number
  earned: number
  possible: number
}

export interface Concluded {
  conclusion: Conclusion
  explain: string[]
}

export interface Graded {
  letter: 'a' | 'b' | 'c' | null
  explain: string[]
}

export interface Blocker {
  code: string
  item: string | null
  /** What a failed item lacks: `problem`, `measure`, `deadline`, `photo`. */
  missing: string | null
  sentence: string
}

export interface LicenceRow {
  kind: string
  kind_text: string
  known: Licence | null
  check: (Licence & { same_as_last: boolean; check_digit_mismatch: boolean }) | null
  text: string
}

export interface SignatureView {
  signer: string
  at_text: string
  /** Pen lines, `[x0, y0, dx, dy, …]` in thousandths of the pad's width. */
  strokes: number[][]
}

export interface DraftView {
  id: string
  record_no: string
  operator: Operator
  checklist_id: string
  answers: Record<string, AnswerRow>
  findings: Record<string, Finding>
  early: Record<string, Early>
  photos: PhotoView[]
  licences: LicenceRow[]
  inspectors: PersonView[]
  notice_given: boolean
  not_inspected: string | null
  score: Score
  score_table: ScoreLine[]
  concluded: Concluded
  conclusion: Conclusion | null
  conclusion_reason: string
  graded: Graded
  party_opinion: string
  party: PartyView | null
  blockers: Blocker[]
  signatures: SignatureView[]
  signatures_voided: boolean
  document: string | null
  signed_change: string | null
  started_text: string
  progress: { answered: number; total: number }
  position: PositionView
}

/** The place of a visit: whether there is one, and what is said of it. */
export interface PositionView {
  state: 'fix' | 'asking' | 'nothing' | 'off'
  text: string
  /** What is to be said beside it: made up, old. */
  marks: string[]
}

/** How the inspected party stands on the record so far. */
export interface PartyView {
  kind: 'signed' | 'refused' | 'absent'
  text: string
}

export interface DraftDelta {
  answer: AnswerRow | null
  finding: Finding | null
  early: Early | null
  progress: { answered: number; total: number }
  score: Score
  blockers_count: number
  /** What answered items still lack. */
  gaps: Blocker[]
  signatures_voided: boolean
}

export interface NumberAnswer {
  result: 'ok' | 'format_error' | 'check_digit_mismatch' | 'no_rule'
  normalised: string
  sentence: string
  expected?: string
  read?: string
  position?: number
}

export interface AmendmentItem {
  item: string
  reason: string
  old_answer: Answer
  new_answer: Answer
  finding: Finding | null
}

export interface AmendmentView {
  id: string
  inspection: string
  record_no: string
  operator_name: string
  checklist_id: string
  reason: string
  items: AmendmentItem[]
  photos: PhotoView[]
  inspectors: PersonView[]
  signatures: SignatureView[]
  party_needed: boolean
  blockers: Blocker[]
  signatures_voided: boolean
}

export interface RecordView {
  row: RecordRow
  content: RecordContent | null
  /** The content with this phone's amendments applied. */
  present: RecordContent | null
  open: { item: string; reason: string }[]
  trace: TracedItem[]
  /** Where the visit began; `null` where the body is not on this phone. */
  position: PositionView | null
  versions: { hash: string; at_text: string; text: string }[]
  /** Why it is empty, when it was erased by a rule. */
  erased_text?: string | null
  integrity_note: string
  unlock_text: string
}

/** The parts of a signed record that its page shows. */
export interface RecordContent {
  record_no: string
  checklist: { id: string }
  answers: AnswerRow[]
  findings: Finding[]
  photos: { id: string; damaged: boolean; purpose: PhotoPurpose }[]
  inspectors: { person: string; name: string; card_no: string }[]
  score: Score | null
  conclusion: Conclusion | null
  conclusion_reason: string
  graded: Graded | null
  party_opinion: string
}

/** What waits for a person, and the page where it is done. */
export interface PersonTask {
  about: string
  sentence: string
  page: 'record' | 'operator' | 'draft' | 'ready' | 'me'
  id: string | null
}

export interface SyncState {
  records: Count
  /** Own writes to the register of operators. */
  register: Count
  thumbnails: Count
  copies: Count
  originals: Count
  photos: Count
  waiting_for: string
  phase: string
  last_contact_text: string
  /** How far the server's last verified backup reaches. */
  backup_text: string
  /** What this phone still keeps, and when it leaves. */
  kept: { originals_text: string; leaves_text: string; waived: boolean }
  /** Bytes of originals that the server does not hold yet. */
  originals_left: number
  /** The file the server holds a part of. */
  under_way: { lane: string; percent: number } | null
  branch: boolean
  /** What happened to the phone's logs or to the server's store, for people. */
  notes: string[]
  quarantined: { kind: string; records: string[]; verdict: string; sentence: string; by_itself: boolean }[]
  /** What only a person can solve. */
  tasks: PersonTask[]
  error: { code: string; sentence: string } | null
}

/** One choice of how much a bundle takes along. */
export interface BundleLevel {
  along: 'records' | 'thumbnails' | 'copies' | 'all'
  /** Pictures that it adds to the choice before it. */
  files: number
  /** Bytes of all that goes along with it. */
  bytes: number
}

/** A bundle that was written. */
export interface BundleFiles {
  folder_text: string
  how_text: string
  names: string[]
  bytes: number
  left_out: string[]
  sentence: string
  at_text: string
}

/** What a bundle would hold now, and what becomes of one that is being written. */
export interface BundleState {
  /** Where the files will lie; `null` where this phone has no folder for them. */
  folder_text: string | null
  levels: BundleLevel[]
  /** Photos whose thumbnail and working copy are made only then. */
  unmade: number
  /** How far one is that is being written. */
  percent: number | null
  /** The last one since the start of the program. */
  last: BundleFiles | null
}

/** What a file of receipts proved. */
export interface ReceiptsTaken {
  sentence: string
}

export type { Checklist as ChecklistView }
