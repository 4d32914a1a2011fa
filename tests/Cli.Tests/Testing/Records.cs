using System.Text.Json.Nodes;

namespace Dbre.Cli.Tests.Testing;

/// <summary>Evidence of nights, as <c>WriteEvidence</c> writes it.</summary>
internal static class Records
{
    /// <summary>A clean-up after a night that left no record.</summary>
    internal static JsonObject CleanUp() => JsonNode.Parse("""
        {
          "automation": "clean-up", "operationId": "clean-up-1", "outcome": "Succeeded", "reason": "1 run had left no record, 1 leftover was removed.",
          "startedAt": "2026-11-22T03:00:00.000Z", "endedAt": "2026-11-22T03:00:10.000Z", "inputs": {}, "steps": [],
          "measured": { "recorded": [ "snapshot-copy-nightly-20261118T030000Z" ], "removed": [ "orders-proof in eu-west-1" ] }
        }
        """)!.AsObject();

    /// <summary>A drill, as <c>WriteDrillEvidence</c> writes it: one database is in order, one would have lost too much, one could not be drilled.</summary>
    internal static JsonObject Drill() => JsonNode.Parse("""
        {
          "automation": "restore-drill",
          "operationId": "restore-drill-nightly-20261121T090000Z",
          "outcome": "Failed",
          "reason": "'orders' would have lost 2.01 h, restored from its log in us-east-1; the policy allows 1 h.",
          "startedAt": "2026-11-21T09:00:00.000Z",
          "endedAt": "2026-11-21T09:30:00.000Z",
          "inputs": { "policy": "nightly" },
          "databases": [
            { "database": "catalog", "kind": "Instance", "engine": "mariadb", "outcome": "Succeeded", "reason": "us-east-1: 'catalog' could be restored.",
              "objective": { "rpoSeconds": 3600, "rtoSeconds": 3600 },
              "restores": [
                { "from": "log", "region": "us-east-1", "to": "2026-11-20T17:04:05.000Z", "as": "dbre-drill-catalog-1a2b3c4d", "outcome": "Succeeded", "reason": "'catalog' could be restored. 1 table with 20000 rows was read in full; nothing was given to compare them with.",
                  "rpoSeconds": 44.5, "rtoSeconds": 540, "rowsExpected": null, "rowsFound": 20000, "checksumsEqual": null, "removed": true, "execution": "dbre-drill-catalog-1a2b3c4d" },
                { "from": "copy", "region": "eu-west-1", "to": "catalog-nightly-20261121t0300z", "as": "dbre-proof-catalog-1a2b3c4d", "outcome": "Succeeded", "reason": "1 table with 20000 rows is equal.",
                  "rpoSeconds": 1800, "rtoSeconds": 420, "rowsExpected": 20000, "rowsFound": 20000, "checksumsEqual": true, "removed": true, "execution": null } ] },
            { "database": "orders", "kind": "Instance", "engine": "postgres", "outcome": "Failed", "reason": "'orders' would have lost 2.01 h, restored from its log in us-east-1; the policy allows 1 h.",
              "objective": { "rpoSeconds": 3600, "rtoSeconds": 3600 },
              "restores": [
                { "from": "log", "region": "us-east-1", "to": "2026-11-19T01:02:03.000Z", "as": "dbre-drill-orders-5e6f7a8b", "outcome": "Succeeded", "reason": "'orders' could be restored. 2 tables with 7000 rows were read in full; nothing was given to compare them with.",
                  "rpoSeconds": 7236, "rtoSeconds": 600, "rowsExpected": null, "rowsFound": 7000, "checksumsEqual": null, "removed": true, "execution": "dbre-drill-orders-5e6f7a8b" },
                { "from": "copy", "region": "eu-west-1", "to": "orders-nightly-20261121t0300z", "as": "dbre-proof-orders-5e6f7a8b", "outcome": "Succeeded", "reason": "2 tables with 6000 rows are equal.",
                  "rpoSeconds": 1800, "rtoSeconds": 300, "rowsExpected": 6000, "rowsFound": 6000, "checksumsEqual": true, "removed": true, "execution": null } ] }
          ],
          "refused": [ { "database": "legacy", "reason": "Database 'legacy' has backups off; its BackupRetentionPeriod must be 1 or more." } ],
          "steps": [
            { "name": "Select the drills", "database": null, "region": null, "startedAt": "2026-11-21T09:00:00.000Z", "endedAt": "2026-11-21T09:00:02.000Z", "attempts": 1 },
            { "name": "Restore it at home", "database": "catalog", "region": null, "startedAt": "2026-11-21T09:00:02.000Z", "endedAt": "2026-11-21T09:12:00.000Z", "attempts": 20 },
            { "name": "Restore the copy", "database": "catalog", "region": null, "startedAt": "2026-11-21T09:12:00.000Z", "endedAt": "2026-11-21T09:18:00.000Z", "attempts": 9 },
            { "name": "Prove the copy", "database": "catalog", "region": null, "startedAt": "2026-11-21T09:18:00.000Z", "endedAt": "2026-11-21T09:19:00.000Z", "attempts": 1 },
            { "name": "Restore it at home", "database": "orders", "region": null, "startedAt": "2026-11-21T09:00:02.000Z", "endedAt": "2026-11-21T09:14:00.000Z", "attempts": 21 },
            { "name": "Restore the copy", "database": "orders", "region": null, "startedAt": "2026-11-21T09:14:00.000Z", "endedAt": "2026-11-21T09:18:00.000Z", "attempts": 8 },
            { "name": "Remove the restored copy", "database": "orders", "region": null, "startedAt": "2026-11-21T09:19:00.000Z", "endedAt": "2026-11-21T09:24:00.000Z", "attempts": 5 }
          ],
          "measured": { "databases": 2, "restores": 4, "proven": 4, "rpoSeconds": 7236, "rtoSeconds": 600, "rowsFound": 53000 }
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
            { "database": "billing", "kind": "Instance", "engine": "postgres", "outcome": "Succeeded", "reason": "eu-west-1: 1 table with 20000 rows is equal.",
              "snapshot": "billing-nightly-202611{{day:00}}t0300z",
              "copies": [ { "region": "eu-west-1", "account": null, "snapshot": "billing-nightly-202611{{day:00}}t0300z", "outcome": "Proven", "reason": "1 table with 20000 rows is equal.",
                "proof": { "proven": true, "reason": "1 table with 20000 rows is equal.", "rowsExpected": 20000, "rowsFound": 20000, "checksumsEqual": true, "tablesCompared": 1, "tablesMoving": 0, "differences": [] } } ],
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
