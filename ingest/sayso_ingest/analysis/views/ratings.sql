-- name: ratings
-- about: How do people rate answers, or whole visits, on a scale?
-- columns:
--   about: target where an answer was rated, session where a whole visit was, NULL where no interaction is known
--   prompt_name: name of the prompt; NULL for visits
--   prompt_version: version of the prompt
--   name: the dimension asked about, or an empty text
--   ratings: ratings that stand
--   people: people who gave them
--   mean: of a person's ratings, and of people by up to five ratings each, in points of the scale
--   mean_low: lower end of its 95 % interval, clustered by person; NULL for one person
--   mean_high: upper end of its 95 % interval
--   lowest: lowest rating given
--   highest: highest rating given
WITH people AS (
    SELECT scope, prompt_name, prompt_version, name, person, count(*) AS n, avg(score) AS score, min(score) AS lowest,
        max(score) AS highest
    FROM verdict_state
    WHERE kind = 'rating' AND wins AND NOT retracted AND score IS NOT NULL
    GROUP BY ALL
), sums AS (
    SELECT scope, prompt_name, prompt_version, name, sum(n)::BIGINT AS ratings, count(*) AS people,
        min(lowest) AS lowest, max(highest) AS highest, sum(five_of(n) * score) / sum(five_of(n)) AS mean,
        sum(five_of(n)) AS m, sum((five_of(n) * score) ** 2) AS uu, sum(five_of(n) * score * five_of(n)) AS um,
        sum(five_of(n) ** 2) AS mm
    FROM people
    GROUP BY ALL
), spread AS (
    SELECT *, 1.959963984540054 / m
        * sqrt(greatest(0, people / (people - 1) * (uu - 2 * mean * um + mean ** 2 * mm))) AS half
    FROM sums
)
SELECT scope AS about, prompt_name, prompt_version, name, ratings, people, mean,
    CASE WHEN people > 1 THEN mean - half END AS mean_low, CASE WHEN people > 1 THEN mean + half END AS mean_high,
    lowest, highest
FROM spread
ORDER BY about, prompt_name, prompt_version, name
