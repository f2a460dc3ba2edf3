/** Phrases inside a problem text. */

/** Adds a phrase with a semicolon, or takes it out together with the semicolon it brought. */
export function togglePhrase(problem: string, phrase: string): string {
  const parts = problem.split('；').filter((part) => part.trim() !== '')
  if (parts.includes(phrase)) return parts.filter((part) => part !== phrase).join('；')
  if (problem.includes(phrase)) return problem.replace(phrase, '').trim()
  return [...parts, phrase].join('；')
}
