"""Pure: is the lake there, does it let this user in, and is it looked after?"""

from __future__ import annotations

from collections.abc import Iterator

from sayso_ingest.operate.doctor.facts import Facts, ProjectFacts
from sayso_ingest.operate.doctor.finding import Finding, note, ok, wrong
from sayso_ingest.warehouse import LakeReport

UPGRADE = "pip install --upgrade 'sayso[ingest]'"


def lake(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:
    """The lake, if there is one, lets this user in, in PostgreSQL and on S3, and is rid of old commits in time."""
    found = project.lake
    if found is None:
        yield ok("The warehouse is a file on this machine.")
    elif found.part:
        yield wrong(found.problem, _next(found))
    elif project.copy and project.copy.newer:
        yield wrong(
            f"The lake was written by a newer sayso (it has {', '.join(project.copy.newer)}).", UPGRADE
        )
    elif found.waiting:
        yield wrong(
            f"{found.waiting} commits of {found.lake} that nobody reads any more were not removed in time, nor "
            "their files.",
            f"Let a lander run, which does it, and look at what it says: sayso serve --data {facts.data}",
        )
    elif not found.made:
        yield note(
            f"There is nothing yet in {found.lake}: its lander makes it.", f"sayso serve --data {facts.data}"
        )
    elif not found.writes:
        yield note(
            f"PostgreSQL lets {found.lake.user} read and not write: enough for who reads, and not for a lander.",
            "Where a lander is to run, name the user that owns the lake in SAYSO_WAREHOUSE.",
        )
    else:
        yield ok(f"{found.lake} can be reached and written, and so can its files.")


def _next(found: LakeReport) -> str:
    at = found.lake
    match found.part:
        case "extension":
            return "pip install 'sayso[ingest,lake]'"
        case "catalog":
            return (
                f"psql -h {at.host} -p {at.port} -U {at.user} {at.database} says the same without sayso. Start "
                "PostgreSQL, or put SAYSO_WAREHOUSE, SAYSO_LAKE_PASSWORD and SAYSO_LAKE_SSLMODE right."
            )
        case "rights":
            return (
                f'As the owner, in psql: GRANT USAGE ON SCHEMA "{at.schema}" TO "{at.user}"; '
                f'GRANT SELECT ON ALL TABLES IN SCHEMA "{at.schema}" TO "{at.user}";'
            )
        case "data":
            return "Put SAYSO_LAKE_DATA right, or SAYSO_WAREHOUSE: the catalog and the files belong together."
    if "NoSuchBucket" in found.problem:
        return f"Make the bucket of {at.data}: a lander makes none. Or put SAYSO_LAKE_DATA right."
    if "HTTP 40" in found.problem:
        return (
            "Put SAYSO_LAKE_KEY_ID, SAYSO_LAKE_SECRET and SAYSO_LAKE_REGION right, or let that key list and read the "
            "bucket."
        )
    if "certificate" in found.problem:
        return "Name the PEM file of who signed the S3 server's certificate: SAYSO_LAKE_CA."
    return "Start the S3 server, or put SAYSO_LAKE_ENDPOINT and SAYSO_LAKE_TLS right."
