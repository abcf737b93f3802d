-- interactions: traffic to mine: a random sample of it, and what has feedback, newest first.
-- $1: which sample (a seed); $2: how many of each. The sample is by hash, so the same seed draws the same one.
with judged as (
    select distinct target from feedback where scope = 'target' and not retracted
),
traffic as (
    select
        i.*,
        j.target is not null as judged,
        row_number() over (order by md5(i.target || ':' || $1::varchar), i.target) <= $2 as sampled
    from interactions i
    left join judged j on j.target = i.target
    where i.input is not null and trim(i.input) <> ''
)
select
    event_id, target, occurred_at,
    coalesce('actor:' || actor, 'anonymous:' || anonymous, 'session:' || session, 'event:' || event_id::varchar) as who,
    input, input_messages, variables, output, prompt_name, prompt_version, model, tags, sampled
from traffic
qualify sampled or (judged and row_number() over (partition by judged order by occurred_at desc, event_id) <= $2)
order by event_id
