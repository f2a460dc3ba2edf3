import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { asCoded, errorSentences, sentenceOf } from './errors'

const crates = join(__dirname, '../../../crates')

/** Every Rust source below a folder. */
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return entry.name.endsWith('.rs') ? [readFileSync(path, 'utf8')] : []
  })
}

/** `SegmentGap` as it stands in a problem document. */
function snake(variant: string): string {
  return variant.replace(/(?!^)([A-Z])/g, '_$1').toLowerCase()
}

test('every problem code of the server has a sentence', () => {
  const source = readFileSync(join(crates, 'protocol/src/problem.rs'), 'utf8')
  const all = /pub const ALL[^=]*= &\[([^\]]*)\]/.exec(source)?.[1] ?? ''
  const codes = [...all.matchAll(/Self::(\w+)/g)].map((match) => snake(match[1] as string))
  expect(codes.length).toBeGreaterThan(15)
  expect(codes.filter((code) => !errorSentences[code])).toEqual([])
})

test('every error of the device core brings its own Chinese sentence', () => {
  const made = sources(join(crates, 'device/src')).flatMap((text) => [
    ...text.matchAll(/(?:ApiError|Self)::new\(\s*"([a-z_]+)",\s*(?:format!\(\s*)?(?:"([^"]*)")?/g),
  ])
  const codes = made.map((match) => match[1])
  expect(codes).toContain('disk_full')
  // A sentence that is handed in from elsewhere was made there, from a rule's own words.
  const spoken = made.filter((match) => match[2] !== undefined)
  expect(spoken.length).toBeGreaterThan(10)
  for (const [, code, sentence] of spoken) expect(sentence, code).toMatch(/[\u4e00-\u9fff].*[，；。]/)
})

test('a sentence says what is safe and ends without a full stop', () => {
  for (const [code, sentence] of Object.entries(errorSentences)) {
    expect(sentence, code).toMatch(/[，；]/)
    expect(sentence, code).not.toMatch(/[。！!]$/)
  }
})

test('the sender\'s own sentence wins, an unknown thing still says something', () => {
  expect(sentenceOf({ code: 'stale', sentence: '满了' })).toBe('满了')
  expect(sentenceOf({ code: 'stale' })).toBe(errorSentences['stale'])
  expect(sentenceOf(new Error('boom'))).toBe(errorSentences['no_answer'])
  expect(asCoded('x').code).toBe('no_answer')
})
