import { likeAction } from '../write-comment.ts'

export const socialCommentLike = likeAction(
  {
    id: 'highlevel.social-comment.like',
    title: 'Like a comment',
    summary: 'Likes a comment in the name of the account.',
    phrase: 'like a comment in {connection}',
    because: 'A comment is liked or it is not; liking it again changes nothing.',
  },
  { isLiked: true },
)
