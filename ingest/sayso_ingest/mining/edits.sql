-- edits: suggestions that people accepted after changing them, with the question they answered.
select
    s.event_id, s.target, s.part, s.who, s.proposed, s.final,
    i.input, i.input_messages, i.output, i.prompt_name, i.prompt_version, i.model
from suggestions s
left join interactions i on i.target = s.target
where s.outcome = 'edited'
order by s.event_id
