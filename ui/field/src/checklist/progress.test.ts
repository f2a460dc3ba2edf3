import { expect, test } from 'vitest'
import { checklists } from '../backend/memory/checklists.ts'
import type { AnswerRow, Checklist } from '../backend/types.ts'
import { itemAfter, nextUnanswered, sealLines, sectionProgress } from './progress.ts'
import { togglePhrase } from './phrases.ts'

const restaurant = checklists['small_restaurant'] as Checklist
const row = (item: string, answer: AnswerRow['answer']): AnswerRow => ({ item, answer, note: '', readings: [], shown_ms: 4000, answered_by: 'card' })

test('the checklists are read whole', () => {
  expect(Object.values(checklists).map((list) => list.items.length).sort()).toEqual([35, 41, 45])
})

test('the next open item is looked for from here on, then from the top', () => {
  const answers = Object.fromEntries(restaurant.items.slice(1).map((item) => [item.code, row(item.code, 'pass')]))
  expect(nextUnanswered(restaurant, answers, 'CY4.1')?.code).toBe('CY1.1')
  answers['CY1.1'] = row('CY1.1', 'pass')
  expect(nextUnanswered(restaurant, answers, 'CY4.1')).toBeNull()
  expect(nextUnanswered(restaurant, {}, null)?.code).toBe('CY1.1')
  expect(itemAfter(restaurant, 'CY1.1')?.code).toBe('CY1.2')
})

test('a seal counts its own section', () => {
  const [first, second] = sectionProgress(restaurant, { 'CY1.1': row('CY1.1', 'fail'), 'CY1.2': row('CY1.2', 'pass') })
  expect(first).toMatchObject({ label: '亮证经营', answered: 2, failed: 1, done: false })
  expect(second).toMatchObject({ answered: 0, failed: 0 })
})

test('every section of every checklist fits a seal of two by two', () => {
  for (const list of Object.values(checklists)) {
    for (const section of list.sections) expect(sealLines(section.label).map((line) => line.length)).toEqual([2, 2])
  }
  expect(sealLines('厨房（场所）清洁')).toEqual(['厨房', '清洁'])
})

test('a phrase goes in once and comes out again, what was typed stays', () => {
  expect(togglePhrase('', '未挂证')).toBe('未挂证')
  expect(togglePhrase('看到两处', '未挂证')).toBe('看到两处；未挂证')
  expect(togglePhrase('看到两处；未挂证', '未挂证')).toBe('看到两处')
})
