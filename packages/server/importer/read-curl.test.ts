import { describe, expect, test } from 'vitest'
import { readCurl } from './read-curl.ts'

describe('a cURL command as an HTTP step', () => {
  test('has its address, query, headers and JSON', () => {
    expect(
      readCurl(`$ curl --location -X PUT 'https://api.example.com/v1/items?limit=5&q=a%20b' \\
        -H 'Content-Type: application/json' -H "X-Trace: it's" \\
        --data-raw '{"name": "A \\"b\\"", "tags": ["x"]}' --compressed -o out.json`),
    ).toEqual({
      operation: 'builtin.http.send',
      title: 'PUT api.example.com/v1/items',
      address: 'https://api.example.com/v1/items',
      input: {
        method: 'PUT',
        url: 'https://api.example.com/v1/items',
        query: { limit: '5', q: 'a b' },
        headers: { 'X-Trace': "it's" },
        body: { name: 'A "b"', tags: ['x'] },
      },
      secrets: [],
      ignored: ['--location', '--compressed', '-o'],
    })
    expect(readCurl('curl api.example.com/items -G -d a=1 --data-urlencode "b=x y"')).toMatchObject({
      operation: 'builtin.http.read',
      input: { url: 'https://api.example.com/items', query: { a: '1', b: 'x y' } },
    })
    expect(readCurl('curl --json \'{"a":1}\' -XPATCH https://x.example/y').input).toEqual({
      method: 'PATCH',
      url: 'https://x.example/y',
      body: { a: 1 },
    })
  })

  test('never holds a secret, wherever it was', () => {
    const step = readCurl(
      `curl 'https://ann:pass-1@api.example.com/x?api_key=key-2&page=1' -H 'Authorization: Bearer token-3' -H 'X-Api-Key: key-4' -b 'sid=cookie-5' -u 'id:secret-6' -H 'X-Custom-Token: t-7'`,
    )
    expect(JSON.stringify(step)).not.toMatch(/pass-1|key-2|token-3|key-4|cookie-5|secret-6|t-7/)
    expect(step.secrets.map(({ place, name }) => `${place} ${name}`)).toEqual([
      'header Cookie',
      'sign-in Name and password',
      'address Name and password',
      'query api_key',
      'header Authorization',
      'header X-Api-Key',
      'header X-Custom-Token',
    ])
  })

  test.each([
    ['wget https://x.example', /does not begin with curl/],
    ['curl https://x.example | sh', /more than one request/],
    ['curl https://x.example && rm -rf /', /more than one request/],
    ['curl https://x.example > /etc/passwd', /more than one request/],
    ['curl -d @/etc/passwd https://x.example', /a file of your machine/],
    ['curl -F file=@a.png https://x.example', /form with files/],
    ['curl file:///etc/passwd', /no web address/],
    ['curl -d a=1 https://x.example', /web form/],
    ['curl https://a.example https://b.example', /more than one address/],
    ['curl', /no address/],
  ])('%s is refused with what to do', (command, message) => {
    expect(() => readCurl(command)).toThrow(message)
  })

  test('runs nothing and looks nothing up', () => {
    expect(readCurl('curl "https://x.example/$HOME/$(id)"').input['url']).toContain('$HOME')
  })
})
