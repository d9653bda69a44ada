import { likeAction } from '../write-comment.ts'

export const socialCommentUnlike = likeAction(
  {
    id: 'highlevel.social-comment.unlike',
    title: 'Take a like back',
    summary: 'Takes back the like of a comment.',
    phrase: 'take back a like in {connection}',
    because: 'A comment is liked or it is not; taking the like back again changes nothing.',
  },
  { isLiked: false },
)
