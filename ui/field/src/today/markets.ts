import type { Market } from '../backend/types.ts'

/** The markets of a day, what is news first: one that is held every day stands behind those that are not. */
export function newsFirst(markets: Market[]): Market[] {
  const daily = ({ text }: Market): boolean => text.startsWith('每日') || text.startsWith('每天')
  return [...markets.filter((each) => !daily(each)), ...markets.filter(daily)]
}
