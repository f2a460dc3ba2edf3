import { expect, test } from 'vitest'
import { encodeStrokes, looksSigned } from './strokes.ts'

test('lines are delta-coded in thousandths of the width', () => {
  const line = [{ x: 40, y: 20 }, { x: 44, y: 20 }, { x: 44, y: 20 }, { x: 40, y: 28 }]
  expect(encodeStrokes([line], 400)).toEqual([[100, 50, 10, 0, -10, 20]])
})

test('a touch is not a signature', () => {
  expect(looksSigned([[{ x: 1, y: 1 }]])).toBe(false)
  expect(looksSigned([[{ x: 0, y: 0 }, { x: 50, y: 0 }, { x: 50, y: 50 }]])).toBe(true)
})
