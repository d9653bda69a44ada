import type { MailMessage } from '@couplet/connector-sdk'
import type { AlertWords } from '../message.ts'

/** The alert as an e-mail: plain text, links on lines of their own. */
export const eMailOf = (words: AlertWords, recipients: readonly string[]): MailMessage => ({
  to: recipients,
  subject: `[Couplet] ${words.title}`,
  text: [
    words.what,
    ...(words.todo === '' ? [] : [words.todo]),
    ...(words.fix ? [`${words.fix.label}: ${words.fix.link}`] : []),
    ...(words.affected.length > 0 ? [words.affected.join('\n')] : []),
    `Since ${words.since}. Details: ${words.link}`,
  ].join('\n\n'),
})
