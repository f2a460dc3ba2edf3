/** What the server's console interface answers. Codes are for ever; unknown fields are ignored. */
import type { Signal, TraceBar } from '@xunji/shared/generated/domain.ts'

export * from './figures.ts'
export type { Signal, SignalCode, Spread, Tone, TraceBar } from '@xunji/shared/generated/domain.ts'

export interface Place {
  id: string
  name: string
}

/** Who is signed in, and what the head of every page says. */
export interface Me {
  name: string
  role: string
  station: Place | null
  stations: Place[]
  bureau: string
  demo: boolean
  today: string
  today_text: string
  /** Markets of this person's station that are held today. */
  markets: string[]
}

export interface FailedCounts {
  critical: number
  major: number
  minor: number
}

export interface PhotoCounts {
  thumbnails: number
  copies: number
  originals: number
  total: number
}

/** 检查 as every list shows it. */
export interface RecordRow {
  id: string
  record_no: string
  operator: string
  operator_name: string
  /** Stall number or place; null for shops. */
  place: string | null
  kind: string
  station_name: string
  market: Place | null
  day: string
  started_text: string
  ended_text: string
  /** Whole minutes, and the seconds they come from. */
  minutes: number
  seconds: number
  conclusion: string
  grade: string | null
  score_permille: number | null
  failed: FailedCounts
  inspectors: string[]
  state: string
  state_text: string
  version: string
  /** 检纹; empty where nothing was checked. */
  trace: TraceBar[]
}

/** 先细看 (has points), 一般 (no points, something to read), 符合 (nothing at all). */
export type QueueGroup = 'look_first' | 'ordinary' | 'plain'

/** A picture of the row's panel. */
export interface RowPhoto {
  sha256: string
  thumbnail: string | null
  origin: string
}

/** One record of 待审. */
export interface QueueRow extends RecordRow {
  group: QueueGroup
  /** Sum of the points of its 疑点: the list is sorted by it. */
  points: number
  /** 疑点, the heaviest first. */
  flags: Signal[]
  photos: PhotoCounts
  pictures: RowPhoto[]
  approvable: boolean
  why_not: string | null
  late: boolean
}

/** One of the drawn records. `opened` is said of the reader, at the version that stands. */
export interface Drawn {
  id: string
  record_no: string
  operator_name: string
  opened: boolean
}

/** 批量通过: the 符合 records without 疑点, and those of them drawn for a look. */
export interface Batch {
  /** Names list and draw; sent back with the approval. */
  id: string
  records: string[]
  sample: Drawn[]
  ready: boolean
  /** What is still missing, as a sentence. */
  why_not: string | null
}

export interface Queue {
  rows: QueueRow[]
  /** Null where there is nothing to approve together, and for whoever does not review. */
  batch: Batch | null
}

export interface ClockReading {
  wall: number
  zone: number
}

export interface Licence {
  kind: string
  number: string
  holder: string
  valid_from: string | null
  valid_to: string | null
  scope: string
}

export interface LicenceCheck extends Licence {
  same_as_last: boolean
  check_digit_mismatch: boolean
}

export interface Operator {
  id: string
  kind: string
  name: string
  owner: string
  phone: string
  address: string
  slot: { market: string; slot: string } | null
  varieties: string[]
  status: string
  licences: Licence[]
}

export interface AnswerRow {
  item: string
  answer: string
  note: string
  readings: { key: string; value: string }[]
}

export interface Finding {
  item: string
  problem: string
  measure: string | null
  deadline: string | null
  no_photo_reason: string
}

export interface Inspector {
  person: string
  name: string
  card_no: string
}

export interface Signature {
  strokes: number[][]
  at: ClockReading
}

export type Party =
  | { kind: 'signed'; name: string; relation: string; signature: Signature }
  | {
      kind: 'refused'
      reason: string
      witness: { name: string; unit: string; signature: Signature | null } | null
      recording: { number: string } | null
    }
  | { kind: 'absent' }

