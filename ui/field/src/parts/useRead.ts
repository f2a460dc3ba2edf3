/** Reading for a page: what came, and why nothing came. A page that has something keeps it when a later reading fails. */
import { ref, type Ref } from 'vue'
import { sentenceOf } from '@xunji/shared/errors.ts'
import { say } from './said.ts'

/** What a page shows of its reading. */
export interface Reading<T> {
  value: Ref<T | null>
  /** The sentence when there is nothing to show. */
  problem: Ref<string>
  read: () => Promise<void>
}

/** Reads by `ask`; a slower answer to an older question never replaces a newer one. */
export function useRead<T>(ask: () => Promise<T>): Reading<T> {
  const value = ref<T | null>(null) as Ref<T | null>
  const problem = ref('')
  let asked = 0

  async function read(): Promise<void> {
    const mine = ++asked
    try {
      const answer = await ask()
      if (mine !== asked) return
      value.value = answer
      problem.value = ''
    } catch (error) {
      if (mine !== asked) return
      if (value.value === null) problem.value = sentenceOf(error)
      else say(error)
    }
  }
  return { value, problem, read }
}
