/** The page is about to go: behind another app, or for good. A phone may end it then without another word. */

/** Calls back whenever that is so. Answers how to stop. */
export function onGoingAway(leave: () => void): () => void {
  const hidden = (): void => {
    if (document.visibilityState === 'hidden') leave()
  }
  document.addEventListener('visibilitychange', hidden)
  // An old WebView closes the page without saying that it hides.
  window.addEventListener('pagehide', leave)
  return () => {
    document.removeEventListener('visibilitychange', hidden)
    window.removeEventListener('pagehide', leave)
  }
}
