-- name: interactions
-- about: What the model was asked and answered: one row per target, the latest interaction, whole; no answers of runs of eval sets
-- columns:
--   event_id: the interaction event
--   target: the application's own id of it
--   occurred_at: when, UTC
--   who: who it was for, typed, after ties
--   actor: the person it was for
--   anonymous: the browser's own id
--   session: the application's session id
--   input: what the model was asked; of messages, the last one's text
--   input_messages: the messages it was asked with, where messages were sent
--   output: what it answered; of messages, the last one's text
--   output_messages: the messages it answered with, where messages were sent
--   variables: the values filled into the prompt
--   prompt_name: name of the prompt
--   prompt_version: version of the prompt
--   prompt_commit: the git commit that wrote the prompt's file
--   prompt_dirty: whether its text was another than that commit's
--   prompt_path: the file, from the top of its repository
--   model: the model
--   params: the model's parameters
--   latency_ms: milliseconds until the answer
--   usage: tokens and the like
--   cost: what it cost, in the application's currency
--   contexts: retrieved texts, a list of {id, text}
--   tags: the application's tags
--   parent: the target this is a step of
--   release: application version or commit
--   variant_experiment: the experiment it was part of
--   variant_arm: the arm of that experiment
--   candidates: the answers that were in the choice
--   chosen_id: id of the candidate that was used
--   chosen_by: who or what chose it
--   trace_id: id of the trace elsewhere
--   span_id: id of the span elsewhere
--   meta: what the application added
--   extra: fields this version does not know
SELECT e.event_id, e.target, e.occurred_at, coalesce(i.who, e.who) AS who, e.actor, e.anonymous, e.session, e.input, e.input_messages, e.output,
    e.output_messages, e.variables, e.prompt_name, e.prompt_version, e.prompt_commit,
    e.prompt_dirty, e.prompt_path, e.model, e.params, e.latency_ms, e.usage,
    e.cost, e.contexts, e.tags, e.parent, e.release, e.variant_experiment, e.variant_arm, e.candidates,
    e.chosen_id, e.chosen_by, e.trace_id, e.span_id, e.meta, e.extra
FROM (
    FROM events
    WHERE kind = 'interaction' AND NOT is_eval(target)
      AND event_id NOT IN (SELECT event_id FROM replaced_interactions)
) e
-- Grouped, and joined to what is filtered already: so a question that does not ask for `who` is answered without it.
LEFT JOIN (SELECT alias, any_value(who) AS who FROM identities GROUP BY alias) i ON i.alias = e.who
