/** The engine that draws the pages: what a report from a strange phone has to name first. */
export function engineText(agent: string): string {
  const chrome = /Chrome\/(\d+)/.exec(agent)
  if (chrome) return `WebView ${chrome[1]}`
  const webkit = /AppleWebKit\/(\d+)/.exec(agent)
  return webkit ? `WebKit ${webkit[1]}` : '不明'
}