export interface Content {
  record_no: string
  operator: Operator
  zone: number
  started_at: ClockReading
  ended_at: ClockReading | null
  not_inspected: string | null
  answers: AnswerRow[]
  findings: Finding[]
  licences: LicenceCheck[]
  inspectors: Inspector[]
  score: { earned: number; possible: number; explain: string[] } | null
  concluded: { explain: string[] } | null
  conclusion_reason: string
  graded: { letter: string | null; explain: string[] } | null
  party_opinion: string
}

export interface Summary {
  id: string
  record_no: string
  operator: string
  operator_name: string
  operator_kind: string
  day: string
  started_at: number
  ended_at: number
  conclusion: string
  graded: { letter: string | null }
  score_permille: number | null
  answers: [string, string][]
  failed: { item: string; problem: string }[]
  inspectors: [string, string][]
  state: string
  version: string
  open: { item: string; reason: string }[]
  reviewer_name: string | null
  amendments: number
}

export interface ChecklistItem {
  code: string
  section: string
  text: string
  severity: string
  readings: { key: string; label: string; unit: string }[]
  basis_text: string
}

export interface Checklist {
  id: string
  version: number
  name: string
  sections: { key: string; label: string }[]
  items: ChecklistItem[]
}

export type Purpose = { kind: 'items'; items: string[] } | { kind: 'storefront' } | { kind: 'licence' }

/** A photo the record names; a file's hash is null until it has arrived. */
export interface Photo {
  id: string
  sha256: string
  purpose: Purpose
  thumbnail: string | null
  copy: string | null
  original: string | null
  origin: string
  damaged: boolean
  at: number
}

export interface ItemChange {
  item: string
  old_answer: string
  new_answer: string
  old_finding: Finding | null
  new_finding: Finding | null
  added_photos: string[]
}

export interface Amendment {
  version: string
  amendment: { reason: string; items: ItemChange[]; inspectors: Inspector[]; signatures: Signature[]; at: ClockReading }
}

export interface Review {
  at_text: string
  review: {
    id: string
    seen: string
    reviewer_name: string
    at: number
    decision: string
    items?: { item: string; reason: string }[]
    originals_missing?: string[]
  }
}

/** Who gave a field a value, and when by both clocks. */
export interface FieldWriter {
  change: string
  name: string | null
  /** 新登记, 修改登记, 检查时核对, 裁定. */
  how: string
  /** Short code of the phone; null for what was decided here. */
  phone: string | null
  record: { id: string; record_no: string } | null
  captured_text: string
  stored_text: string
}

/** One of the values that met. */
export interface FieldValue {
  value: unknown
  /** It is shown until somebody decides. */
  now: boolean
  /** It stood before any of the others. */
  before: boolean
  /** Oldest first; empty for what stood in the register from the start. */
  writers: FieldWriter[]
}

/** All open conflicts of one field of an operator. */
export interface ConflictCase {
  id: string
  conflicts: string[]
  operator: string
  operator_name: string
  operator_kind: string
  station_name: string
  field: string
  now: unknown
  values: FieldValue[]
  at_text: string
}

export interface ConflictList {
  rows: ConflictCase[]
  may_resolve: boolean
}

/** A decision between values that met. */
export interface DecidedField {
  id: string
  field: string
  standing: unknown
  written: unknown
  value: unknown
  reason: string
  by_name: string
  at_text: string
}

/** A change that a phone handed in and the register could not take. */
export interface HeldRow {
  hash: string
  verdict: 'held' | 'quarantined'
  kind_text: string
  /** Whom or what it is about. */
  about: string
  /** The entry and the record, when the server has them. */
  operator: string | null
  record: string | null
  phone: string | null
  station_name: string
  author: string | null
  captured_text: string
  stored_text: string
  /** What became of it, and what it is about it exactly. */
  sentence: string
  reason: string
  /** What a held change waits for. */
  waits: string | null
  may_retry: boolean
  may_accept: boolean
  closed: { reason: string; by_name: string; at_text: string } | null
}

export interface HeldList {
  rows: HeldRow[]
  /** How many wait, closed ones left out. */
  waiting: number
  may_settle: boolean
}

export type Badge = 'complete' | 'missing' | 'mismatch' | 'erased'

export interface Integrity {
  badge: Badge
  label: string
  sentence: string
}

