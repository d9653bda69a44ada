export { addDays, BoundedMap, countDays, dayBounds, dayOf, daysBetween, dayStart, Fault, isZone, userFault } from '@couplet/core'
export type { Action } from './action.ts'
export type { Call } from './call.ts'
export { type Case, type CaseList, cases, type Given } from './cases.ts'
export {
  type Choice,
  type ChoiceList,
  type ConnectionTest,
  type ConnectorSpec,
  type Credentials,
  defineConnector,
  type Limit,
  type Signature,
  type VendorFault,
  type SharedAddress,
  type WebhookRules,
} from './connector.ts'
export { type CatalogueCounts, catalogueStats, type CatalogueStats } from './catalogue-stats.ts'
export { answerOf, answerSchema, handedOn } from './catalogue/answer.ts'
export type { CallFacts, CallParameter } from './catalogue/call-facts.ts'
export { decorated } from './catalogue/decorate.ts'
export { fieldTitle } from './catalogue/field-title.ts'
export { callForm, type FormHints } from './catalogue/form.ts'
export { listPage } from './catalogue/list-page.ts'
export { memberAt, PAGING_STYLES, type PageValues, type PagingStyle } from './catalogue/paging.ts'
export { flat } from './catalogue/members.ts'
export { callPlan, type Plan } from './catalogue/plan.ts'
export { callRequest, type Known } from './catalogue/request.ts'
export { sampleValue } from './catalogue/sample-value.ts'
export { isObject, type Schema } from './catalogue/schema.ts'
export { jsonBeside } from './data-file.ts'
export { type Effect, type EffectClass, effectClass } from './effect.ts'
export { exampleInput } from './example-input.ts'
export { echoMark, type Fact } from './fact.ts'
export { firstRequest } from './first-request.ts'
export type { SocialReport } from '@couplet/core'
export type { HistoryReport, Host, MailMessage, StatisticsReading, TableRow } from './host.ts'
export { type FilePart, type Http, type HttpMethod, type HttpReply, type HttpRequest, path } from './http.ts'
export type { AgencyAccount, AgencyCall, GrantLevel, OAuthRules } from './oauth.ts'
export { pick } from './pick.ts'
export { retryAfter } from './retry-after.ts'
export {
  type ActionWords,
  type AnyAction,
  type AnyOperation,
  type AnyTrigger,
  type Connector,
  connector,
  createRegistry,
  type LazyOperations,
  type OperationWords,
  type Registry,
  type TriggerWords,
  registryOf,
} from './registry.ts'
export { catalogueEntries, type CatalogueEntry, type CatalogueQuery, entryOf, searchCatalogue } from './search.ts'
export { operationShape, shapeLookup } from './shape.ts'
export { type ByHand, type FeedPoll, type Push, type ScanPoll, type Scheduled, type Trigger, type Wire, wiresOf } from './trigger.ts'
export type { DayNumbers, SourceAccount, SourceDays, SourcePost, SourceReactions, StatisticsSource } from './statistics-source.ts'
export type { Mark, VendorFact, Words } from './words.ts'
