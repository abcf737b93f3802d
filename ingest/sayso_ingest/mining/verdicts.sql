-- verdicts: what people, annotators and judges now say about single interactions.
select
    f.target, f.part, f.who, f.kind, f.name, f.rubric, f.value, f.score, f.event_id, f.reasons, f.comment,
    f.original, f.proposed, f.final, f.expected, f.output,
    e.label, e.min, e.max
from feedback f
left join events e on e.event_id = f.event_id
where f.scope = 'target' and not f.retracted
order by f.event_id
