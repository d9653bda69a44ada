import type { AlertChannelView, AlertRuleView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Page, Section } from '../../shell/page.tsx'
import { alertChannelsQuery, alertRulesQuery } from '../../server/queries.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { ChannelLine } from './channel-line.tsx'
import { ChannelSheet } from './channel-sheet.tsx'
import { RuleLine } from './rule-line.tsx'
import { RuleSheet } from './rule-sheet.tsx'

/** Who is told when something needs a person: where to, and what about. */
export function AlertSettingsScreen() {
  const channels = useQuery(alertChannelsQuery)
  const rules = useQuery(alertRulesQuery)
  const [channel, setChannel] = useState<AlertChannelView | 'new' | undefined>()
  const [rule, setRule] = useState<AlertRuleView | 'new' | undefined>()
  const failed = [channels, rules].find(({ isError }) => isError)
  return (
    <Page
      title="Alerts"
      lead="When a live flow needs a person, Couplet tells these channels once, and once more when it is over."
      back={
        <Link to="/settings" className="text-dense text-accent-text hover:underline">
          Settings
        </Link>
      }
    >
      {failed && <ErrorState error={failed.error} onRetry={() => void Promise.all([channels.refetch(), rules.refetch()])} />}
      {channels.data && rules.data ? (
        <div className="max-w-4xl">
          <Section
            title="Channels"
            aside={
              <Button needs="alerts.write" icon={Plus} onClick={() => setChannel('new')}>
                Add a channel
              </Button>
            }
          >
            {channels.data.channels.length === 0 && (
              <Note tone="attention">
                Nobody is told outside of Couplet yet. Add an e-mail address, or a webhook of Slack, Teams or your own.
              </Note>
            )}
            <ul className="divide-y divide-line">
              {channels.data.channels.map((one) => (
                <ChannelLine key={one.id} channel={one} all={channels.data.channels} onEdit={() => setChannel(one)} />
              ))}
            </ul>
          </Section>
          <Section
            title="Rules"
            aside={
              <Button needs="alerts.write" icon={Plus} onClick={() => setRule('new')}>
                Add a rule
              </Button>
            }
          >
            <ul className="divide-y divide-line">
              {rules.data.map((one) => (
                <RuleLine key={one.id} rule={one} channels={channels.data.channels} onEdit={() => setRule(one)} />
              ))}
            </ul>
          </Section>
        </div>
      ) : (
        !failed && <SkeletonRows rows={6} label="Loading alert settings" />
      )}
      {channels.data && channel !== undefined && (
        <ChannelSheet
          key={channel === 'new' ? 'new' : channel.id}
          channel={channel === 'new' ? undefined : channel}
          all={channels.data.channels}
          mailFrom={channels.data.mailFrom}
          onClose={() => setChannel(undefined)}
        />
      )}
      {channels.data && rule !== undefined && (
        <RuleSheet
          key={rule === 'new' ? 'new' : rule.id}
          rule={rule === 'new' ? undefined : rule}
          channels={channels.data.channels}
          onClose={() => setRule(undefined)}
        />
      )}
    </Page>
  )
}
