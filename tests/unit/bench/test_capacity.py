"""What a load takes is computed from what was measured, and never less than what keeps it up when one part is away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.capacity import RATES, Costs, Plan, inputs, limits, measured, plans

COSTS = Costs(
    single=500,
    batched=12.5,
    broker_single=100,
    broker_batched=4,
    partition=15_000,
    topic=200,
    collector_mb=150,
    lander_cpu=40,
    landed=40_000,
    landed_later=30_000,
    lander_mb=900,
    service_mb=350,
    stored=500,
    box_single=5_000,
    box_batched=160_000,
)


def test_each_part_is_planned_at_half_of_what_it_bears() -> None:
    plan = Plan.of(10_000, COSTS)
    assert (plan.single_cores, plan.batched_cores, plan.collectors, plan.landers) == (10, 1, 5, 1)
    assert (plan.partitions, plan.broker_cores) == (3, 6)
    assert plan.network == 10_000 * 562 * 8
    assert plan.replicated == 10_000 * 200 * 8 * 4
    assert plan.stored == 10_000 * 86_400 * 500


def test_a_small_load_has_two_collectors_and_a_partition_and_a_core_for_each_broker() -> None:
    plan = Plan.of(1, COSTS)
    assert (plan.collectors, plan.partitions, plan.broker_cores, plan.landers) == (2, 3, 3, 1)


def test_one_box_does_for_half_of_what_it_takes_or_of_what_its_lander_does() -> None:
    assert (COSTS.box_alone, COSTS.box_in_batches, COSTS.a_lander) == (2_500, 15_000, 15_000)
    told = [Plan.of(rate, COSTS).one_box for rate in (2_500, 2_501, 15_001)]
    assert told == ["enough / enough", "too small / enough", "too small / too small"]
    assert "2,500 events/s" in limits(COSTS)


def test_where_a_part_bears_less_more_of_it_are_planned() -> None:
    slower = replace(COSTS, single=1_000, broker_single=200, partition=7_500, landed_later=15_000)
    for rate in RATES:
        before, after = Plan.of(rate, COSTS), Plan.of(rate, slower)
        assert after.single_cores >= 2 * before.single_cores - 1
        assert after.landers >= before.landers
        assert after.partitions >= before.partitions
        assert after.broker_cores >= before.broker_cores


def test_the_figures_are_those_of_the_bench_and_one_that_it_lacks_is_an_error() -> None:
    assert Costs.latest().landed == measured("lander", "landing 1,500,000 events")
    with pytest.raises(StopIteration):
        measured("lander", "what nobody measured")


def test_the_tables_have_a_row_for_each_figure_and_each_load() -> None:
    assert len(inputs(COSTS).splitlines()) == 2 + 15
    assert len(plans(COSTS).splitlines()) == 2 + len(RATES)
