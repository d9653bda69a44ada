/**
 * The pictures of the documentation, from those `npm run screenshots` took: compressed to WebP in `docs/pictures/` by the browser itself.
 *
 *     node scripts/documentation-pictures.ts
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '@couplet/server'
import { launchChromium } from '../tests/support/browser.ts'

const CHOSEN = { home: 'light', builder: 'light', map: 'dark', run: 'light', dashboards: 'light', sandbox: 'dark' }
const QUALITY = 0.85

const out = join(ROOT, 'docs/pictures')
await mkdir(out, { recursive: true })
const browser = await launchChromium()
try {
  const page = await browser.newPage()
  for (const [name, look] of Object.entries(CHOSEN)) {
    const png = await readFile(join(ROOT, 'screenshots', `${name}-${look}.png`), 'base64')
    const webp = await page.evaluate(`(async () => {
      const image = new Image()
      image.src = 'data:image/png;base64,${png}'
      await image.decode()
      const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height })
      canvas.getContext('2d').drawImage(image, 0, 0)
      return canvas.toDataURL('image/webp', ${QUALITY}).split(',')[1]
    })()`)
    const bytes = Buffer.from(String(webp), 'base64')
    await writeFile(join(out, `${name}.webp`), bytes)
    console.log(`${name}.webp ${Math.round(bytes.length / 1_000)} kB`)
  }
} finally {
  await browser.close()
}
