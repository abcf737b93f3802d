-- The Wilson score interval of a share k of n at 95 %, 0 to 1; NULL where n is 0. z = 1.959963984540054.
-- Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22.
CREATE OR REPLACE MACRO wilson_low(k, n) AS
    CASE WHEN n > 0 THEN greatest(0, (k + 1.920729410347062) / (n + 3.841458820694124)
        - 1.959963984540054 * sqrt(k * (n - k) / n::DOUBLE + 0.960364705173531) / (n + 3.841458820694124)) END;
CREATE OR REPLACE MACRO wilson_high(k, n) AS
    CASE WHEN n > 0 THEN least(1, (k + 1.920729410347062) / (n + 3.841458820694124)
        + 1.959963984540054 * sqrt(k * (n - k) / n::DOUBLE + 0.960364705173531) / (n + 3.841458820694124)) END;
-- Whether an event of this kind is what a person said about something.
CREATE OR REPLACE MACRO is_feedback(kind) AS
    kind IN ('thumb', 'detail', 'suggestion', 'comment', 'rating', 'preference', 'annotation');
-- Four bytes that stand for a text in the state tables, so that it is found quickly among millions (fold.sql). It is not
-- hash(), which another DuckDB may answer differently.
CREATE OR REPLACE MACRO key_of(text) AS (md5_number_lower(text) & 4294967295)::UINTEGER;
