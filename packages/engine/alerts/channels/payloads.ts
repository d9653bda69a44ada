import type { AlertChannelKind } from '@couplet/store'
import type { AlertWords } from '../message.ts'

/** The body a webhook of this kind understands. */
export function payloadOf(kind: Exclude<AlertChannelKind, 'email'>, words: AlertWords): object {
  switch (kind) {
    case 'slack':
      return slack(words)
    case 'teams':
      return teams(words)
    case 'webhook':
      return { source: 'couplet', version: 1, ...words, fix: words.fix ?? null }
    default:
      return kind satisfies never
  }
}

/** Slack reads <, > and & as markup. */
const plain = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** An incoming webhook of Slack: `text` is what a notification shows. */
const slack = (words: AlertWords): object => ({
  text: plain(words.title),
  blocks: [
    section(`*${plain(words.title)}*\n${plain(words.what)}`),
    ...(words.todo === '' ? [] : [section(plain(words.todo))]),
    ...(words.affected.length > 0 ? [section(plain(words.affected.join('\n')))] : []),
    section(
      [words.fix ? `<${words.fix.link}|${plain(words.fix.label)}>` : undefined, `<${words.link}|Open in Couplet>`]
        .filter(Boolean)
        .join('  ·  '),
    ),
  ],
})
const section = (text: string): object => ({ type: 'section', text: { type: 'mrkdwn', text } })

/** A workflow webhook of Teams takes an adaptive card. */
const teams = (words: AlertWords): object => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: {
        type: 'AdaptiveCard',
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        version: '1.4',
        body: [
          { type: 'TextBlock', text: words.title, weight: 'Bolder', wrap: true },
          ...[words.what, words.todo, ...words.affected]
            .filter((text) => text !== '')
            .map((text) => ({ type: 'TextBlock', text, wrap: true })),
        ],
        actions: [
          ...(words.fix ? [{ type: 'Action.OpenUrl', title: words.fix.label, url: words.fix.link }] : []),
          { type: 'Action.OpenUrl', title: 'Open in Couplet', url: words.link },
        ],
      },
    },
  ],
})
