/** What the server's console interface answers. Codes are for ever; unknown fields are ignored. */

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
}

export type Tone = 'fail' | 'warn' | 'plain'

/** 疑点: a reminder with its arithmetic, never a conclusion. */
export interface Signal {
  code: string
  text: string
  tone: Tone
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

/** One record of the list. */
export interface QueueRow {
  id: string
  record_no: string
  operator_name: string
  place: string | null
  kind: string
  day: string
  started_text: string
  ended_text: string
  minutes: number
  conclusion: string
  grade: string | null
  score_permille: number | null
  failed: FailedCounts
  inspectors: string[]
  state: string
  state_text: string
  version: string
  flags: Signal[]
  photos: PhotoCounts
  approvable: boolean
  why_not: string | null
  late: boolean
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
  position: { lat_e7: number; lon_e7: number; accuracy_cm: number } | null
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

export interface ConflictRow {
  id: string
  operator_name: string
  field: string
  seen: unknown
  standing: unknown
  written: unknown
  author: string | null
  at_text: string
}

export type Badge = 'complete' | 'missing' | 'mismatch'

export interface Integrity {
  badge: Badge
  label: string
  sentence: string
}

/** Everything the record's page shows. */
export interface RecordPage {
  summary: Summary
  state_text: string
  started_text: string
  ended_text: string
  received_text: string
  version_no: number
  content: Content
  signed: { inspector_signatures: Signature[]; party: Party } | null
  checklist: Checklist | null
  amendments: Amendment[]
  reviews: Review[]
  conflicts: ConflictRow[]
  flags: Signal[]
  photos: Photo[]
  previous: { record_no: string; day: string; answers: [string, string][] } | null
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
}

export interface ReportDay {
  station: Place
  day: string
  day_text: string
  versions: ReportVersion[]
  records: number
  pending: number
  late_since: number
}

export interface RegisterRow {
  operator: Operator
  station_name: string
  market_name: string | null
  last: { id: string; day: string; conclusion: string } | null
}
