-- The Wilson score interval of a share k of n at 95 %, 0 to 1; NULL where n is 0. z = 1.959963984540054.
-- Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22.
CREATE OR REPLACE MACRO wilson_low(k, n) AS
    CASE WHEN n > 0 THEN greatest(0, (k + 1.920729410347062) / (n + 3.841458820694124)
        - 1.959963984540054 * sqrt(k * (n - k) / n::DOUBLE + 0.960364705173531) / (n + 3.841458820694124)) END;
CREATE OR REPLACE MACRO wilson_high(k, n) AS
    CASE WHEN n > 0 THEN least(1, (k + 1.920729410347062) / (n + 3.841458820694124)
        + 1.959963984540054 * sqrt(k * (n - k) / n::DOUBLE + 0.960364705173531) / (n + 3.841458820694124)) END;
-- The 97.5 % quantile of Student's t with so many degrees of freedom, from 1 on; within 1e-5 of it: its logarithm is a
-- polynomial of one over them, by Chebyshev's points.
CREATE OR REPLACE MACRO student_t(freedom) AS exp(0.6729208 + (1.2108963 + (0.6988757 + (0.2056719 + (-0.3905346
    + (0.1656547 - 0.0213905 / freedom) / freedom) / freedom) / freedom) / freedom) / freedom);
-- A rate in which no person counts for more than five verdicts, and how sure it is. These aggregate over the people of a
-- group, one row each: k of the person's n verdicts are hits. Each weighs five_of(n) / n, so that a loud person counts
-- for five; where n is NULL the person is left out. Verdicts of one person resemble each other; the interval is
-- therefore Wilson's at the effective sample size that the variance of a ratio, clustered by person, says. Korn and
-- Graubard (1998), "Confidence intervals for proportions with small expected number of positive counts estimated from
-- survey data", Survey Methodology 24. The same in Python: analysis/stats.
CREATE OR REPLACE MACRO five_of(n) AS CASE WHEN n > 5 THEN 5 ELSE n END;
CREATE OR REPLACE MACRO fair_rate(k, n) AS sum(k * five_of(n) / n) / sum(five_of(n))::DOUBLE;
-- From sums over people of their weighted hits u and verdicts m: n_eff = p (1 - p) / V, at most the verdicts that count,
-- with V = G / (G - 1) sum((u - p m)^2) / sum(m)^2 for G people. Where all people agree, so that V is 0 or but rounding,
-- it is the number of people.
CREATE OR REPLACE MACRO effective_n(u, m, uu, um, mm, people) AS
    CASE WHEN people > 1 AND uu - 2 * (u / m) * um + (u / m) * (u / m) * mm > 1e-10 * mm
        THEN least(m, u * (m - u) * (people - 1) / people / (uu - 2 * (u / m) * um + (u / m) * (u / m) * mm))
        ELSE people END::DOUBLE;
-- The ends of the interval, of these sums. Lambdas give names to what is needed many times: written out, one view took
-- 0.3 s to plan.
CREATE OR REPLACE MACRO sure_rate(sums) AS list_transform([sums], lambda of_all:
    {'rate': of_all.u / of_all.m,
     'sure': effective_n(of_all.u, of_all.m, of_all.uu, of_all.um, of_all.mm, of_all.people)});
CREATE OR REPLACE MACRO sure_low(sums) AS list_transform(sure_rate(sums),
    lambda it: wilson_low(it.rate * it.sure, it.sure))[1];
CREATE OR REPLACE MACRO sure_high(sums) AS list_transform(sure_rate(sums),
    lambda it: wilson_high(it.rate * it.sure, it.sure))[1];
CREATE OR REPLACE MACRO fair_sums(k, n) AS {'u': sum(k * five_of(n) / n), 'm': sum(five_of(n))::DOUBLE,
    'uu': sum((k * five_of(n) / n) ** 2), 'um': sum(k * five_of(n) / n * five_of(n)),
    'mm': sum(five_of(n) * five_of(n))::DOUBLE, 'people': count(n)};
CREATE OR REPLACE MACRO fair_low(k, n) AS sure_low(fair_sums(k, n));
CREATE OR REPLACE MACRO fair_high(k, n) AS sure_high(fair_sums(k, n));
-- The same where only people with hits have a row, and of all people of the group are known: m and mm, the sum of
-- five_of(n) and of its square, and how many they are.
CREATE OR REPLACE MACRO part_rate(k, n, m) AS sum(k * five_of(n) / n) / any_value(m);
CREATE OR REPLACE MACRO part_sums(k, n, m, mm, people) AS {'u': sum(k * five_of(n) / n), 'm': any_value(m),
    'uu': sum((k * five_of(n) / n) ** 2), 'um': sum(k * five_of(n) / n * five_of(n)), 'mm': any_value(mm),
    'people': any_value(people)};
CREATE OR REPLACE MACRO part_low(k, n, m, mm, people) AS sure_low(part_sums(k, n, m, mm, people));
CREATE OR REPLACE MACRO part_high(k, n, m, mm, people) AS sure_high(part_sums(k, n, m, mm, people));
-- The difference a - b of two rates with their intervals: Newcombe (1998), "Interval estimation for the difference
-- between independent proportions", Statistics in Medicine 17, method 10.
CREATE OR REPLACE MACRO difference_low(a, a_low, a_high, b, b_low, b_high) AS
    a - b - sqrt((a - a_low) ** 2 + (b_high - b) ** 2);
CREATE OR REPLACE MACRO difference_high(a, a_low, a_high, b, b_low, b_high) AS
    a - b + sqrt((a_high - a) ** 2 + (b - b_low) ** 2);
