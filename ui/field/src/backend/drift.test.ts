import { expectTypeOf, test } from 'vitest'
import type * as made from '@xunji/shared/generated/device.ts'
import type * as ours from './types.ts'

/** Fields the face reads that the core does not send. */
type Missing<Ours, Made> = Exclude<keyof Ours, keyof Made>

// vue-tsc reads this file: a field that is renamed in the core does not compile here.
test('every field the face reads is sent by the core', () => {
  expectTypeOf<Missing<ours.Status, made.Status>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.TodayView, made.TodayView>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.DraftRow, made.DraftRowView>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.OfferedDraft, made.OfferedDraftView>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.RecordRow, made.RecordRow>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.RecordView, made.RecordView>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.OperatorRow, made.OperatorRow>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.OperatorView, made.OperatorView>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.DraftView, made.DraftView>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.DraftDelta, made.DraftDelta>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.PhotoView, made.PhotoView>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.LicenceRow, made.LicenceRow>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.AmendmentView, made.AmendmentView>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.AmendmentItem, made.AmendmentItem>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.SyncState, made.SyncView>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.BundleState, made.BundleState>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.BundleFiles, made.BundleFiles>>().toEqualTypeOf<never>()
  expectTypeOf<ours.BundleLevel>().toEqualTypeOf<made.BundleLevel>()
  expectTypeOf<Missing<ours.ReceiptsTaken, made.ReceiptsTaken>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.HandedIn, made.HandedIn>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.PersonView, made.PersonView>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.Item, made.ChecklistItem>>().toEqualTypeOf<never>()
  expectTypeOf<Missing<ours.Score, made.DraftView['score']>>().toEqualTypeOf<never>()
  expectTypeOf<ours.Answer>().toEqualTypeOf<made.AmendmentItem['new_answer']>()
  expectTypeOf<ours.Graded['letter']>().toEqualTypeOf<made.DraftView['graded']['letter']>()
  expectTypeOf<ours.PhotoView['state']>().toEqualTypeOf<made.PhotoView['state']>()
})
