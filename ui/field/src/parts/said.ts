/** What did not happen, said once at the foot of the page until it is read. */
import { ref } from 'vue'
import { sentenceOf } from '@xunji/shared/errors.ts'

/** The sentence on the screen; empty when there is none. */
export const said = ref('')

/** Shows the sentence of an error. */
export function say(error: unknown): void {
  said.value = sentenceOf(error)
}

/** Takes the sentence away. */
export function hush(): void {
  said.value = ''
}

/** A reading that nobody asked for: its failure is said, its success takes no sentence away that is still being read. */
export async function orSayOnly<T>(act: Promise<T>): Promise<T | null> {
  try {
    return await act
  } catch (error) {
    say(error)
    return null
  }
}

/** Runs a commit; on failure says why and answers `null`, so that the old state stays. */
export async function orSay<T>(act: Promise<T>): Promise<T | null> {
  try {
    const answer = await act
    hush()
    return answer
  } catch (error) {
    say(error)
    return null
  }
}