-- Whether a target is an answer of a run of an eval set, sent to be thumbed: that is no traffic. Interactions and rates
-- leave it out; what people say of it has the scope `eval`, and joins eval_results by its target.
CREATE OR REPLACE MACRO is_eval(target) AS starts_with(target, 'eval:');
-- A text as it is compared and counted: lower case, letters and digits only.
CREATE OR REPLACE MACRO plain(text) AS trim(regexp_replace(lower(text), '[^\p{L}\p{N}]+', ' ', 'g'));
-- Whether a label of an annotator or a judge, else a score from 0 to 1, speaks for an answer; NULL where it says neither.
-- By a rubric of `sayso judge` the score comes first, for it says how good each label is, as in `yes=0,no=1`. In Python
-- mining/hardness/dislike.py does so; where it knows the range of another rubric's scores, it also reads those outside.
CREATE OR REPLACE MACRO sounds_good(label, score, rubric) AS CASE
    WHEN score BETWEEN 0 AND 1 AND regexp_matches(rubric, '@[0-9a-f]{8}$')
        THEN CASE WHEN score <> 0.5 THEN score > 0.5 END
    WHEN plain(label) IN ('good', 'great', 'excellent', 'correct', 'right', 'true', 'yes', 'ok', 'pass', 'passed',
        'accept', 'accepted', 'acceptable', 'up', 'like', 'helpful', 'safe') THEN true
    WHEN plain(label) IN ('bad', 'poor', 'wrong', 'incorrect', 'false', 'no', 'fail', 'failed', 'reject',
        'rejected', 'unacceptable', 'down', 'dislike', 'unhelpful', 'unsafe') THEN false
    WHEN score BETWEEN 0 AND 1 AND score <> 0.5 THEN score > 0.5 END;
-- Whether an event of this kind is what a person said about something.
CREATE OR REPLACE MACRO is_feedback(kind) AS
    kind IN ('thumb', 'detail', 'suggestion', 'comment', 'rating', 'preference', 'annotation');
-- Four bytes that stand for a text in the state tables, so that it is found quickly among millions (fold.sql). It is not
-- hash(), which another DuckDB may answer differently.
CREATE OR REPLACE MACRO key_of(text) AS (md5_number_lower(text) & 4294967295)::UINTEGER;
-- The same of a who that may turn out to be somebody else: a browser id. Most answers are for known people, so that a
-- column of these is quickly read.
CREATE OR REPLACE MACRO alias_key_of(who) AS CASE WHEN starts_with(who, 'anonymous:') THEN key_of(who) END;
-- By what two groups of answers are told apart (analysis/contrast.sql).
CREATE OR REPLACE MACRO label_by(dimension, version, prompt, model, release, arm) AS CASE dimension
    WHEN 'version' THEN version WHEN 'prompt' THEN prompt WHEN 'model' THEN model WHEN 'release' THEN release
    WHEN 'variant' THEN arm END;
-- Whether an answer begins with words by which models refuse, in English: a sign, not a proof.
CREATE OR REPLACE MACRO says_no(output) AS regexp_matches(left(output, 200),
    '(?i)\b(i(''|’)?m sorry|i am sorry|sorry, (but )?i|i apologi[sz]e|unfortunately, i|i(''|’)?m (not able|unable)|'
    || 'i am (not able|unable)|i can(''|’)?t|i cannot|i can not|i won(''|’)?t|as an ai)\b');
-- How an answer came to be, of its candidates: single, chosen out of several, or criticised where one has a critique.
CREATE OR REPLACE MACRO choice_of(candidates) AS CASE
    WHEN candidates IS NULL OR json_array_length(candidates) < 2 THEN 'single'
    WHEN len(list_filter(json_extract(candidates, '$[*].critique'),
        lambda critique: critique::VARCHAR <> 'null')) > 0 THEN 'criticised'
    ELSE 'chosen' END;
-- The share of words that two texts have in common: the F1 of their words, each as often as it is in both, as
-- Rajpurkar et al. (2016), "SQuAD", count it.
CREATE OR REPLACE MACRO words_of(text) AS list_filter(string_split(plain(text), ' '), lambda word: word <> '');
-- Each word with which time it is that it comes, so that what two lists have in common is found without comparing all
-- words with all.
CREATE OR REPLACE MACRO counted_words(words) AS flatten(list_transform(map_entries(list_histogram(words)),
    lambda it: list_transform(range(it.value::BIGINT), lambda time: it.key || ' ' || time)));
CREATE OR REPLACE MACRO common_words(a, b) AS
    coalesce(len(list_intersect(counted_words(a), counted_words(b))), 0);
CREATE OR REPLACE MACRO word_overlap(a, b) AS list_transform([{'a': words_of(a), 'b': words_of(b)}], lambda of_both:
    CASE WHEN len(of_both.a) + len(of_both.b) = 0 THEN 1
        ELSE 2 * common_words(of_both.a, of_both.b) / (len(of_both.a) + len(of_both.b)) END)[1];
-- How a text was edited, in words: NULL where one of both is empty. The columns are told in decision_state.
CREATE OR REPLACE MACRO edit_of(proposed, final) AS CASE WHEN len(proposed) > 0 AND len(final) > 0 THEN list_transform(
    [{'before': string_split(plain(proposed), ' '), 'after': string_split(plain(final), ' ')}], lambda it: {
        'length_change': len(final) / len(proposed) - 1, 'same_words': it.before = it.after,
        'words_kept': len(list_filter(it.before, lambda word: list_contains(it.after, word))) / len(it.before),
        'removed': list_filter(list_distinct(it.before), lambda word: word <> '' AND NOT list_contains(it.after, word)),
        'added': list_filter(list_distinct(it.after), lambda word: word <> '' AND NOT list_contains(it.before, word))
    })[1] END;
