import { Disclosure } from '../../ui/disclosure.tsx'
import { plural } from '../../words/times.ts'
import { byReason } from './import-words.ts'

const PLACES_SHOWN = 20

/** What of a file could not be taken over, by reason. */
export function LeftOut({ leftOut }: { leftOut: readonly { place: string; reason: string }[] }) {
  if (leftOut.length === 0) return <p className="text-dense text-soft">Everything in the file could be used.</p>
  return (
    <ul className="grid gap-1">
      {byReason(leftOut).map(({ reason, places }) => (
        <li key={reason}>
          <Disclosure title={`${reason} (${plural(places.length, 'place')})`}>
            <ul className="pb-1 pl-5 font-mono text-caption text-soft">
              {places.slice(0, PLACES_SHOWN).map((place, index) => (
                <li key={index}>{place}</li>
              ))}
              {places.length > PLACES_SHOWN && <li>and {places.length - PLACES_SHOWN} more</li>}
            </ul>
          </Disclosure>
        </li>
      ))}
    </ul>
  )
}
