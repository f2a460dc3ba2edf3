import { expect, test } from 'vitest'
import { wayOf } from './tasks.ts'

test('every task leads to the page where it is done', () => {
  const of = (page: Parameters<typeof wayOf>[0]['page'], id: string | null) => wayOf({ about: '', sentence: '', page, id }).to
  expect([of('record', 'r'), of('operator', 'o'), of('draft', 'd'), of('ready', null), of('me', null)]).toEqual(['/records/r', '/operators/o', '/inspections/d/checklist', '/ready', '/me'])
})
