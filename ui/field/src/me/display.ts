/** Light or dark and the size of letters: this phone's own, kept beside the page, never in a record. */

export const THEMES = [
  { key: 'light', label: '日间' },
  { key: 'dark', label: '夜间' },
] as const
export const SCALES = [
  { key: '100', label: '标准' },
  { key: '115', label: '大' },
  { key: '130', label: '特大' },
] as const

/** What is chosen now. */
export function display(): { theme: string; scale: string } {
  return {
    theme: localStorage.getItem('display.theme') ?? 'light',
    scale: localStorage.getItem('display.scale') ?? '100',
  }
}

/** Puts the choice on the page. */
export function applyDisplay(): void {
  const { theme, scale } = display()
  document.documentElement.dataset['theme'] = theme
  document.documentElement.dataset['scale'] = scale
}

/** Chooses. */
export function setDisplay(key: 'theme' | 'scale', value: string): void {
  localStorage.setItem(`display.${key}`, value)
  applyDisplay()
}
