-- name: annotation_pairs
-- about: Where two annotators labelled the same thing, which labels did they give it?
-- columns:
--   name: the dimension asked about, or an empty text
--   rubric: the rubric, or an empty text
--   one: an annotator
--   other: another one, whose name comes later
--   label: what the one says: the label, else the score
--   other_label: what the other says
--   n: things of which they say so
SELECT a.name, a.rubric, a.who AS one, b.who AS other, a.value AS label, b.value AS other_label, count(*) AS n
FROM verdicts a
JOIN verdicts b ON b.target = a.target AND b.part = a.part AND b.name = a.name AND b.rubric = a.rubric AND b.who > a.who
WHERE a.kind = 'annotation' AND b.kind = 'annotation' AND a.value IS NOT NULL AND b.value IS NOT NULL
GROUP BY ALL
ORDER BY a.name, a.rubric, one, other, label, other_label
