-- The Wilson score interval of a share k of n at 95 %, 0 to 1; NULL where n is 0.
-- Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22.
CREATE OR REPLACE MACRO wilson_low(k, n) AS
    CASE WHEN n > 0 THEN greatest(0, (k + 1.920729) / (n + 3.841459)
        - 1.959964 * sqrt(k * (n - k) / n::DOUBLE + 0.960365) / (n + 3.841459)) END;
CREATE OR REPLACE MACRO wilson_high(k, n) AS
    CASE WHEN n > 0 THEN least(1, (k + 1.920729) / (n + 3.841459)
        + 1.959964 * sqrt(k * (n - k) / n::DOUBLE + 0.960365) / (n + 3.841459)) END;
