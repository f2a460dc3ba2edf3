import { expect, test } from 'vitest'
import { blank, fieldText, isFilled, listOf, valueText } from './fields.ts'

const markets = [{ id: 'm1', name: '柳汀大集' }]

test('every field and value reads as words, never as a code or an id', () => {
  const card = { kind: 'stall_card', number: 'TD1', holder: '谷小满', valid_from: null, valid_to: '2027-05-01', scope: '' }
  const rows: [string, unknown, string][] = [
    ['phone', '139', '139'], ['phone', '', '（空）'], ['slot', null, '（空）'], ['status', 'suspended', '停业'], ['varieties', ['煎饼', '豆浆'], '煎饼、豆浆'], ['varieties', [], '（空）'],
    ['slot', { market: 'm1', slot: '东排 1 号' }, '柳汀大集 东排 1 号'], ['licence.stall_card', card, 'TD1，谷小满，有效期至 2027-05-01'],
    ['licence.health_certificate', { ...card, number: '', holder: '', valid_to: null }, '没有号码，未载明期限'],
  ]
  for (const [field, value, text] of rows) expect(valueText(field, value, markets)).toBe(text)
  expect([fieldText('owner'), fieldText('licence.food_permit')]).toEqual(['经营者', '食品经营许可证'])
})

test('a value of one\'s own begins in the shape of its field', () => {
  expect(blank('phone', '139')).toBe('')
  expect(blank('slot', { market: 'm1', slot: 'x' })).toEqual({ market: 'm1', slot: '' })
  expect(blank('licence.stall_card', null)).toEqual({ kind: 'stall_card', number: '', holder: '', valid_from: null, valid_to: null, scope: '' })
  expect([isFilled('phone', '  '), isFilled('slot', { market: '' }), isFilled('varieties', ['a']), isFilled('phone', '1')]).toEqual([false, false, true, true])
  expect(listOf('煎饼、 豆浆,,油条')).toEqual(['煎饼', '豆浆', '油条'])
})
