import { z } from 'zod'

const Text = z.string().nullish()

export const AddressLines = z.union([
  z.string().min(1),
  z.object({ line1: z.string().min(1), line2: Text, city: Text, postcode: z.string().min(1), country: Text }),
])

const ContactBody = z.object({
  fullName: z.string().min(1),
  email: z.email().nullish(),
  phoneNumber: Text,
  description: Text,
  isPrimaryContact: z.boolean().nullish(),
})
const AccessContactBody = z.object({ fullName: Text, email: Text, phoneNumber: Text, description: Text })
const AddressBody = z.object({
  address: AddressLines,
  isBillingAddress: z.boolean().nullish(),
  accessContacts: z.array(AccessContactBody).nullish(),
})
const Values = z.record(z.string(), z.unknown()).nullish()

/** Create or update a customer (contract 3.1): contacts are the one required member. */
export const CustomerBody = z.object({
  name: Text,
  contacts: z.array(ContactBody).min(1),
  addresses: z.array(AddressBody).nullish(),
  customFields: Values,
})
/** Update a customer (3.2): customFields is what the reference lists; the others are ASSUMED. */
export const CustomerUpdate = CustomerBody.partial()

/** 1 to 30 characters each (CONFIRMED); the rest of the vendor's pattern is unknown and not checked. */
export const TagNames = z.object({ tagNames: z.array(z.string().min(1).max(30)) })

const Reference = z.union([z.object({ title: z.string() }), z.object({ id: z.string() })]).nullish()

/** Create a project (3.5): everything optional or null. */
export const ProjectBody = z
  .object({
    reference: Text,
    siteAddress: AddressLines.nullish(),
    tags: z.array(z.string().min(1).max(30)).nullish(),
    pipeline: Reference,
    pipelineStage: Reference,
    assignTo: z.object({ email: z.string() }).nullish(),
    notes: z.array(z.string()).nullish(),
    customFields: Values,
  })
  .refine((body) => !body.pipelineStage || body.pipeline, 'pipelineStage needs pipeline')

/** Update a project (3.6): the body is unknown; ASSUMED to take what creation takes. */
export const ProjectUpdate = z.object(ProjectBody.shape)

const Identifier = z.string().min(1).max(255).nullish()
const Label = z.string().min(1).max(1_023)
const SimpleField = z.object({
  type: z.enum(['textarea', 'text', 'email', 'url', 'boolean', 'number']),
  identifier: Identifier,
  label: Label,
})
const SelectField = z.object({
  type: z.literal('select'),
  identifier: Identifier,
  label: Label,
  options: z.array(z.string().min(1).max(255)).min(1).max(20),
})
/** The third variant is known by name only; its members are ASSUMED. */
const FieldsetField = z.object({ type: z.literal('fieldset'), identifier: Identifier, label: Label })

const Leaf = z.discriminatedUnion('type', [SimpleField, SelectField])
const AnyField = z.discriminatedUnion('type', [SimpleField, SelectField, FieldsetField])
export type NewField = z.output<typeof AnyField>

/** Definitions for a role: 1 to 50 (CONFIRMED). */
export const FieldsBody = z.object({ customFields: z.array(AnyField).min(1).max(50) })
/** Definitions in a fieldset: 1 to 20 (CONFIRMED). */
export const FieldsetBody = z.object({ customFields: z.array(Leaf).min(1).max(20) })
