import type { AlertChannelView, AlertRuleView } from '@couplet/api'

export const CHANNEL_WORDS: Record<AlertChannelView['kind'], { title: string; hint: string }> = {
  email: { title: 'E-mail', hint: 'To one or more addresses' },
  slack: { title: 'Slack', hint: 'An incoming webhook of a channel' },
  teams: { title: 'Microsoft Teams', hint: 'A workflow webhook of a channel' },
  webhook: { title: 'Webhook', hint: 'JSON to an address of your own, signed' },
}

type Setting = { name: string; label: string; usual: number; min: number; max: number; step?: number }

/** What each rule watches, and its numbers. */
export const WATCH_WORDS: Record<
  AlertRuleView['watch'],
  { title: string; hint: string; settings: readonly Setting[]; sentence: (number: (name: string) => number) => string }
> = {
  connection: {
    title: 'A connection loses access',
    hint: 'At once, when a token is refused or a permission is missing',
    settings: [],
    sentence: () => 'A connection loses access',
  },
  failures: {
    title: 'Something goes on failing',
    hint: 'The same failure again and again, or for a while',
    settings: [
      { name: 'runsMin', label: 'Runs with the same cause', usual: 3, min: 1, max: 10_000 },
      { name: 'minutes', label: 'or lasting for minutes', usual: 30, min: 1, max: 1_440 },
    ],
    sentence: (number) => `The same failure ${number('runsMin')} times, or for ${number('minutes')} min`,
  },
  'failure-rate': {
    title: 'Many runs of a flow fail',
    hint: 'Whatever the causes',
    settings: [
      { name: 'percent', label: 'Failed runs, per cent', usual: 20, min: 1, max: 100 },
      { name: 'minutes', label: 'within minutes', usual: 60, min: 5, max: 1_440 },
      { name: 'runsMin', label: 'of at least so many runs', usual: 10, min: 1, max: 100_000 },
    ],
    sentence: (number) =>
      `${number('percent')} % of the runs of a flow fail within ${number('minutes')} min, of at least ${number('runsMin')}`,
  },
  'vendor-down': {
    title: 'A vendor is down',
    hint: 'Runs wait and go on by themselves; nothing is lost',
    settings: [{ name: 'minutes', label: 'For minutes', usual: 10, min: 0, max: 1_440 }],
    sentence: (number) => `A vendor is down for ${number('minutes')} min`,
  },
  quota: {
    title: 'A quota is nearly used up',
    hint: 'Hourly and daily budgets of a vendor',
    settings: [{ name: 'percent', label: 'Used, per cent', usual: 80, min: 10, max: 100 }],
    sentence: (number) => `${number('percent')} % of a quota is used`,
  },
  silence: {
    title: 'A flow falls silent',
    hint: 'It should have run by its own habit, and did not',
    settings: [{ name: 'patience', label: 'Times its longest usual pause', usual: 1.5, min: 1, max: 10, step: 0.5 }],
    sentence: (number) => `A flow is silent for ${number('patience')} times its longest usual pause`,
  },
}
