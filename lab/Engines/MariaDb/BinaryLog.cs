using System.Buffers.Binary;
using System.Globalization;

namespace Dbre.Lab.Engines.MariaDb;

/// <summary>A part of a binary log: from a place in its first file to one in its last. No files: nothing is to be replayed.</summary>
/// <param name="Follows">The snapshot's last transaction is in this log, or it has none.</param>
internal sealed record LogPart(IReadOnlyList<string> Files, long Start, long End, bool Follows);

/// <summary>
/// Reads which transactions a server's binary log has, and when they ended. The layout is MariaDB's documented one: each event has a header of
/// 19 bytes (time in seconds, type, server, length), and each transaction begins with a GTID event.
/// </summary>
internal static class BinaryLog
{
    /// <summary>What the files are called before their number.</summary>
    internal const string Name = "binlog";

    private const int Magic = 4, Header = 19, GtidBody = 12;
    private const byte Gtid = 162, Rotate = 4, Stop = 3, GtidList = 163, Checkpoint = 161, Format = 15;

    /// <summary>What to replay on a snapshot to be where the server was at a time.</summary>
    /// <param name="folder">The server's log files; nothing writes those that matter any more.</param>
    /// <param name="taken">The snapshot's last transaction: <c>0-20001-7</c>; empty for none.</param>
    internal static LogPart Until(string folder, string taken, DateTimeOffset time)
    {
        var seen = taken.Length == 0;
        var files = new List<string>();
        long start = 0, end = 0, limit = time.ToUnixTimeSeconds();
        foreach (var transaction in Transactions(folder))
        {
            if (!seen)
            {
                seen = transaction.Id == taken;
                continue;
            }

            // Only what stands before the first that is too late is in: times in a log need not grow, its order is that of the commits.
            if (transaction.EndedAt >= limit)
            {
                break;
            }

            if (files.Count == 0)
            {
                start = transaction.Start;
            }

            if (files.LastOrDefault() != transaction.File)
            {
                files.Add(transaction.File);
            }

            end = transaction.End;
        }

        return new LogPart(files, start, end, seen);
    }

    private static IEnumerable<Transaction> Transactions(string folder) => Directory.EnumerateFiles(folder, Name + ".*")
        .Where(f => Path.GetExtension(f).AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0)
        .OrderBy(f => long.Parse(Path.GetExtension(f).AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture))
        .SelectMany(InFile);

    // A transaction reaches from its GTID event to the next, or to what the server writes between transactions.
    private static IEnumerable<Transaction> InFile(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        Transaction? current = null;
        var head = new byte[Header + GtidBody];
        for (long at = Magic; ; )
        {
            stream.Position = at;
            var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            var length = read < Header ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(9));
            if (length < Header || at + length > stream.Length)
            {
                break;
            }

            var type = head[4];
            if (type is Gtid or Rotate or Stop or GtidList or Checkpoint or Format && current is not null)
            {
                yield return current;
                current = null;
            }

            var when = BinaryPrimitives.ReadUInt32LittleEndian(head);
            if (type == Gtid)
            {
                var id = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(Header + 8))}-{BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(5))}-{BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(Header))}");
                current = new Transaction(file, id, at, at + length, when);
            }
            else if (current is not null)
            {
                current = current with { End = at + length, EndedAt = when };
            }

            at += length;
        }

        if (current is not null)
        {
            yield return current;
        }
    }

    private sealed record Transaction(string File, string Id, long Start, long End, long EndedAt);
}
