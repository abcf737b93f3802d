-- name: annotator_agreement
-- about: How often do two annotators say the same of the same thing?
-- columns:
--   name: the dimension asked about, or an empty text
--   rubric: the rubric, or an empty text
--   one: an annotator
--   other: another one, whose name comes later
--   both: things that both labelled
--   agreed: things that they gave the same label
--   agree_rate: agreed / both, 0 to 1; some agreement is chance, which kappa takes away
--   agree_low: lower end of its 95 % Wilson interval
--   agree_high: upper end of its 95 % Wilson interval
SELECT name, rubric, one, other, "both", agreed, agreed / "both" AS agree_rate, wilson_low(agreed, "both") AS agree_low,
    wilson_high(agreed, "both") AS agree_high
FROM (
    SELECT name, rubric, one, other, sum(n)::BIGINT AS "both",
        coalesce(sum(n) FILTER (label = other_label), 0)::BIGINT AS agreed
    FROM annotation_pairs
    GROUP BY ALL
)
ORDER BY name, rubric, one, other
