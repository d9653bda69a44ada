import { defineConnector } from '@couplet/connector-sdk'
import { z } from 'zod'
import { readFault } from './fault.ts'

const HOOK_TOPIC = 'webhook'

export const builtin = defineConnector({
  id: 'builtin',
  title: 'Couplet',
  summary:
    'What Couplet does itself: start by webhook, clock or hand, call any address, shape data, keep tables, publish reports, ask people.',
  // Operations of this connector give whole addresses; this one is never called.
  origin: 'https://couplet.invalid',
  isBuiltIn: true,
  connection: z.object({}),
  secrets: z.object({}),
  credentials: { kind: 'none' },
  test: () => Promise.resolve({ ok: ['Nothing to connect.'], warnings: [] }),
  scopes: {},
  limits: {},
  fault: readFault,
  webhooks: {
    // Unless its person asks for a secret, the unguessable address is the proof.
    signatures: [{ kind: 'none' }],
    takesOwnProof: true,
    topic: () => HOOK_TOPIC,
    overloadStatus: 503,
    setUp:
      'Copy this address into the program that should start the flow, and have it POST JSON. Whoever knows the address can start the flow: treat it as a password, or ask for a secret as well (in the builder, under what starts the flow).',
  },
})
