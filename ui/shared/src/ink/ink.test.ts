import { expect, test } from 'vitest'
import { strokePaths } from './ink.ts'

test('points are deltas after the first, the box holds them all', () => {
  const drawn = strokePaths([[120, 400, 30, -60, 25, 70], [300, 380]])
  expect(drawn?.paths).toEqual(['M120 400L150 340L175 410', 'M300 380L300 380'])
  expect(drawn?.box).toBe('108 328 204 94')
})

test('nothing written is not drawn', () => {
  expect(strokePaths([])).toBeNull()
  expect(strokePaths([[]])).toBeNull()
})
