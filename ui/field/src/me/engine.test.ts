import { expect, test } from 'vitest'
import { engineText } from './engine.ts'

test('the engine of a phone, of an iPhone and of something else', () => {
  expect(engineText('Mozilla/5.0 (Linux; Android 10; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/87.0.4280.141 Mobile Safari/537.36')).toBe('WebView 87')
  expect(engineText('Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148')).toBe('WebKit 605')
  expect(engineText('')).toBe('不明')
})
