import { type Fault, isJsonObject, userFault } from '@couplet/core'
import { dereference } from '@readme/openapi-parser'
import swagger2openapi from 'swagger2openapi'
import { parse as parseYaml, YAMLParseError } from 'yaml'
import { DOCUMENT_BYTES_MAX, type LeftOut } from '../facts.ts'
import { cutReferences } from './cut-references.ts'

/** A file of some kilobytes can unfold to gigabytes through aliases. */
const ALIASES_MAX = 1_000

export type OpenApi = Readonly<Record<string, unknown>>

const unreadable = (message: string, hint: string, place?: string): Fault =>
  userFault({ code: 'import.not_readable', message, hint, ...(place === undefined ? {} : { place }) })

/** JSON or YAML as data. */
function parseText(text: string): unknown {
  if (Buffer.byteLength(text) > DOCUMENT_BYTES_MAX)
    throw unreadable(`The file is larger than ${DOCUMENT_BYTES_MAX / 1_000_000} MB.`, 'Import a part of it.')
  try {
    return /^\s*[{[]/.test(text) ? JSON.parse(text) : parseYaml(text, { maxAliasCount: ALIASES_MAX, merge: true, logLevel: 'error' })
  } catch (error) {
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''
    throw unreadable(
      `The file is neither JSON nor YAML: ${reason}`,
      'Check that it is the OpenAPI file itself, not the page that shows it.',
      line === undefined ? undefined : `line ${line}`,
    )
  }
}

/**
 * An OpenAPI 3 document with every reference in its place. What refers to other files or addresses is cut before anything is resolved, so nothing is ever
 * read or fetched; so is what refers to nothing. Swagger 2 is converted first. A description that leads back to itself does so as an object, too: whoever walks it must
 * watch for circles.
 * Throws `import.not_readable`, `import.not_openapi`.
 */
export async function readDocument(text: string): Promise<{ document: OpenApi; leftOut: LeftOut[] }> {
  const parsed = parseText(text)
  const isSwagger = isJsonObject(parsed) && String(parsed['swagger']).startsWith('2')
  if (!isJsonObject(parsed) || (!isSwagger && !/^3\.\d/.test(String(parsed['openapi']))) || !isJsonObject(parsed['paths']))
    throw userFault({
      code: 'import.not_openapi',
      message: 'This is no OpenAPI 3 or Swagger 2 file: it does not say so, or it has no paths.',
      hint: 'Ask the vendor for the OpenAPI (or Swagger) file of the API; most documentation pages have a link to it.',
    })
  const leftOut = cutReferences(parsed)
  const document = isSwagger ? await converted(parsed) : parsed
  // A conversion may write references of its own.
  if (isSwagger) leftOut.push(...cutReferences(document))
  return { document: await resolved(document), leftOut }
}

async function converted(document: Record<string, unknown>): Promise<Record<string, unknown>> {
  try {
    const { openapi } = await swagger2openapi.convertObj(document, { patch: true, warnOnly: true, resolve: false })
    return openapi
  } catch (error) {
    throw unreadable(
      `The Swagger 2 file could not be converted: ${error instanceof Error ? error.message : 'unknown reason'}`,
      'Check it with the vendor, or ask for an OpenAPI 3 file.',
    )
  }
}

async function resolved(document: Record<string, unknown>): Promise<OpenApi> {
  try {
    const made: unknown = await dereference(document as never, {
      resolve: { external: false, file: false },
      dereference: { circular: true },
    })
    return isJsonObject(made) ? made : document
  } catch (error) {
    throw unreadable(
      `The references of the file could not be followed: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`,
      'Check the file with an OpenAPI validator.',
    )
  }
}
