import { expect, test } from 'vitest'
import { creditCodeParts, maskedId, maskedPhone, phoneText } from './masks'

test('a mask keeps the ends and the length', () => {
  expect(maskedPhone('13800000016')).toBe('138****0016')
  expect(maskedId('379921199001010016')).toBe('379921********0016')
  expect(maskedPhone('0536')).toBe('****')
  expect(maskedPhone('')).toBe('')
})

test('numbers are grouped as they are read aloud', () => {
  expect(phoneText('13800000016')).toBe('138 0000 0016')
  expect(phoneText('0536-8000')).toBe('0536-8000')
  expect(creditCodeParts('92379921MA3DEM0196')).toEqual(['92', '379921', 'MA3DEM019', '6'])
  expect(creditCodeParts('演示登〔2026〕1')).toEqual(['演示登〔2026〕1'])
})
