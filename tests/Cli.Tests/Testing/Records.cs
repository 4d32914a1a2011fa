using System.Text.Json.Nodes;

namespace Dbre.Cli.Tests.Testing;

/// <summary>Evidence of nights, as <c>WriteEvidence</c> writes it.</summary>
internal static class Records
{
    /// <summary>A clean-up after a night that left no record.</summary>
    internal static JsonObject CleanUp() => JsonNode.Parse("""
        {
          "automation": "clean-up", "operationId": "clean-up-1", "outcome": "Succeeded", "reason": "1 runs had left no record, 1 leftovers were removed.",
          "startedAt": "2026-11-22T03:00:00.000Z", "endedAt": "2026-11-22T03:00:10.000Z", "inputs": {}, "steps": [],
          "measured": { "recorded": [ "snapshot-copy-nightly-20261118T030000Z" ], "removed": [ "orders-proof in eu-west-1" ] }
        }
        """)!.AsObject();

    /// <summary>A night of two databases: one proven, one whose restored copy lacked a row.</summary>
    internal static JsonObject Night(int day = 21) => JsonNode.Parse($$"""
        {
          "automation": "snapshot-copy",
          "operationId": "snapshot-copy-nightly-202611{{day:00}}T030000Z",
          "outcome": "Failed",
          "reason": "1 of 2 databases failed. orders: eu-west-1: public.orders has 6999 rows, 7000 were expected.",
          "startedAt": "2026-11-{{day:00}}T03:00:00.000Z",
          "endedAt": "2026-11-{{day:00}}T03:20:00.000Z",
          "inputs": { "policy": "nightly" },
          "databases": [
            { "database": "billing", "kind": "Instance", "engine": "postgres", "outcome": "Succeeded", "reason": "eu-west-1: 1 tables with 20000 rows are equal.",
              "snapshot": "billing-nightly-202611{{day:00}}t0300z",
              "copies": [ { "region": "eu-west-1", "account": null, "snapshot": "billing-nightly-202611{{day:00}}t0300z", "outcome": "Proven", "reason": "1 tables with 20000 rows are equal.",
                "proof": { "proven": true, "reason": "1 tables with 20000 rows are equal.", "rowsExpected": 20000, "rowsFound": 20000, "checksumsEqual": true, "tablesCompared": 1, "tablesMoving": 0, "differences": [] } } ],
              "pruned": [ { "snapshot": "billing-nightly-20261101t0300z", "region": "eu-west-1", "reason": "no rule of retention keeps it" } ], "held": [] },
            { "database": "orders", "kind": "Cluster", "engine": "aurora-postgresql", "outcome": "Failed", "reason": "eu-west-1: public.orders has 6999 rows, 7000 were expected.",
              "snapshot": "orders-nightly-202611{{day:00}}t0300z",
              "copies": [ { "region": "eu-west-1", "account": null, "snapshot": "orders-nightly-202611{{day:00}}t0300z", "outcome": "Failed", "reason": "public.orders has 6999 rows, 7000 were expected.",
                "proof": { "proven": false, "reason": "public.orders has 6999 rows, 7000 were expected.", "rowsExpected": 7000, "rowsFound": 6999, "checksumsEqual": false, "tablesCompared": 1, "tablesMoving": 0,
                  "differences": [ "public.orders has 6999 rows, 7000 were expected." ] } } ],
              "pruned": [], "held": [ { "snapshot": "orders-nightly-20261101t0300z", "region": "us-east-1", "reason": "its copy in eu-west-1 is not proven" } ] }
          ],
          "steps": [
            { "name": "Select the databases", "database": null, "region": null, "startedAt": "2026-11-{{day:00}}T03:00:00.000Z", "endedAt": "2026-11-{{day:00}}T03:00:02.000Z", "attempts": 1 },
            { "name": "Create the snapshot", "database": "billing", "region": null, "startedAt": "2026-11-{{day:00}}T03:00:10.000Z", "endedAt": "2026-11-{{day:00}}T03:04:00.000Z", "attempts": 4 },
            { "name": "Copy the snapshot", "database": "billing", "region": "eu-west-1", "startedAt": "2026-11-{{day:00}}T03:04:00.000Z", "endedAt": "2026-11-{{day:00}}T03:10:00.000Z", "attempts": 6 },
            { "name": "Prove the copy", "database": "billing", "region": "eu-west-1", "startedAt": "2026-11-{{day:00}}T03:12:00.000Z", "endedAt": "2026-11-{{day:00}}T03:13:00.000Z", "attempts": 1 },
            { "name": "Create the snapshot", "database": "orders", "region": null, "startedAt": "2026-11-{{day:00}}T03:00:10.000Z", "endedAt": "2026-11-{{day:00}}T03:05:00.000Z", "attempts": 5 },
            { "name": "Prove the copy", "database": "orders", "region": "eu-west-1", "startedAt": "2026-11-{{day:00}}T03:15:00.000Z", "endedAt": "2026-11-{{day:00}}T03:19:00.000Z", "attempts": 1 }
          ],
          "measured": { "databases": 2, "copied": 1, "proven": 1, "rowsExpected": 27000, "rowsFound": 26999, "checksumsEqual": false, "pruned": 1 }
        }
        """)!.AsObject();
}
