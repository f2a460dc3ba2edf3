import { expect, test } from 'vitest'
import { checklists } from '../backend/memory/checklists.ts'
import { newDraft, tap } from '../backend/memory/drafts.ts'
import { firstOperators, people } from '../backend/memory/county.ts'
import { visitRules } from '../backend/memory/sections.ts'
import type { Answer, Checklist, Operator } from '../backend/types.ts'
import { confirmText, numbersText, sectionKey } from './confirm.ts'
import { mainKey, missingText } from './mainKey.ts'
import { otherPhotos } from './progress.ts'
import { stepped } from './readings.ts'

const restaurant = checklists['small_restaurant'] as Checklist
const begun = () => newDraft('d1', firstOperators()[0] as Operator, restaurant, people.slice(0, 2))
const answer = (draft: ReturnType<typeof begun>, item: string, chosen: Answer) =>
  tap(restaurant, draft, { cmd: 'answer', inspection: 'd1', item, answer: chosen, shown_ms: 5000, answered_by: 'card' })

test('the main key counts what is open and leads on from where the inspector is', () => {
  const draft = begun()
  expect(mainKey(restaurant, draft, null)).toEqual({ kind: 'next', to: 'CY1.1', open: 41 })
  answer(draft, 'CY1.1', 'pass')
  expect(mainKey(restaurant, draft, 'CY3.7')).toEqual({ kind: 'next', to: 'CY4.1', open: 40 })
})

test('with every item answered the main key names what one lacks, then concludes', () => {
  const draft = begun()
  for (const item of restaurant.items) answer(draft, item.code, item.code === 'CY5.6' ? 'fail' : 'pass')
  expect(mainKey(restaurant, draft, null)).toEqual({ kind: 'mend', to: 'CY5.6', text: '5.6 还缺问题、照片' })
  tap(restaurant, draft, { cmd: 'finding', inspection: 'd1', item: 'CY5.6', problem: '已清洗餐具沾污', no_photo_reason: '光线太暗' })
  expect(missingText(draft, 'CY5.6')).toBe('')
  expect(mainKey(restaurant, draft, null)).toEqual({ kind: 'conclude' })
})

test('a place that could not be inspected leads to the conclusion at once', () => {
  const draft = begun()
  draft.not_inspected = '关门'
  expect(mainKey(restaurant, draft, null)).toEqual({ kind: 'conclude' })
})

test('the key of a section names its open items, never those that are answered alone', () => {
  const draft = begun()
  const rules = visitRules(restaurant, draft, true)
  const key = sectionKey(restaurant, rules, draft.answers, 'LICENCE', () => 60_000)
  expect(key).toEqual({ section: 'LICENCE', items: ['CY1.2', 'CY1.3', 'CY1.7'], unread: [], alone: ['CY1.1', 'CY1.4', 'CY1.5', 'CY1.6'] })
  expect(numbersText(key?.items ?? [])).toBe('1.2 1.3 1.7')
  expect(key && confirmText(key)).toBe('这 3 项都看过，符合')
  answer(draft, 'CY1.3', 'fail')
  expect(sectionKey(restaurant, rules, draft.answers, 'LICENCE', () => 0)).toMatchObject({ items: ['CY1.2', 'CY1.7'], unread: ['CY1.2', 'CY1.7'] })
})

test('without the bureau there is no such key', () => {
  const draft = begun()
  expect(sectionKey(restaurant, visitRules(restaurant, draft, false), draft.answers, 'LICENCE', () => 60_000)).toBeNull()
})

test('a stepper proposes no number, and counts do not fall below zero', () => {
  expect(stepped('', true, '℃')).toBe('0')
  expect(stepped('4', true, '℃')).toBe('5')
  expect(stepped('0', false, '℃')).toBe('-1')
  expect(stepped('0', false, '人')).toBe('0')
  expect(stepped('-12.5', false, '℃')).toBe('-13.5')
})

test('photos that show other items are offered, this item’s own alone are not', () => {
  const photo = (id: string, items: string[], state: 'sealed' | 'cancelled' = 'sealed') =>
    ({ id, state, sha256: 'a', damaged: false, problem: '', at_text: '', purpose: { kind: 'items' as const, items } })
  const photos = [photo('a', ['CY1.1']), photo('b', ['CY1.1', 'CY6.1']), photo('c', ['CY6.1']), photo('d', ['CY6.1'], 'cancelled')]
  expect(otherPhotos(photos, 'CY1.1').map((each) => each.id)).toEqual(['b', 'c'])
})
