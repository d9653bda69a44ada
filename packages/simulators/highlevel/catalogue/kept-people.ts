import { isJsonObject } from '@couplet/core'
import { nowIso } from '../context.ts'
import { refuse } from '../errors.ts'
import { shortId } from '../ids.ts'
import { rowBy } from '../lookup.ts'
import type { Call } from '../operation.ts'
import type { Location, User } from '../state.ts'
import { emit } from '../webhooks/emit.ts'
import { answerOfRecord } from './answer.ts'
import { asRecord, type Kept } from './kept-row.ts'

const textOf = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : otherwise)
const idsOf = (value: unknown): string[] | undefined => (Array.isArray(value) ? value.map(String) : undefined)

/** The person of the path, if their agency is that of the token. */
function userAt({ context, token, params }: Call): User {
  const id = params['userId'] ?? ''
  const user = rowBy(context.state.users, 'id', id)
  if (!user || user.deleted || user.companyId !== token.companyId) throw refuse(400, `User with id ${id} not found`)
  return user
}

function writeUser(user: User, body: Readonly<Record<string, unknown>>): void {
  user.firstName = textOf(body['firstName'], user.firstName)
  user.lastName = textOf(body['lastName'], user.lastName)
  user.name = `${user.firstName} ${user.lastName}`.trim()
  user.email = textOf(body['email'], user.email)
  user.phone = textOf(body['phone'], user.phone)
  user.locationIds = idsOf(body['locationIds']) ?? user.locationIds
  if (body['role'] === 'admin' || body['role'] === 'user') user.role = body['role']
  if (body['type'] === 'agency' || body['type'] === 'account') user.type = body['type']
}

const shownUser = ({ id, name, firstName, lastName, email, phone, role, type, locationIds }: User) => ({
  id,
  name,
  firstName,
  lastName,
  email,
  phone,
  extension: '',
  roles: { type, role, locationIds },
})

/** The sub-account of the path. One of another agency is as unknown as one that does not exist. */
function locationAt({ context, token, params }: Call): Location {
  const location = rowBy(context.state.locations, 'id', params['locationId'] ?? '')
  if (!location || location.companyId !== token.companyId) throw refuse(400, 'Location not found')
  return location
}

const LOCATION_TEXTS = ['name', 'phone', 'address', 'city', 'state', 'country', 'postalCode', 'website', 'timezone'] as const

function writeLocation(location: Location, body: Readonly<Record<string, unknown>>): void {
  for (const name of LOCATION_TEXTS) location[name] = textOf(body[name], location[name])
  const prospect = isJsonObject(body['prospectInfo']) ? body['prospectInfo'] : {}
  location.email = textOf(prospect['email'], location.email)
}

/** People and sub-accounts: the same rows that searches and choice lists show. */
export const keptPeople: Readonly<Record<string, Kept>> = {
  'users.create-user': ({ served, call, asked }) => {
    const { token, context } = call
    const blank = { phone: '', role: 'user', type: 'account', deleted: false, locationIds: [] } as const
    const user: User = {
      ...blank,
      id: shortId(),
      companyId: token.companyId,
      name: '',
      firstName: '',
      lastName: '',
      email: '',
      locationIds: [],
    }
    writeUser(user, asked.body)
    context.state.users.push(user)
    for (const locationId of user.locationIds)
      emit(context, 'UserCreate', locationId, { ...shownUser(user), type: 'UserCreate', locationId })
    return answerOfRecord(served, asRecord(shownUser(user), token.locationId))
  },
  'users.get-user': ({ served, call }) => answerOfRecord(served, asRecord(shownUser(userAt(call)), call.token.locationId)),
  'users.update-user': ({ served, call, asked }) => {
    const user = userAt(call)
    writeUser(user, asked.body)
    return answerOfRecord(served, asRecord(shownUser(user), call.token.locationId))
  },
  'users.delete-user': ({ call }) => {
    const user = userAt(call)
    user.deleted = true
    return { succeded: true, message: `Queued deleting user with e-mail ${user.email} and name ${user.name}.` }
  },
  'users.filter-users-by-email': ({ call, asked }) => {
    const wanted = textOf(asked.body['emails']).toLowerCase().split(',')
    const users = call.context.state.users.filter(
      (user) => !user.deleted && user.companyId === call.token.companyId && wanted.includes(user.email.toLowerCase()),
    )
    return { users: users.map(shownUser), count: users.length }
  },
  'locations.create-location': ({ served, call, asked }) => {
    const { context, token } = call
    const texts = Object.fromEntries(LOCATION_TEXTS.map((name) => [name, ''])) as Record<(typeof LOCATION_TEXTS)[number], string>
    const location: Location = { ...texts, id: shortId(), companyId: token.companyId, email: '', isActive: true }
    writeLocation(location, asked.body)
    context.state.locations.push(location)
    emit(context, 'LocationCreate', location.id, { ...location, type: 'LocationCreate', dateAdded: nowIso(context) })
    return answerOfRecord(served, asRecord({ ...location }, location.id))
  },
  'locations.put-location': ({ served, call, asked }) => {
    const location = locationAt(call)
    writeLocation(location, asked.body)
    emit(call.context, 'LocationUpdate', location.id, { ...location, type: 'LocationUpdate' })
    return answerOfRecord(served, asRecord({ ...location }, location.id))
  },
  'locations.delete-location': ({ call }) => {
    const location = locationAt(call)
    call.context.state.locations = call.context.state.locations.filter((row) => row !== location)
    return { success: true, message: `Deleted location with id: ${location.id}` }
  },
}
