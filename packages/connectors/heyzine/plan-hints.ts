/** What a plan of Heyzine does not allow, as lines for the person who connects (plans as of September 2026, CONFIRMED). */
export function planHints(plan: 'unknown' | 'free' | 'standard' | 'professional' | 'premium', flipbooksSeen: number): string[] {
  switch (plan) {
    case 'free':
      return [
        flipbooksSeen >= 5
          ? 'Free plan with 5 flipbooks: converting one more removes the oldest.'
          : 'Free plan: Heyzine keeps 5 flipbooks and removes the oldest when a sixth is made.',
        'Own logo, own address, lead forms with webhook and bookshelves need a higher plan.',
      ]
    case 'standard':
      return ['Standard plan: own addresses and the leads webhook need Professional, bookshelves need Premium.']
    case 'professional':
      return ['Professional plan: bookshelves, own domain and e-mail access need Premium.']
    case 'premium':
      return []
    case 'unknown':
      return ['Heyzine does not tell its plan: on the Free plan a sixth flipbook removes the oldest, and bookshelves need Premium.']
  }
}