/** The visit before the one that is shown. Another station's is shown as answers, without a link. */
export interface Previous {
  id: string | null
  record_no: string
  day: string
  conclusion: string
  inspectors: string[]
  answers: [string, string][]
  failed: { item: string; problem: string; measure: string | null; deadline: string | null }[]
  trace: TraceBar[]
}

/** Another signed version of the same visit: a person decides between them. */
export interface OtherVersion {
  version: string
  received_text: string
  ended_text: string | null
  signed: { content: Content; inspector_signatures: Signature[]; party: Party }
  photos: Photo[]
}

/** Everything the record's page shows. */
export interface RecordPage {
  summary: Summary
  state_text: string
  started_text: string
  ended_text: string
  received_text: string
  version_no: number
  /** Where the visit began, and what is to be said beside it: made up, old. */
  position_text: string
  position_marks: string[]
  content: Content
  signed: { inspector_signatures: Signature[]; party: Party } | null
  checklist: Checklist | null
  amendments: Amendment[]
  others: OtherVersion[]
  /** The visit went on on another phone before it was signed. */
  taken_over: { by_name: string; from_name: string; at_text: string; photos_left: number }[]
  reviews: Review[]
  conflicts: ConflictCase[]
  flags: Signal[]
  photos: Photo[]
  /** Points of all 疑点 together. */
  points: number
  trace: TraceBar[]
  /** The visit before this one; null for a first visit. */
  previous: Previous | null
  integrity: Integrity
  approvable: boolean
  why_not: string | null
  may_review: boolean
}

export interface ReportVersion {
  id: string
  version: number
  number: string | null
  created_text: string
  sha256: string
  pages: number
  late: number
  data_hash: string
  /** Erased by a rule with the last of its records. */
  erased?: boolean
}

export interface ReportDay {
  station: Place
  day: string
  day_text: string
  versions: ReportVersion[]
  records: number
  approved: number
  pending: number
  returned: number
  late_since: number
  /** What would be left if the server's disk were lost; `alarm` asks for somebody to act. */
  backup: { text: string; alarm: boolean }
  /** The server's data went back to an earlier state and nobody had said so. */
  put_back?: string | null
}

export interface LastVisit {
  id: string
  day: string
  conclusion: string
  grade: string | null
}

/** One line of 台账. */
export interface RegisterRow {
  operator: Operator
  station_name: string
  market_name: string | null
  /** Days until the first of its certificates ends, negative when over; null where none says so. */
  licence_days: number | null
  last: LastVisit | null
}

export interface LicenceState extends Licence {
  /** Days left on today's date, negative when over; null where the certificate names no last day. */
  days_left: number | null
  state: 'valid' | 'expiring' | 'expired' | 'no_term'
  /** 有效, 剩 18 天, 过期 3 天, 未载明期限. */
  state_text: string
}

/** An item that failed at a visit; text and severity are null for one of an edition that this server does not hold. */
export interface PastProblem {
  record: string
  day: string
  item: string
  problem: string
  text: string | null
  severity: string | null
}

/** One operator's page. */
export interface OperatorPage {
  operator: Operator
  station_name: string
  market_name: string | null
  grid_name: string | null
  licences: LicenceState[]
  /** Newest first. */
  visits: RecordRow[]
  /** What failed at those visits, newest first. */
  problems: PastProblem[]
  conflicts: ConflictCase[]
  /** Newest first. */
  decided: DecidedField[]
}

/** Choices of the lists' filters. */
export interface Filters {
  markets: Place[]
  inspectors: Place[]
}

/** What the head's search box finds, a few of each. */
export interface Found {
  operators: { id: string; name: string; kind: string; place: string | null }[]
  records: { id: string; record_no: string; operator_name: string; day: string; state_text: string }[]
  inspectors: { id: string; name: string; station_name: string | null; records: number }[]
}

/** Reasons for 退回 on the keys 1–5. */
export interface ReturnReason {
  /** `1` to `5`. */
  key: string
  code: string
  text: string
}

/** What became of one volume of a 离线包. */
export interface CarriedVolume {
  file: string
  /** `whole`, `damaged`, `cut`, `waits`, `refused` or `not_taken`. */
  state: string
  sentence: string
  bundle: { volumes: number; sentence: string } | null
  /** The text of the file of receipts for the phone. */
  receipts: string | null
}
