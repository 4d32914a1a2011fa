using System.Security.Cryptography;

namespace Dbre.Lab.Engines.Servers;

/// <summary>What all servers of one engine share: folders, programs, certificates, the superuser.</summary>
internal abstract class ServerSite(string root, ServerPrograms programs, TimeProvider clock)
{
    /// <summary>The superuser, named as RDS names its own. The master user is none, as on RDS.</summary>
    internal const string AdminUser = "rdsadmin";

    private protected const string TemplateId = "template";

    private const int MostRemovals = 5;

    internal ServerPrograms Programs { get; } = programs;

    internal TimeProvider Clock { get; } = clock;

    internal string AdminPassword { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(18));

    internal string Root { get; } = Path.GetFullPath(root);

    internal string AuthorityFile => Path.Combine(Root, "tls", "ca.pem");

    internal string ServerCertificateFile => Path.Combine(Root, "tls", "server.pem");

    internal string ServerKeyFile => Path.Combine(Root, "tls", "server.key");

    /// <summary>The data that a new database begins with.</summary>
    internal string Template => Path.Combine(DatabaseFolder(TemplateId), "data");

    internal string DatabaseFolder(string id) => Path.Combine(Root, "databases", FileName(id));

    internal string ArchiveFolder(string id) => Path.Combine(Root, "archives", FileName(id));

    internal string SnapshotFolder(string snapshot) => Path.Combine(Root, "snapshots", FileName(snapshot));

    /// <exception cref="EngineException">There is none.</exception>
    internal string ExistingSnapshot(string snapshot)
    {
        var folder = SnapshotFolder(snapshot);
        return Directory.Exists(folder) ? folder : throw new EngineException($"There is no snapshot '{snapshot}'.");
    }

    /// <summary>The folder of a snapshot to replay a log on. Asked for an earlier moment, a server may give that of the snapshot and not say so.</summary>
    /// <exception cref="EngineException">There is none, or it was taken after the time.</exception>
    internal string SnapshotBefore(string snapshot, DateTimeOffset time)
    {
        // What is written last into a snapshot is the list of its checksums.
        var folder = ExistingSnapshot(snapshot);
        return new DateTimeOffset(Directory.GetLastWriteTimeUtc(folder)) is var taken && time < taken
            ? throw new EngineException($"Snapshot '{snapshot}' was taken at {taken:O}; a restore to {time.ToUniversalTime():O} needs an earlier one.")
            : folder;
    }

    /// <summary>The folder for a snapshot to make. What fails removes what it began: so it must not begin on a snapshot that is there.</summary>
    /// <exception cref="EngineException">There is one already.</exception>
    internal string NewSnapshot(string snapshot)
    {
        var folder = SnapshotFolder(snapshot);
        return Directory.Exists(folder) ? throw new EngineException($"There is a snapshot '{snapshot}' already.") : folder;
    }

    internal static void Remove(string folder)
    {
        for (var attempt = 1; Directory.Exists(folder); attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (attempt < MostRemovals)
            {
                // A server or a snapshot that is just ending removes, or makes, files of its own meanwhile.
            }
        }
    }

    /// <summary>Removes all state; the root too when nothing else is in it.</summary>
    internal static void Clear(string root)
    {
        foreach (var part in (string[])["tls", "databases", "snapshots", "archives"])
        {
            Remove(Path.Combine(root, part));
        }

        if (Directory.Exists(root) && !Directory.EnumerateFileSystemEntries(root).Any())
        {
            Directory.Delete(root);
        }
    }

    /// <summary>Makes the folders and certificates, and with <paramref name="secrets"/> what only the servers' user may read.</summary>
    private protected async Task Prepare(Action secrets, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.Combine(Root, "tls"));
        Directory.CreateDirectory(Path.Combine(Root, "snapshots"));
        Directory.CreateDirectory(Path.Combine(Root, "archives"));
        Directory.CreateDirectory(DatabaseFolder(TemplateId));
        CertificateAuthority.Write(AuthorityFile, ServerCertificateFile, ServerKeyFile, Clock.GetUtcNow());
        secrets();
        await Programs.GiveToServerUser(Root, stop).ConfigureAwait(false);
        try
        {
            await Programs.Script("test -w \"$1/databases\"", stop, Root).ConfigureAwait(false);
        }
        catch (EngineException e)
        {
            throw new EngineException($"The folder '{Root}' cannot be written by the user that runs the database servers; choose one that every user can reach.", e);
        }
    }

    // Ids and snapshot names as one file name: '/' and ':' (of automated snapshots) have no place in it.
    private static string FileName(string id) => id.Replace('/', '+').Replace(':', '=');
}
