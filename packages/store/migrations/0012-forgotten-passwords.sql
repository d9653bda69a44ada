-- A link that somebody had sent to their own mailbox proves the mailbox and nothing else: unlike one made by who runs Couplet, it leaves the
-- second factor on.
alter table one_time_links drop constraint one_time_links_purpose_check;
alter table one_time_links add constraint one_time_links_purpose_check check (purpose in ('set-up', 'password', 'forgotten'));
