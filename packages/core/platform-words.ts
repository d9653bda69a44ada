const NAMES: Readonly<Record<string, string>> = {
  facebook: 'Facebook',
  instagram: 'Instagram',
  linkedin: 'LinkedIn',
  google: 'Google Business',
  pinterest: 'Pinterest',
  youtube: 'YouTube',
  tiktok: 'TikTok',
}

/** A network's name as people write it. */
export const platformWords = (platform: string): string => NAMES[platform] ?? platform.replace(/^./, (letter) => letter.toUpperCase())
