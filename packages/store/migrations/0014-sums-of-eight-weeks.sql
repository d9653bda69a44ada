-- Sums of eight weeks, for questions about years over many locations: a seventh of the rows that weeks would be. Whole blocks are counted from one
-- Monday on, 1970-01-05. Rewritten with the weeks.
create table social_blocks (
  location integer not null references social_locations on delete cascade,
  start date not null,
  platform text not null,
  readings integer not null,
  impressions bigint,
  reach bigint,
  likes bigint,
  comments bigint,
  shares bigint,
  posts bigint,
  clicks bigint,
  primary key (location, start, platform)
);

insert into social_blocks (location, start, platform, readings, impressions, reach, likes, comments, shares, posts, clicks)
select location, date '1970-01-05' + (week - date '1970-01-05') / 56 * 56, platform,
  sum(readings), sum(impressions), sum(reach), sum(likes), sum(comments), sum(shares), sum(posts), sum(clicks)
from social_weeks group by 1, 2, 3;
