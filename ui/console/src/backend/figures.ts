/** Counts and shares of 统计, each with the list behind it. */
import type { Place } from './types.ts'

/** Opens exactly the rows behind a number: parameters of `records` or `operators`. */
export interface ListQuery {
  of: 'records' | 'operators'
  params: Record<string, string>
}

/** A count and its list. */
export interface Count {
  key: string
  label: string
  n: number
  list: ListQuery
}

/** A share; `permille` is null when the denominator is zero and is shown as —. */
export interface Rate {
  key: string
  label: string
  numerator: number
  denominator: number
  permille: number | null
  /** Counted in 户, 户次 or 项. */
  unit: string
  note: string
  list: ListQuery
  list_all: ListQuery
}

/** One week, Monday to Sunday. */
export interface WeekCounts {
  from: string
  to: string
  /** `10-12`. */
  label: string
  /** 符合, 基本符合, 不符合, 未能检查. */
  conclusions: Count[]
  /** 不符合率 of this week. */
  rate: Rate
  /** 不符合率 of four weeks ending with this one; null for the first three. */
  rolling: Rate | null
}

/** Failures of one section or one item over the times it was checked. */
export interface FailedShare extends Rate {
  /** 六项标准 of whom; null for sections, which all three share. */
  kind: string | null
  /** The section it stands in. */
  section: string
}

export interface StationFigures {
  /** Null on the line of all stations. */
  station: Place | null
  operators: Count
  visits: Count
  coverage: Rate
  nonconforming: Rate
}

export interface Statistics {
  from: string
  to: string
  /** Records of the days that are not voided; how many of them wait for a review. */
  visits: Count
  pending: Count
  not_inspected: Count
  rates: Rate[]
  weeks: WeekCounts[]
  conclusions: Count[]
  grades: Count[]
  sections: FailedShare[]
  items: FailedShare[]
  stations: StationFigures[]
}
