namespace Dbre.Lab.Services.Rds;

/// <summary>Restores and copies that read the automated backups of one database, in whichever Region: meanwhile neither snapshots nor log are removed.</summary>
internal sealed class BackupReaders
{
    /// <summary>Ends when all that are reading now have ended.</summary>
    internal Task Ended { get; private set; } = Task.CompletedTask;

    internal Func<Task<T>> With<T>(Func<Task<T>> work)
    {
        var ended = new TaskCompletionSource();
        Ended = Task.WhenAll(Ended, ended.Task);
        return async () =>
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            finally
            {
                ended.SetResult();
            }
        };
    }
}
