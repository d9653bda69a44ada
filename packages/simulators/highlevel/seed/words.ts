/** What each sample business talks about: planner tags, categories, captions, contact tags. */
export type Words = {
  tags: readonly string[]
  categories: readonly string[]
  captions: readonly string[]
  contactTags: readonly string[]
  media: readonly string[]
}

export const plumberWords: Words = {
  tags: [
    'winter-check',
    'Boiler Service',
    'emergency',
    'Testimonials',
    'before-after',
    'Team',
    'bathroom-refit',
    'Heat Pumps',
    'save-water',
    'Leeds',
    'spring-launch',
    'apprentices',
    'FAQ',
    'offers',
  ],
  categories: ['Advice', 'Jobs we love', 'Offers', 'Meet the team'],
  captions: [
    'Is your boiler making a kettling noise? Here is what it means and when to call us.',
    'Before and after: a cramped family bathroom in Headingley gets a walk-in shower.',
    'Frost is due on Thursday. Two minutes of lagging now beats a burst pipe on Friday.',
    '"Turned up when they said, left the place spotless." Thank you, Mrs Okafor!',
    'Heat pump or new boiler? We put real numbers from three Leeds homes side by side.',
    'Meet Callum, our newest apprentice. Ask him anything about compression fittings.',
    'A dripping tap can waste 5,000 litres a year. A washer costs pennies.',
    'Boiler service slots for next week are open. Book online in under a minute.',
    'Where is your stopcock? Show everyone in the house today.',
    'Out on call tonight across LS6 and LS7. Stay warm, we are a phone call away.',
  ],
  contactTags: ['boiler-plan', 'emergency', 'landlord', 'quote sent', 'repeat customer'],
  media: ['bathroom-headingley.jpg', 'boiler-service.jpg', 'team-van.jpg', 'stopcock.jpg'],
}

export const dentistWords: Words = {
  tags: [
    'new-patients',
    'Invisalign',
    'Whitening',
    'kids',
    'Smile Gallery',
    'reviews',
    'back-to-school',
    'insurance',
    'Team Tuesday',
    'oral-health',
    'holiday-hours',
    'Spanish',
    'promo',
  ],
  categories: ['Education', 'Patient stories', 'Promotions', 'Practice news'],
  captions: [
    'Flossing before or after brushing? Dr. Reid settles the debate.',
    'Six months of clear aligners in thirty seconds. Swipe for the final smile.',
    'New patients: exam, X-rays and cleaning for $129 this month.',
    'Back-to-school checkups are filling up fast. Siblings can share one visit.',
    'What your gums are telling you, and when to listen.',
    'Team Tuesday: Sofia runs our front desk and two half marathons a year.',
    'Grinding your teeth at night? Three signs you may not know about.',
    'Hablamos español. Su sonrisa está en buenas manos.',
    'We close at noon on Friday for training. Emergencies: call the main line.',
    '"First dentist my son is not scared of." Reviews like this make our week.',
  ],
  contactTags: ['new patient', 'recall due', 'Invisalign', 'insurance', 'VIP'],
  media: ['front-desk.jpg', 'smile-gallery-03.jpg', 'aligners.jpg', 'kids-corner.jpg'],
}

export const gardenWords: Words = {
  tags: [
    'spring-planting',
    'Houseplants',
    'pollinators',
    'Café',
    'workshops',
    'roses',
    'Christmas',
    'tool-care',
    'peat-free',
    'Pots & Planters',
    'vegetable-patch',
    'events',
    'gift-ideas',
  ],
  categories: ['Plant of the week', 'How to', 'Events', 'From the café'],
  captions: [
    'Plant of the week: hellebores. Shade, clay soil, cold: they shrug at all of it.',
    'Our peat-free compost has landed. Ask at the till how to get the first bag half price.',
    'Saturday workshop: wreaths from your own hedge. Eight places left.',
    'Five houseplants that forgive a fortnight of neglect.',
    'The café has cheese scones out of the oven at ten. You have been warned.',
    'Sow broad beans now, thank yourself in May.',
    'Bees love these: lavender, borage, single dahlias. All on the first table as you come in.',
    'Bring your secateurs on Wednesday and Jonah will sharpen them for a cup of tea.',
    'Bare-root roses are in. Plant them while they sleep.',
    'The robin that runs aisle four has opinions about your choice of feeder.',
  ],
  contactTags: ['loyalty card', 'workshop guest', 'trade', 'newsletter'],
  media: ['hellebores.jpg', 'wreath-workshop.jpg', 'scones.jpg', 'bare-root-roses.jpg'],
}
