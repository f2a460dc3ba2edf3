/** How a stored grade is written. */

/** `A`, `B`, `C`, or 不评级 where the record has none. */
export function gradeText(letter: string | null | undefined): string {
  return letter ? letter.toUpperCase() : '不评级'
}
