using Amazon.RDS.Model;
using Dbre.Lab.Engines;

namespace Dbre.Lab.Services.Rds;

/// <content>Renaming. An address belongs to a name: who takes a name is found at its address.</content>
public sealed partial class RdsService
{
    private void Rename(Area area, InstanceRecord record, string wished, bool now)
    {
        RequireNow(now, nameof(ModifyDBInstanceRequest.NewDBInstanceIdentifier));
        record.RequireState("available");
        var id = Identifiers.ForNew(wished, nameof(ModifyDBInstanceRequest.NewDBInstanceIdentifier), Identifiers.Longest);
        if (area.Instances.ContainsKey(id) || area.Instances.Values.Any(i => i.NextId == id))
        {
            throw RdsErrors.InstanceExists(id);
        }

        (record.Status, record.NextId) = ("renaming", id);
        record.Shape.PendingModifiedValues = new PendingModifiedValues { DBInstanceIdentifier = id };
        var (engine, addresses) = (record.Engine, area.Addresses);
        var (old, next) = (addresses.OfInstance(record.Id), addresses.OfInstance(id));
        var (oldAt, wasOpen) = (record.Shape.Endpoint, addresses.Opened(old) is not null);
        var (reopen, known) = (addresses.Opened(next), addresses.PortOf(next));
        DatabaseEndpoint direct = null!;
        record.Work.Then(World, async () =>
        {
            // A name that was somebody's before has an address already, or had one.
            if (reopen is null && known is not null)
            {
                reopen = await engine.OpenEndpoint(next, known, default).ConfigureAwait(false);
            }

            if (wasOpen)
            {
                engine.PointEndpoint(old, null);
                await engine.Reboot(record.ServerId, default).ConfigureAwait(false);
                direct = (await engine.Facts(record.ServerId, default).ConfigureAwait(false)).Endpoint;
            }
            else
            {
                direct = await engine.Readdress(record.ServerId, old, default).ConfigureAwait(false);
            }
        }, () =>
        {
            addresses.Open(old, new DatabaseEndpoint(oldAt.Address, oldAt.Port!.Value));
            if (reopen is not null)
            {
                addresses.Open(next, reopen);
            }

            Rekey(area.Instances, record.Id, id, record);
            (record.Shape.DBInstanceIdentifier, record.Shape.DBInstanceArn, record.NextId) = (id, area.Arn("db", id), null);
            (record.Shape.PendingModifiedValues, record.Status) = (new PendingModifiedValues(), "available");
            SetAddress(area, record, direct);
            record.Cluster?.PointEndpoints();
            Tell(area, EventSource.Of(record), "RDS-EVENT-0006", "DB instance restarted", "availability");
            BeginBackups(area, record);
        }, e =>
        {
            record.NextId = null;
            Break(area, record, "failed", e);
        });
    }

    private void Rename(Area area, ClusterRecord cluster, string wished, bool now)
    {
        RequireNow(now, nameof(ModifyDBClusterRequest.NewDBClusterIdentifier));
        cluster.RequireState("available");
        var id = Identifiers.ForNew(wished, nameof(ModifyDBClusterRequest.NewDBClusterIdentifier), Identifiers.Longest);
        if (area.Clusters.ContainsKey(id) || area.Clusters.Values.Any(c => c.NextId == id))
        {
            throw RdsErrors.ClusterExists(id);
        }

        (cluster.Status, cluster.NextId) = ("renaming", id);
        var (engine, addresses, old) = (cluster.Engine, area.Addresses, cluster.Id);
        var (writerName, readerName) = (addresses.WriterOf(id), addresses.ReaderOf(id));
        var (writer, reader) = (addresses.Opened(writerName), addresses.Opened(readerName));
        var (writerPort, readerPort) = (addresses.PortOf(writerName), addresses.PortOf(readerName));
        cluster.Work.Then(World, async () =>
        {
            writer ??= await engine.OpenEndpoint(writerName, writerPort, default).ConfigureAwait(false);
            reader ??= await engine.OpenEndpoint(readerName, readerPort, default).ConfigureAwait(false);
            if (cluster.Writer is { Status: "available" })
            {
                await engine.Reboot(cluster.Volume, default).ConfigureAwait(false);
            }
        }, () =>
        {
            // The old name keeps its address, which leads nowhere until somebody takes the name.
            engine.PointEndpoint(cluster.WriterEndpoint, null);
            engine.PointEndpoint(cluster.ReaderEndpoint, null);
            (cluster.WriterEndpoint, cluster.ReaderEndpoint) = (writerName, readerName);
            Rekey(area.Clusters, old, id, cluster);
            (cluster.Shape.DBClusterIdentifier, cluster.Shape.DBClusterArn, cluster.NextId, cluster.Status) = (id, area.Arn("cluster", id), null, "available");
            foreach (var member in cluster.Members)
            {
                member.Shape.DBClusterIdentifier = id;
            }

            SetAddresses(area, cluster, writer!, reader!);
            cluster.PointEndpoints();
            Tell(area, EventSource.Of(cluster), "RDS-EVENT-0172", $"Renamed cluster from {old} to {id}", "notification");
        }, e =>
        {
            cluster.NextId = null;
            Break(area, cluster, "available", e);
        });
    }

    /// <summary>Lets clients of the name reach the instance that has it.</summary>
    private static void SetAddress(Area area, InstanceRecord record, DatabaseEndpoint direct)
    {
        var endpoint = area.Addresses.OfInstance(record.Id);
        if (area.Addresses.Opened(endpoint) is { } opened)
        {
            record.Engine.PointEndpoint(endpoint, record.ServerId);
            record.SetEndpoint(opened);
            return;
        }

        area.Addresses.Remember(endpoint, direct.Port);
        record.SetEndpoint(direct);
    }

    /// <summary>On AWS both endpoints have the cluster's port and names of their own; on one loopback address they differ by port.</summary>
    private static void SetAddresses(Area area, ClusterRecord cluster, DatabaseEndpoint writer, DatabaseEndpoint reader)
    {
        area.Addresses.Open(cluster.WriterEndpoint, writer);
        area.Addresses.Open(cluster.ReaderEndpoint, reader);
        (cluster.Shape.Endpoint, cluster.Shape.Port) = (writer.Host, writer.Port);
        cluster.Shape.ReaderEndpoint = $"{reader.Host}:{reader.Port}";
    }

    private static void RequireNow(bool now, string parameter)
    {
        if (!now)
        {
            throw RdsErrors.InvalidCombination($"The lab has no maintenance windows in which {parameter} could take effect: give ApplyImmediately=true.");
        }
    }

    private static void Rekey<T>(SortedDictionary<string, T> records, string old, string id, T record)
    {
        records.Remove(old);
        records.Add(id, record);
    }
}
