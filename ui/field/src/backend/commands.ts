/** Every command the face sends, and what answers it. */
import type {
  AmendmentView, Answer, AnsweredBy, AnswerWay, BundleFiles, BundleLevel, BundleState, Hand, Checklist, Conclusion, DraftDelta, DraftView, Licence, Market, Measure,
  NumberAnswer, OfferedDraft, Operator, OperatorKind, OperatorRow, OperatorView, PersonView, PhotoPurpose, PhotoView, Readiness, RecordRow,
  ReceiptsTaken, RecordView, Status, SyncState, TodayView, VisitRules,
} from './types.ts'

/** Pen lines: delta-coded points `[x0, y0, dx, dy, …]` in thousandths of the pad's width. */
export type Strokes = number[][]

export type Command =
  | { cmd: 'status' }
  | { cmd: 'enrol'; server_url: string; code: string }
  | { cmd: 'roster' }
  | { cmd: 'set_inspectors'; ids: string[] }
  | { cmd: 'today' }
  | { cmd: 'readiness' }
  | { cmd: 'markets' }
  | { cmd: 'operators'; query: string; keypad?: boolean; market?: string; kind?: OperatorKind; limit: number; offset: number }
  | { cmd: 'operator'; id: string }
  | {
      cmd: 'register_operator'; kind: OperatorKind; name: string; owner: string; phone: string; address: string
      market: string | null; slot: string; varieties: string[]
    }
  | { cmd: 'edit_operator'; id: string; writes: { field: string; seen: unknown; new: unknown }[] }
  | { cmd: 'checklist'; id: string }
  | { cmd: 'start_inspection'; operator: string }
  | { cmd: 'draft'; id: string }
  | { cmd: 'offered_drafts' }
  | { cmd: 'take_over_draft'; inspection: string; log: string }
  | { cmd: 'answer'; inspection: string; item: string; answer: Answer; shown_ms: number; answered_by: AnsweredBy }
  | { cmd: 'visit_rules'; inspection: string }
  | { cmd: 'confirm_section'; inspection: string; section: string; items: { item: string; shown_ms: number }[] }
  | { cmd: 'take_back'; inspection: string; items: string[] }
  | { cmd: 'note'; inspection: string; item: string; text: string }
  | { cmd: 'reading'; inspection: string; item: string; key: string; value: string }
  | ({ cmd: 'finding'; inspection: string; item: string } & FindingWrite)
  | { cmd: 'notice'; inspection: string; given: boolean }
  | { cmd: 'not_inspected'; inspection: string; reason: string | null }
  | { cmd: 'conclusion'; inspection: string; conclusion: Conclusion | null; reason: string }
  | { cmd: 'party_opinion'; inspection: string; text: string }
  | { cmd: 'expect_photo'; inspection: string; purpose: PhotoPurpose }
  | { cmd: 'take_named'; photo: string; name: string; size: number }
  | { cmd: 'cancel_photo'; photo: string }
  | { cmd: 'restore_photo'; photo: string }
  | { cmd: 'assign_photo'; photo: string; purpose: PhotoPurpose; inspection?: string }
  | { cmd: 'tray' }
  | { cmd: 'check_number'; kind: string; number: string }
  | { cmd: 'licence_same'; inspection: string; kind: string }
  | { cmd: 'licence_typed'; inspection: string; licence: Licence }
  | { cmd: 'sign_inspector'; inspection: string; person: string; strokes: Strokes }
  | { cmd: 'sign_party'; inspection: string; name: string; relation: string; strokes: Strokes }
  | {
      cmd: 'refuse_party'; inspection: string; reason: string
      witness: { name: string; unit: string; phone: string } | null; recording: { number: string } | null
    }
  | { cmd: 'party_absent'; inspection: string }
  | { cmd: 'finish'; inspection: string }
  | { cmd: 'records'; filter: 'all' | 'unsent' | 'returned'; limit: number; offset: number }
  | { cmd: 'record'; id: string }
  | { cmd: 'start_amendment'; inspection: string }
  | ({ cmd: 'amend_item'; amendment: string; item: string; new_answer?: Answer } & FindingWrite)
  | { cmd: 'amend_reason'; amendment: string; reason: string }
  | { cmd: 'sign_amendment'; amendment: string; person: string; strokes: Strokes }
  | { cmd: 'finish_amendment'; amendment: string }
  | { cmd: 'sync_state' }
  | { cmd: 'sync_now'; originals_now?: boolean }
  | { cmd: 'came_back' }
  | { cmd: 'bundle_state' }
  | { cmd: 'write_bundle'; along: BundleLevel['along'] }
  | { cmd: 'take_receipts'; text: string }
  | { cmd: 'set_answer_way'; way: AnswerWay }
  | { cmd: 'set_hand'; hand: Hand }
  | { cmd: 'save_page'; route: string }
  | { cmd: 'begin_new_local' }
  | { cmd: 'enter_key'; code: string }

/** The parts of a finding that one commit may write. */
export interface FindingWrite {
  problem?: string
  measure?: Measure
  deadline?: string | null
  no_photo_reason?: string
}

/** Answers by command. */
export interface Answers {
  status: Status
  enrol: Status
  roster: PersonView[]
  set_inspectors: PersonView[]
  today: TodayView
  readiness: Readiness
  markets: Market[]
  operators: { total: number; next_keys: string; rows: OperatorRow[] }
  operator: OperatorView
  register_operator: Operator
  edit_operator: Operator
  checklist: Checklist
  start_inspection: DraftView
  draft: DraftView
  offered_drafts: { asked: boolean; drafts: OfferedDraft[] }
  take_over_draft: { id: string; record_no: string; photos_left: number }
  answer: DraftDelta
  visit_rules: VisitRules
  confirm_section: DraftView
  take_back: DraftView
  note: DraftDelta
  reading: DraftDelta
  finding: DraftDelta
  notice: DraftView
  not_inspected: DraftView
  conclusion: DraftView
  party_opinion: DraftView
  expect_photo: { photo: string; folder: string }
  take_over: PhotoView
  take_named: PhotoView
  cancel_photo: unknown
  restore_photo: PhotoView
  assign_photo: PhotoView
  tray: PhotoView[]
  check_number: NumberAnswer
  licence_same: DraftView
  licence_typed: DraftView
  sign_inspector: DraftView
  sign_party: DraftView
  refuse_party: DraftView
  party_absent: DraftView
  finish: { record_no: string; hash: string; unsent: unknown }
  records: { total: number; rows: RecordRow[] }
  record: RecordView
  start_amendment: AmendmentView
  amend_item: AmendmentView
  amend_reason: AmendmentView
  sign_amendment: AmendmentView
  finish_amendment: { hash: string }
  sync_state: SyncState
  sync_now: unknown
  came_back: unknown
  bundle_state: BundleState
  write_bundle: BundleFiles
  take_receipts: ReceiptsTaken
  set_answer_way: unknown
  set_hand: unknown
  save_page: unknown
  begin_new_local: Status
  enter_key: Status
}
