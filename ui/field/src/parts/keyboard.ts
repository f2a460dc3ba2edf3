/** The keyboard of the phone never covers what is typed in. Newer WebViews shrink the page by themselves (see the viewport in
 * index.html); where one only shrinks what is seen, the page follows here. */

/** Less than this is a browser's bar that comes and goes, not a keyboard. */
const KEYBOARD_PX = 120

/** Keeps `--seen` at the height that is seen, and the field in view. */
export function followKeyboard(): void {
  const seen = window.visualViewport
  if (!seen) return
  seen.addEventListener('resize', () => {
    const covered = window.innerHeight - seen.height * seen.scale
    const root = document.documentElement.style
    if (covered > KEYBOARD_PX) root.setProperty('--seen', `${Math.round(seen.height)}px`)
    else root.removeProperty('--seen')
    keepInView()
  })
  // The field may be reached by 下一项 on the keyboard, without any change of size.
  document.addEventListener('focusin', () => setTimeout(keepInView, 50))
}

function keepInView(): void {
  const field = document.activeElement
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.scrollIntoView({ block: 'nearest' })
}
