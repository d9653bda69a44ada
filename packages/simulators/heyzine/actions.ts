import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { ControlAction } from '../frame/simulator.ts'
import { sendDueLeads } from './leads.ts'
import { newBookshelf } from './seed.ts'
import { type Account, evictBeyondPlan, type HeyzineContext, listFlipbooks, planRank, PLANS, removeFlipbook } from './state.ts'

const Owner = z.object({ clientId: z.string().optional() })
const LeadInput = Owner.extend({
  flipbookId: z.string().optional(),
  answer: z
    .array(z.object({ label: z.string(), value: z.string() }))
    .min(1)
    .optional(),
  name: z.string().default('Ann Lee'),
  email: z.string().default('ann@example.com'),
})

/** What a person does in Heyzine's web app. `clientId` chooses the account; without it, the first one. */
export function heyzineActions(context: HeyzineContext): Record<string, ControlAction> {
  const { state } = context

  function accountOf(clientId: string | undefined): Account {
    const account = state.accounts.find((account) => clientId === undefined || account.clientId === clientId)
    if (!account) throw new Error(`No account has the client id ${clientId}.`)
    return account
  }
  function flipbookOf(account: Account, id: string | undefined) {
    const flipbooks = listFlipbooks(state, account.clientId)
    const flipbook = id === undefined ? flipbooks[0] : flipbooks.find((flipbook) => flipbook.id === id)
    if (!flipbook) throw new Error('No such flipbook in this account.')
    return flipbook
  }
  const action = <Schema extends z.ZodType>(title: string, schema: Schema, run: (input: z.output<Schema>) => unknown): ControlAction => ({
    title,
    run: (input) => {
      const parsed = schema.safeParse(input)
      if (!parsed.success) throw new Error(z.prettifyError(parsed.error))
      return run(parsed.data)
    },
  })

  return {
    'set-plan': action('Change the plan', Owner.extend({ plan: z.enum(PLANS) }), ({ clientId, plan }) => {
      const account = accountOf(clientId)
      account.plan = plan
      evictBeyondPlan(state, account.clientId)
      return { clientId: account.clientId, plan }
    }),
    'enable-replace': action(
      'Enable flipbook-replace (Heyzine support does this on paid plans)',
      Owner.extend({ isEnabled: z.boolean().default(true) }),
      ({ clientId, isEnabled }) => {
        const account = accountOf(clientId)
        if (isEnabled && account.plan === 'free') throw new Error('Support enables flipbook-replace on paid plans only.')
        account.hasReplace = isEnabled
        return { clientId: account.clientId, isEnabled }
      },
    ),
    'set-white-label': action('Set the white-label host (empty: none)', Owner.extend({ host: z.string() }), ({ clientId, host }) => {
      accountOf(clientId).whiteLabelHost = host || null
      return { host: host || null }
    }),
    'set-leads-url': action(
      'Set the leads webhook (empty address: none). Professional plan or above',
      Owner.extend({ url: z.union([z.url(), z.literal('')]), everyMinutes: z.number().nonnegative().default(0) }),
      ({ clientId, url, everyMinutes }) => {
        const account = accountOf(clientId)
        if (planRank(account.plan) < planRank('professional')) throw new Error('The leads webhook needs the Professional plan.')
        account.leadsHook = url === '' ? null : { id: `wh_${randomBytes(4).toString('hex')}`, url, everyMinutes, sentAt: null }
        return account.leadsHook
      },
    ),
    'submit-lead': action('Fill in a lead form as a reader', LeadInput, async ({ clientId, flipbookId, answer, name, email }) => {
      const account = accountOf(clientId)
      if (planRank(account.plan) < planRank('professional')) throw new Error('Lead forms need the Professional plan.')
      const flipbook = flipbookOf(account, flipbookId)
      state.leads.push({
        clientId: account.clientId,
        date: new Date(context.clock.now()).toISOString(),
        flipbookId: flipbook.id,
        answer: answer ?? [
          { label: 'Name', value: name },
          { label: 'Email', value: email },
        ],
        isSent: false,
      })
      state.leads = state.leads.slice(-500)
      await sendDueLeads(context)
      return { flipbookId: flipbook.id, delivery: state.leadDeliveries.at(-1) ?? null }
    }),
    'resend-leads': action('Deliver the last leads batch once more (a duplicate)', Owner, async ({ clientId }) => {
      const account = accountOf(clientId)
      const last = state.leadDeliveries.findLast((delivery) => delivery.clientId === account.clientId)
      if (!last) throw new Error('No leads batch was delivered yet.')
      last.nextAt = context.clock.now()
      await sendDueLeads(context)
      return last
    }),
    'evict-flipbook': action(
      'Remove a flipbook as the Free plan does (without an id: the oldest)',
      Owner.extend({ id: z.string().optional() }),
      ({ clientId, id }) => {
        const account = accountOf(clientId)
        const flipbook = flipbookOf(account, id ?? listFlipbooks(state, account.clientId).at(-1)?.id)
        removeFlipbook(state, flipbook.id)
        return { id: flipbook.id }
      },
    ),
    'create-bookshelf': action(
      'Create a bookshelf (Premium)',
      Owner.extend({ title: z.string().min(1), flipbookIds: z.array(z.string()).default([]) }),
      ({ clientId, title, flipbookIds }) => {
        const account = accountOf(clientId)
        if (account.plan !== 'premium') throw new Error('Bookshelves need the Premium plan.')
        const shelf = newBookshelf(
          account.clientId,
          title,
          context.clock.now(),
          flipbookIds.map((id) => flipbookOf(account, id).id),
        )
        state.bookshelves.push(shelf)
        return shelf
      },
    ),
    'reset-key': action('Reset the API key (disconnects every app)', Owner, ({ clientId }) => {
      const account = accountOf(clientId)
      account.apiKey = `${randomBytes(20).toString('hex')}.${account.clientId}`
      return { apiKey: account.apiKey }
    }),
    'edit-flipbook': action(
      'Edit a flipbook in the web app',
      Owner.extend({
        id: z.string().optional(),
        title: z.string().optional(),
        subtitle: z.string().optional(),
        description: z.string().optional(),
        tags: z.string().optional(),
      }),
      ({ clientId, id, ...texts }) => {
        const flipbook = flipbookOf(accountOf(clientId), id)
        for (const name of ['title', 'subtitle', 'description', 'tags'] as const) flipbook.texts[name] = texts[name] ?? flipbook.texts[name]
        return { id: flipbook.id, ...flipbook.texts }
      },
    ),
  }
}
